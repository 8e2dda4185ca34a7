import type { ByteReader } from '../byte-reader.ts'
import type { FileSystem } from './disk-facts.ts'
import { extOf } from './ext.ts'
import { fatLayout } from './fat.ts'
import { lvmLabelAt } from './lvm.ts'
import { mdRaidAt } from './md-raid.ts'

/** The first bytes of a volume, in which most file systems have their superblock. */
export const nearBytes = 8192

/** Where the others have theirs: the last is btrfs's, at 64 KiB. In bytes. */
export const farBytes = 65_536 + 4096

const kibibyte = 1024

const isSwap = (reader: ByteReader, pageBytes: number): boolean =>
  reader.has(pageBytes - 10, 'SWAPSPACE2') || reader.has(pageBytes - 10, 'SWAP-SPACE')

/** What has its superblock in the first {@link nearBytes}. What is around a file system comes before what an older one has left behind. */
export const nearFileSystem = (reader: ByteReader): FileSystem | undefined => {
  if (reader.has(0, 'LUKS\xba\xbe')) return 'luks'
  if (lvmLabelAt(reader) !== undefined) return 'lvm'
  if (mdRaidAt(reader) !== undefined) return 'md-raid'
  if (reader.has(0, 'XFSB')) return 'xfs'
  if (reader.has(0, 'hsqs')) return 'squashfs'
  if (reader.has(3, '-FVE-FS-')) return 'bitlocker'
  if (reader.has(3, 'NTFS    ')) return 'ntfs'
  if (reader.has(3, 'EXFAT   ')) return 'exfat'
  if (reader.has(kibibyte, '\x10\x20\xf5\xf2')) return 'f2fs'
  if (isSwap(reader, 4 * kibibyte) || isSwap(reader, 8 * kibibyte)) return 'swap'
  return extOf(reader) ?? fatLayout(reader)?.kind
}

// The configuration at the beginning of each ZFS label: packed in XDR, with the pool's version as its first entry.
const zfsLabelAt = 16 * kibibyte
const isZfs = (reader: ByteReader): boolean =>
  reader.u8(zfsLabelAt) === 1 && reader.u32be(zfsLabelAt + 20) === 7 && reader.has(zfsLabelAt + 24, 'version')

const btrfsAt = 64 * kibibyte

/** How many devices a btrfs has, in a reader of the first {@link farBytes}. */
export const btrfsMembers = (reader: ByteReader): number | undefined => reader.u64le(btrfsAt + 136)

// UFS2 begins further inside than UFS1 did, to leave room for boot code.
const ufsMarkAt = 1372
const isUfs = (reader: ByteReader): boolean =>
  reader.u32le(64 * kibibyte + ufsMarkAt) === 0x1954_0119 || reader.u32le(8 * kibibyte + ufsMarkAt) === 0x0001_1954

/** What has its superblock after the first {@link nearBytes}, in a reader of the first {@link farBytes}. */
export const farFileSystem = (reader: ByteReader): FileSystem | undefined => {
  if (reader.has(btrfsAt + 64, '_BHRfS_M')) return 'btrfs'
  if (isZfs(reader)) return 'zfs'
  if (reader.has(32 * kibibyte + 1, 'CD001')) return 'iso9660'
  if (isUfs(reader)) return 'ufs'
  return [16, 32, 64].some((size) => isSwap(reader, size * kibibyte)) ? 'swap' : undefined
}
