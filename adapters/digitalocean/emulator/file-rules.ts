import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import { type DiskImageFacts, readDiskImage } from '../../../src/inspect/disk-image.ts'
import type { Settings } from './settings.ts'

/**
 * The provider's own words for a file that cannot be decompressed, an archive of several files among them.
 * [EX:real.import-error-messages; I:digitalocean/terraform-provider-digitalocean#613]
 */
const decompressionFailure =
  'We had a problem decompressing your file. This typically happens if the archive is corrupt or contains multiple files. ' +
  'Please try decompressing the file locally and uploading the uncompressed image, or recompressing using gzip or bzip2.'

// Only "We don't support the" is the provider's, the rest of that text was cut off; the other texts here are this
// emulator's, since no source shows them. [I:digitalocean/doctl#671]
const unsupported = (what: string): string =>
  `We don't support the ${what}. Please use a raw, qcow2, vhdx, vdi or vmdk image, compressed using gzip or bzip2 or not at all.`

/** What the importer makes of a file. */
export type Verdict =
  | { readonly ok: true /** How large a disk it needs, in bytes. */; readonly diskBytes: number }
  | { readonly ok: false; readonly error: string }

const refuse = (error: string): Verdict => ({ ok: false, error })

/** Seen working: .img .raw .qcow .qcow2 .bin, and these with .gz or .bz2; the others by their formats. [facts 6] */
const knownName = /\.(img|raw|bin|qcow|qcow2|vhdx|vdi|vmdk)(\.gz|\.bz2)?$/i

/**
 * What is wrong with the URL: the name that its path ends in has an extension that is not known, or it has a query, which made an
 * import fail in 2020 and does not today. [I:nanovms/ops#468; NV 4c11649 #1723]
 */
export const nameProblem = (
  url: string,
  { fileName, urlQuery }: Pick<Settings, 'fileName' | 'urlQuery'>,
): string | undefined => {
  const { pathname, search } = new URL(url)
  const isKnown = fileName === 'ignored' || knownName.test(pathname)
  return isKnown && (urlQuery === 'accepted' || search === '') ? undefined : unsupported('file extension of this image')
}

/** "Smaller than 100 GB after being decompressed." [O:images_create_custom.yml] */
const diskLimit = 100e9

/** How much a file may unpack to here, in bytes: this emulator takes files apart in memory. */
const unpackLimit = 1024 ** 3

const unpack = async (bytes: Uint8Array): Promise<Uint8Array | undefined> => {
  try {
    return await promisify(gunzip)(bytes, { maxOutputLength: unpackLimit })
  } catch {
    return undefined
  }
}

const accepted: readonly unknown[] = ['raw', 'qcow2', 'vhdx', 'vdi', 'vmdk']

const judgeDisk = (facts: DiskImageFacts, length: number): Verdict => {
  if (facts.html === true) return refuse(unsupported('file, which is a web page'))
  if (facts.compression !== undefined) return refuse(unsupported(`compression ${facts.compression} here`))
  if (facts.archive !== undefined) return refuse(unsupported(`archive format ${facts.archive}`))
  // A disk without partition table is no format at all by its bytes. [TF:docs/resources/custom_image.md]
  if (facts.format === undefined)
    return refuse('The image is of no known format, or a raw image without partition table.')
  if (!accepted.includes(facts.format)) return refuse(unsupported(`image format ${facts.format}`))
  if (facts.truncated) return refuse(`The ${facts.format} image is incomplete.`)
  const diskBytes = facts.virtualBytes ?? length
  return diskBytes < diskLimit ? { ok: true, diskBytes } : refuse('The image is larger than 100 GB.')
}

/**
 * Judges a file by its bytes: one of five formats, alone or compressed by gzip or bzip2, one file, whole; neither ISO nor VHD.
 * What is in a bzip2 file is not looked at, so it passes, with its own length as that of its disk. [facts 6]
 */
export const judgeFile = async (bytes: Uint8Array): Promise<Verdict> => {
  const facts = readDiskImage(bytes)
  if (facts.compression === 'bzip2') return { ok: true, diskBytes: bytes.length }
  if (facts.compression !== 'gzip') return judgeDisk(facts, bytes.length)
  const inside = await unpack(bytes)
  if (inside === undefined) return refuse(decompressionFailure)
  const insideFacts = readDiskImage(inside)
  return insideFacts.archive === undefined ? judgeDisk(insideFacts, inside.length) : refuse(decompressionFailure)
}
