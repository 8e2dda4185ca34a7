import type { ImageFacts } from '../facts.ts'
import { encryptedSystems } from '../guest/encrypted.ts'
import { inferred, mayHoldSystem, type Rule, sourceOf, targetOf } from './rule.ts'
import { shownList } from './shown.ts'

const encryptedDisk: Rule = ({ conclusions: { encrypted } }) =>
  encrypted?.value === true
    ? [
        {
          code: 'encrypted-disk',
          severity: 'likely-fails',
          message: 'The disk is encrypted, and nobody is there to type its passphrase when a server starts',
          evidence: shownList(encrypted.evidence),
          remedy: 'Make the image without encryption, or let the system unlock its disk by itself',
          source: inferred,
        },
      ]
    : []

const perhapsEncrypted = ({ conclusions, disk }: ImageFacts): readonly string[] =>
  conclusions.encrypted !== undefined || disk === undefined
    ? []
    : encryptedSystems(disk).map(({ number, fileSystem }) => `partition ${number} holds ${fileSystem}`)

const perhapsEncryptedDisk: Rule = (facts) => {
  const encrypted = perhapsEncrypted(facts)
  return encrypted.length === 0
    ? []
    : [
        {
          code: 'encrypted-disk',
          severity: 'unknown',
          message: 'The disk is encrypted in part, and whether the system is in that part cannot be seen',
          evidence: shownList(encrypted),
          source: inferred,
        },
      ]
}

const multipleDisks: Rule = ({ conclusions: { multipleDisks: several } }) =>
  several?.value === true
    ? [
        {
          code: 'multiple-disks',
          severity: 'likely-fails',
          message: 'The disk is one of several that belong together, and an image is one disk',
          evidence: shownList(several.evidence),
          remedy: 'Move everything to one disk before the image is made',
          source: inferred,
        },
      ]
    : []

const guestAgent: Rule = (facts, capabilities, intended) => {
  const { agents = [], furtherNeeds = [] } = capabilities.import.guest ?? {}
  if (!mayHoldSystem(facts) || (agents.length === 0 && furtherNeeds.length === 0)) return []
  const needed = [...(agents.length === 0 ? [] : [agents.join(' or ')]), ...furtherNeeds].join('; ')
  return [
    {
      code: 'guest-agent',
      severity: 'unknown',
      message: `${targetOf(intended)} expects in the image: ${needed}`,
      evidence: 'What is installed cannot be seen from outside',
      source: sourceOf(capabilities, 'agents'),
    },
  ]
}

/** What there is to say of the system on the disk, whatever server it is for. */
export const guestRules: readonly Rule[] = [encryptedDisk, perhapsEncryptedDisk, multipleDisks, guestAgent]
