import { type ByteReader, byteReader } from '../byte-reader.ts'
import type { Medium, Part, Reading, Shortage } from '../reading.ts'
import type { FileSystem } from './disk-facts.ts'
import { fileSystemBytes } from './file-system-bytes.ts'
import { readLvmMembers } from './lvm.ts'
import { mdRaidAt, mdRaidMembers } from './md-raid.ts'
import { btrfsMembers, farBytes, farFileSystem, nearBytes, nearFileSystem } from './superblocks.ts'

/** Less than this holds no file system, whatever stands in it. */
const leastBlankBytes = 4096

/** What a volume holds. */
export interface VolumeFacts {
  /** Absent for what is not known, and for what could not be read. */
  readonly fileSystem?: FileSystem | undefined
  /** How many devices belong together: the volumes of the LVM group, the members of the RAID, the devices of a btrfs. */
  readonly members?: number | undefined
  /** How long the volume must be by the superblock, in bytes; absent where that tells nothing of it. */
  readonly wantedBytes?: number | undefined
  /** Nothing but zeros as far as it was read, which is as far as anything known begins. */
  readonly blank?: true | undefined
  /** Why the beginning could not be read far enough to say that nothing known is there. */
  readonly missing?: Exclude<Shortage, 'end'> | undefined
}

/**
 * What a volume holds, by its superblock: one wish, and another where the first finds nothing, since btrfs and others begin further inside.
 */
export function* readFileSystem(volume: Medium): Reading<VolumeFacts> {
  const near = yield* volume.read(0, nearBytes)
  const beginning = byteReader(near.bytes)
  const found = nearFileSystem(beginning)
  if (found !== undefined) {
    const members = yield* readMembers(volume, found, beginning)
    return { fileSystem: found, ...wanted(found, beginning), ...(members !== undefined && { members }) }
  }
  if (near.short !== undefined) return nothingIn(near.bytes, near)
  const far = yield* volume.read(nearBytes, farBytes - nearBytes)
  const bytes = joined(near.bytes, far.bytes)
  const reader = byteReader(bytes)
  const fileSystem = farFileSystem(reader)
  if (fileSystem === undefined) return nothingIn(bytes, far)
  const members = fileSystem === 'btrfs' ? btrfsMembers(reader) : undefined
  return { fileSystem, ...wanted(fileSystem, reader), ...(members !== undefined && { members }) }
}

const wanted = (fileSystem: FileSystem, reader: ByteReader): Pick<VolumeFacts, 'wantedBytes'> => {
  const wantedBytes = fileSystemBytes(fileSystem, reader)
  return wantedBytes === undefined ? {} : { wantedBytes }
}

const isBlank = (bytes: Uint8Array): boolean => bytes.length >= leastBlankBytes && bytes.every((byte) => byte === 0)

const nothingIn = (bytes: Uint8Array, { short }: Part): VolumeFacts => {
  if (short !== undefined && short !== 'end') return { missing: short }
  return isBlank(bytes) ? { blank: true } : {}
}

const joined = (first: Uint8Array, second: Uint8Array): Uint8Array => {
  const bytes = new Uint8Array(first.length + second.length)
  bytes.set(first)
  bytes.set(second, first.length)
  return bytes
}

function* readMembers(volume: Medium, found: FileSystem, beginning: ByteReader): Reading<number | undefined> {
  if (found === 'lvm') return yield* readLvmMembers(volume, beginning)
  const at = found === 'md-raid' ? mdRaidAt(beginning) : undefined
  return at === undefined ? undefined : mdRaidMembers(beginning, at)
}
