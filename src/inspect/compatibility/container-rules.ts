import type { ImportCapabilities } from '../../store/capabilities.ts'
import type { ImageFacts } from '../facts.ts'
import type { ContainerFeatures } from '../formats/container.ts'
import type { Finding } from './finding.ts'
import { toDecrypt, toFlatten, toRepair } from './remedy.ts'
import { inferred, kindOf, type Rule } from './rule.ts'
import { shown, shownList } from './shown.ts'

type Found = Omit<Finding, 'source'>

type FeatureRule = (features: ContainerFeatures, facts: ImageFacts, taken: ImportCapabilities) => Found | undefined

const named = (what: string, name: string | undefined): string =>
  name === undefined || name === '' ? what : `${what}: ${shown(name)}`

const backingFile: FeatureRule = ({ backingFile: name }, facts, taken) =>
  name === undefined && facts.variant !== 'differencing'
    ? undefined
    : {
        code: 'backing-file',
        severity: 'blocks',
        message: 'It is a layer over another file, which an importer does not have',
        evidence: named(`${kindOf(facts)} with a backing file`, name),
        remedy: toFlatten(facts, taken),
      }

const dataFile: FeatureRule = ({ dataFile: name }, facts, taken) =>
  name === undefined
    ? undefined
    : {
        code: 'data-file',
        severity: 'blocks',
        message: 'Its data lies in another file, which an importer does not have',
        evidence: named(`${kindOf(facts)} with an external data file`, name),
        remedy: toFlatten(facts, taken),
      }

const severalFiles: FeatureRule = ({ furtherFiles = [] }, facts, taken) => {
  const { variant } = facts
  if (furtherFiles.length === 0 && variant !== 'descriptor' && variant !== 'split-extent') return undefined
  const isPart = variant === 'split-extent' && furtherFiles.length === 0
  return {
    code: 'several-files',
    severity: 'blocks',
    message: 'The disk lies in several files, and an importer fetches one',
    evidence: furtherFiles.length === 0 ? `${kindOf(facts)}, ${variant}` : `further files: ${shownList(furtherFiles)}`,
    remedy: isPart
      ? 'Convert the file that describes the disk, with the parts beside it: qemu-img convert'
      : toFlatten(facts, taken),
  }
}

const encryptedFormat: FeatureRule = ({ encryption }, facts) =>
  encryption === undefined
    ? undefined
    : {
        code: 'encrypted-format',
        severity: 'blocks',
        message: 'Its contents are encrypted, and an importer has no key',
        evidence: `${kindOf(facts)}, encrypted by ${shown(encryption)}`,
        remedy: toDecrypt(facts),
      }

const internalSnapshots: FeatureRule = ({ snapshots = 0 }, facts, taken) =>
  snapshots > 0
    ? {
        code: 'internal-snapshots',
        severity: 'likely-fails',
        message: 'It has snapshots inside: careful importers refuse it, others keep the current state only',
        evidence: `${kindOf(facts)} with ${snapshots} ${snapshots === 1 ? 'snapshot' : 'snapshots'}`,
        remedy: toFlatten(facts, taken),
      }
    : undefined

const dirty: FeatureRule = (features, facts, taken) =>
  features.dirty === true
    ? {
        code: 'dirty',
        severity: 'likely-fails',
        message: 'It was not closed properly, and is in order only when that is made up for',
        evidence: `${kindOf(facts)}, marked as in use`,
        remedy: toRepair(facts) ?? toFlatten(facts, taken),
      }
    : undefined

const corrupt: FeatureRule = (features, facts) =>
  features.corrupt === true
    ? {
        code: 'corrupt',
        severity: 'blocks',
        message: 'The image itself says that it is corrupt',
        evidence: `${kindOf(facts)}, marked as corrupt`,
        remedy: toRepair(facts),
      }
    : undefined

const damaged: FeatureRule = ({ damage = [] }, facts) =>
  damage.length === 0
    ? undefined
    : {
        code: 'corrupt',
        severity: 'blocks',
        message: 'Its headers contradict the format or themselves, and what reads it refuses it',
        evidence: `${kindOf(facts)} with ${shownList(damage)}`,
        remedy: 'Make it anew from the disk that it was made from',
      }

const unsupported: FeatureRule = ({ unsupported: features = [] }, facts) =>
  features.length === 0
    ? undefined
    : {
        code: 'unknown-features',
        severity: 'likely-fails',
        message: 'The format allows it, but qemu-img does not open it, by which importers mostly read',
        evidence: `${kindOf(facts)} with ${shownList(features)}`,
        remedy: 'Convert it with the program that made it',
      }

const unknownFeatures: FeatureRule = ({ unknownFeatures: features = [] }, facts) =>
  features.length === 0
    ? undefined
    : {
        code: 'unknown-features',
        severity: 'blocks',
        message: 'It needs a reader that knows features which are not known here',
        evidence: `${kindOf(facts)} with ${shownList(features)}`,
        remedy: 'Convert it with the program that made it',
      }

const asRule =
  (rule: FeatureRule): Rule =>
  (facts, capabilities) => {
    const found = rule(facts.features, facts, capabilities.import)
    return found === undefined ? [] : [{ ...found, source: inferred }]
  }

/** What there is to say of what the format holds beside a plain disk: what importers and careful services refuse everywhere. */
export const containerRules: readonly Rule[] = [
  corrupt,
  damaged,
  unknownFeatures,
  unsupported,
  backingFile,
  dataFile,
  severalFiles,
  encryptedFormat,
  internalSnapshots,
  dirty,
].map(asRule)
