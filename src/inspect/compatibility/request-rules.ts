import type { Capabilities } from '../../store/capabilities.ts'
import { exactAmount } from './amount.ts'
import type { Finding, IntendedImport } from './finding.ts'
import { matches } from './name-rules.ts'
import { toGrow } from './remedy.ts'
import { inferred, type Rule, sourceOf, targetOf } from './rule.ts'
import { shown } from './shown.ts'

const name: Rule = (_, capabilities, intended) => {
  if (intended.name === undefined) return []
  const { pattern, rule } = capabilities.names
  const isBlank = intended.name.trim() === ''
  if (!isBlank && (pattern === undefined || matches(pattern, intended.name) !== false)) return []
  const wanted = rule ?? (pattern === undefined ? 'any text that is not blank' : `a text that matches ${pattern}`)
  return [
    {
      code: 'name',
      severity: 'blocks',
      message: `${targetOf(intended)} does not take the name`,
      evidence: isBlank ? 'The name is empty' : `The name is ${shown(intended.name)}`,
      remedy: `Give the image a name of ${wanted}`,
      source: sourceOf(capabilities, 'names'),
    },
  ]
}

const askLater = 'Ask for a disk of that size where a server is made from the image'

const minimumDisk: Rule = (facts, capabilities, { minimumDiskBytes: wanted, ...intended }) => {
  if (wanted === undefined) return []
  const { minimumDisk: least } = capabilities.import
  if (least === 'from-image' && facts.virtualBytes !== undefined && facts.virtualBytes >= wanted) return []
  return [
    {
      code: 'minimum-disk',
      severity: least === undefined ? 'unknown' : 'loses',
      message: `${targetOf(intended)} takes no minimum disk with an import`,
      evidence:
        `wanted: ${exactAmount(wanted)}` +
        (facts.virtualBytes === undefined ? '' : `, the image's own disk: ${exactAmount(facts.virtualBytes)}`),
      remedy:
        least === 'from-image' && facts.virtualBytes !== undefined ? (toGrow(facts, wanted) ?? askLater) : askLater,
      source: sourceOf(capabilities, 'minimumDisk'),
    },
  ]
}

type AskedField = 'os' | 'architecture' | 'firmware' | 'gpu' | 'bareMetal'

const asked = ['os', 'architecture', 'firmware', 'gpu', 'bareMetal'] as const

const isLost = (field: AskedField, { import: { fields, guest } }: Capabilities, intended: IntendedImport): boolean => {
  const value = intended[field]
  if (value === undefined || value === false || fields.includes(field)) return false
  // What every server has need not be kept. What none has is refused by its own rule.
  return field !== 'architecture' || guest?.architectures === undefined
}

const fields: Rule = (_, capabilities, intended) =>
  asked
    .filter((field) => isLost(field, capabilities, intended))
    .map(
      (field): Finding => ({
        code: 'field',
        severity: field === 'bareMetal' ? 'blocks' : 'loses',
        message:
          field === 'bareMetal'
            ? `${targetOf(intended)} makes no images for bare-metal servers`
            : `${targetOf(intended)} keeps no ${field} of an import`,
        evidence: `The import has ${field}`,
        remedy: field === 'bareMetal' ? undefined : `Leave ${field} out, or import it with onLoss: 'accept'`,
        source: inferred,
      }),
    )

/** What there is to say of the import that is meant. */
export const requestRules: readonly Rule[] = [name, minimumDisk, fields]
