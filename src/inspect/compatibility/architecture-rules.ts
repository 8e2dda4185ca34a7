import { toSet } from './remedy.ts'
import { isNoImage, mayHoldSystem, type Rule, sourceOf, targetOf, targetWithin } from './rule.ts'
import { shown, shownList } from './shown.ts'

const architectureOffer: Rule = (facts, capabilities, intended) => {
  const { architecture, firmware } = facts.conclusions
  const possible = capabilities.import.guest?.architectures
  if (possible === undefined || isNoImage(facts)) return []
  const message = `${targetOf(intended)} runs ${possible.join(' and ')} only`
  const base = { code: 'architecture', message, source: sourceOf(capabilities, 'architectures') } as const
  if (architecture !== undefined && !possible.includes(architecture.value)) {
    const evidence = `the disk is for ${shown(architecture.value)}: ${shownList(architecture.evidence)}`
    return [{ ...base, severity: 'blocks', evidence }]
  }
  if (intended.architecture !== undefined && !possible.includes(intended.architecture)) {
    return [{ ...base, severity: 'blocks', evidence: `The import asks for ${shown(intended.architecture)}` }]
  }
  // What starts by a BIOS is for the processors that have one.
  const hasBios = firmware?.value === 'bios' || firmware?.value === 'both'
  return architecture !== undefined || hasBios || facts.disk === undefined || !mayHoldSystem(facts)
    ? []
    : [{ ...base, severity: 'unknown', evidence: 'For which processor the disk is could not be seen' }]
}

const architectureChoice: Rule = (facts, capabilities, intended) => {
  const { architecture } = facts.conclusions
  if (architecture === undefined || architectureOffer(facts, capabilities, intended).length > 0) return []
  const { fields, defaults, guest } = capabilities.import
  const canBeSet = fields.includes('architecture')
  const coming = (canBeSet ? intended.architecture : undefined) ?? defaults?.architecture ?? guest?.architectures?.[0]
  if (architecture.value === (coming ?? 'x86_64')) return []
  return [
    {
      code: 'architecture',
      severity: coming === undefined ? 'unknown' : 'likely-fails',
      message:
        coming === undefined
          ? `The image is for ${shown(architecture.value)}, and no source says whether ${targetWithin(intended)} has such servers`
          : `The image is for ${shown(architecture.value)}, and would be taken for one of ${shown(coming)}`,
      evidence: shownList(architecture.evidence),
      ...(canBeSet ? { remedy: toSet('architecture', shown(architecture.value)) } : {}),
      source: sourceOf(capabilities, intended.architecture === undefined ? 'defaults' : 'architectures'),
    },
  ]
}

/** What there is to say of the processor that the image is for. */
export const architectureRules: readonly Rule[] = [architectureOffer, architectureChoice]
