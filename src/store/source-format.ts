import type { Compression, DiskFormat } from '../model/disk-format.ts'

/** What the name of a file says about the file. What it does not say is absent. */
export interface SourceFormat {
  readonly format?: DiskFormat | undefined
  readonly compression?: Compression | undefined
  /** The sort of archive, of which no importer takes any: it fetches one file. */
  readonly archive?: 'tar' | 'zip' | '7z' | 'rar' | undefined
}

/** Extensions of disk images. `img` and `bin` are not among them: raw images have them as well as qcow2 ones. */
const formats: ReadonlyMap<string, DiskFormat> = new Map([
  ['raw', 'raw'],
  ['qcow', 'qcow2'],
  ['qcow2', 'qcow2'],
  ['vhd', 'vhd'],
  ['vhdx', 'vhdx'],
  ['vdi', 'vdi'],
  ['vmdk', 'vmdk'],
  ['ploop', 'ploop'],
  ['iso', 'iso'],
  ['ami', 'ami'],
  ['ari', 'ari'],
  ['aki', 'aki'],
])

const compressions: ReadonlyMap<string, Compression> = new Map([
  ['gz', 'gzip'],
  ['gzip', 'gzip'],
  ['bz2', 'bzip2'],
  ['xz', 'xz'],
  ['zst', 'zstd'],
])

const archives: ReadonlyMap<string, SourceFormat> = new Map([
  ['tar', { archive: 'tar' }],
  // An appliance is a tar archive of a description and its disks.
  ['ova', { archive: 'tar' }],
  ['tgz', { archive: 'tar', compression: 'gzip' }],
  ['tbz2', { archive: 'tar', compression: 'bzip2' }],
  ['txz', { archive: 'tar', compression: 'xz' }],
  ['zip', { archive: 'zip' }],
  ['7z', { archive: '7z' }],
  ['rar', { archive: 'rar' }],
])

const fileName = (url: string): string => (URL.canParse(url) ? (new URL(url).pathname.split('/').at(-1) ?? '') : '')

const inner = (extension: string): SourceFormat => {
  const format = formats.get(extension)
  return archives.get(extension) ?? (format === undefined ? {} : { format })
}

/**
 * What the file name at the end of a URL's path says, in any capitals: `disk.qcow2.gz` is a qcow2 image in gzip. A name without
 * an extension, or with one that is not known, says nothing, and neither does a text that is no URL. Query and fragment do
 * not count. Total.
 */
export const sourceFormatOf = (url: string): SourceFormat => {
  const [last = '', before = ''] = fileName(url).toLowerCase().split('.').slice(1).reverse()
  const compression = compressions.get(last)
  return compression === undefined ? inner(last) : { ...inner(before), compression }
}
