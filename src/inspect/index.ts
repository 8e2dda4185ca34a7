/**
 * Looks at an image before it is imported: what the file is, what is on its disk, and what a provider will say to it, in seconds
 * instead of after the twenty minutes that an import takes to fail.
 */

export type { Compression, DiskFormat } from '../model/disk-format.ts'
export { checkCompatibility } from './compatibility/check.ts'
export type {
  Compatibility,
  Finding,
  FindingCode,
  IntendedImport,
  Severity,
  Verdict,
} from './compatibility/finding.ts'
export type { Cost, FileSource, FullPass, HeadFacts, Hop, ImageFacts, UrlSource } from './facts.ts'
export type { ContainerFeatures, FormatVariant } from './formats/container.ts'
export type {
  Conclusion,
  Conclusions,
  DiskFacts,
  FileSystem,
  Partition,
  PartitionPurpose,
  UnreadPart,
} from './guest/disk-facts.ts'
export { inspect, inspectTask } from './inspect.ts'
export { InspectError, type InspectErrorDetails, type InspectErrorKind, isInspectError } from './inspect-error.ts'
export type { NotKnown } from './not-known.ts'
export type { FullPassOptions, InspectOptions } from './options.ts'
export type { FullPassProgress } from './source/image-source.ts'
