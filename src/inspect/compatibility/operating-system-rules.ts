import { distributionFamily, distributionName } from '../../model/operating-system.ts'
import type { DiskFacts } from '../guest/disk-facts.ts'
import { hintsOfSeveral } from '../guest/os-family.ts'
import type { IntendedImport } from './finding.ts'
import { isNoImage, mayHoldSystem, type Rule, sourceOf, targetOf } from './rule.ts'
import { shown, shownList } from './shown.ts'

const names: ReadonlyMap<string, string> = new Map([
  ['linux', 'Linux'],
  ['windows', 'Windows'],
  ['bsd', 'BSD'],
])

const nameOf = (family: string): string => names.get(family) ?? shown(family)

const toldFamily = ({ os }: IntendedImport): string | undefined =>
  os?.family ?? distributionFamily(distributionName(os?.distribution))

const whyUnknown = (disk: DiskFacts): string => {
  const several = hintsOfSeveral(disk)
  return several.length === 0
    ? 'Which operating system the disk holds could not be seen'
    : `Which of several operating systems starts could not be seen: ${shownList(several)}`
}

const familyOffer: Rule = (facts, capabilities, intended) => {
  const possible = capabilities.import.guest?.families
  const { osFamily } = facts.conclusions
  if (possible === undefined || isNoImage(facts)) return []
  const message = `${targetOf(intended)} takes images of ${possible.map(nameOf).join(' and ')} only`
  const base = { code: 'operating-system', message, source: sourceOf(capabilities, 'families') } as const
  const told = toldFamily(intended)
  if (osFamily !== undefined && !possible.includes(osFamily.value)) {
    const evidence = `the disk holds ${nameOf(osFamily.value)}: ${shownList(osFamily.evidence)}`
    return [{ ...base, severity: 'blocks', evidence }]
  }
  if (told !== undefined && !possible.includes(told)) {
    return [{ ...base, severity: 'blocks', evidence: `The import calls it ${nameOf(told)}` }]
  }
  return osFamily !== undefined || facts.disk === undefined || !mayHoldSystem(facts)
    ? []
    : [{ ...base, severity: 'unknown', evidence: whyUnknown(facts.disk) }]
}

const familyChoice: Rule = (facts, capabilities, intended) => {
  const { osFamily } = facts.conclusions
  if (osFamily === undefined || familyOffer(facts, capabilities, intended).length > 0) return []
  const { defaults, guest, fields } = capabilities.import
  const coming = toldFamily(intended) ?? defaults?.osFamily
  if (coming === undefined || coming === osFamily.value) return []
  const canBeTold = fields.includes('os') && guest?.toldFamilies?.includes(osFamily.value) !== false
  return [
    {
      code: 'operating-system',
      severity: 'loses',
      message: `The image holds ${nameOf(osFamily.value)}, and would be taken for ${nameOf(coming)}`,
      evidence: shownList(osFamily.evidence),
      ...(canBeTold ? { remedy: `Import it with os: { family: '${osFamily.value}' }` } : {}),
      source: sourceOf(capabilities, canBeTold ? 'defaults' : 'toldFamilies'),
    },
  ]
}

/** What there is to say of the operating system in the image. */
export const operatingSystemRules: readonly Rule[] = [familyOffer, familyChoice]
