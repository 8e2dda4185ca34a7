import { type ByteReader, byteReader } from '../byte-reader.ts'
import type { Medium, Part, Reading, Shortage } from '../reading.ts'
import type { FileSystem } from './disk-facts.ts'
import { readLvmMembers } from './lvm.ts'
import { mdRaidAt, mdRaidMembers } from './md-raid.ts'
import { btrfsMembers, farBytes, farFileSystem, nearBytes, nearFileSystem } from './superblocks.ts'

/** What a volume holds. */
export interface VolumeFacts {
  /** Absent for what is not known, and for what could not be read. */
  readonly fileSystem?: FileSystem | undefined
  /** How many devices belong together: the volumes of the LVM group, the members of the RAID, the devices of a btrfs. */
  readonly members?: number | undefined
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
    return { fileSystem: found, ...(members !== undefined && { members }) }
  }
  if (near.short !== undefined) return missingOf(near)
  const far = yield* volume.read(nearBytes, farBytes - nearBytes)
  const reader = byteReader(joined(near.bytes, far.bytes))
  const fileSystem = farFileSystem(reader)
  if (fileSystem === undefined) return missingOf(far)
  const members = fileSystem === 'btrfs' ? btrfsMembers(reader) : undefined
  return { fileSystem, ...(members !== undefined && { members }) }
}

const missingOf = ({ short }: Part): VolumeFacts => (short === undefined || short === 'end' ? {} : { missing: short })

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
