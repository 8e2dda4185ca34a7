import type { Compression, DiskFormat } from '../model/disk-format.ts'
import type { ImportCapabilities } from './capabilities.ts'

/** Whether an importer takes something: `uncertain` where its sources disagree or say nothing. */
export type Taken = 'yes' | 'uncertain' | 'no'

const standing = <A>(value: A, certain: readonly A[], uncertain: readonly A[]): Taken => {
  if (certain.includes(value)) return 'yes'
  return uncertain.includes(value) ? 'uncertain' : 'no'
}

/** Whether files of that format are taken. */
export const takesFormat = (format: DiskFormat, { formats, uncertainFormats }: ImportCapabilities): Taken =>
  standing(format, formats, uncertainFormats)

/** Whether files in that compression are taken. */
export const takesCompression = (
  compression: Compression,
  { compressions, uncertainCompressions }: ImportCapabilities,
): Taken => standing(compression, compressions, uncertainCompressions)

/** The format to convert to, where another one is not taken: qcow2 where it may be. Absent where nothing is taken. */
export const formatToConvertTo = ({ formats }: ImportCapabilities): DiskFormat | undefined =>
  formats.includes('qcow2') ? 'qcow2' : formats[0]

const listed = (words: readonly string[]): string => (words.length === 0 ? 'none' : words.join(', '))

/** Says that a format is not taken, and which are. */
export const formatRefusal = (
  provider: string,
  format: DiskFormat,
  { formats, uncertainFormats }: ImportCapabilities,
): string => `${provider} imports ${listed([...formats, ...uncertainFormats])}, not ${format}`

/** Says that a compression is not taken, and which are. */
export const compressionRefusal = (
  provider: string,
  compression: Compression,
  { compressions, uncertainCompressions }: ImportCapabilities,
): string =>
  `${provider} takes files compressed by ${listed([...compressions, ...uncertainCompressions])}, not by ${compression}`

/** Says that archives are not taken. */
export const archiveRefusal = (provider: string, archive: string): string =>
  `${provider} imports one disk image, not an archive (${archive})`

/** What to do with an image that is no disk to start from, but a medium to install from. */
export const installFirst = 'Install from it into a disk, and import that disk'
