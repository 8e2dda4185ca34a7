import type { ByteReader } from '../byte-reader.ts'
import type { FileSystem } from './disk-facts.ts'

const superblockAt = 1024
const hasJournal = 0x4
const journalDevice = 0x8
// File types, recovery, meta block groups; sparse superblocks, large files, trees in directories: all that ext3 has.
const incompatibleOfExt3 = 0x2 | 0x4 | 0x10
const readOnlyOfExt3 = 0x1 | 0x2 | 0x4

/** Which of ext2, ext3 and ext4 a superblock is, as Linux tells them apart: ext4 has a feature that ext3 has not, ext3 a journal. */
export const extOf = (beginning: ByteReader): FileSystem | undefined => {
  if (!beginning.has(superblockAt + 56, '\x53\xef')) return undefined
  const compatible = beginning.u32le(superblockAt + 92)
  const incompatible = beginning.u32le(superblockAt + 96)
  const readOnly = beginning.u32le(superblockAt + 100)
  if (compatible === undefined || incompatible === undefined || readOnly === undefined) return undefined
  // A journal that lies on a device by itself is no file system.
  if ((incompatible & journalDevice) !== 0) return undefined
  if ((incompatible & ~incompatibleOfExt3) !== 0 || (readOnly & ~readOnlyOfExt3) !== 0) return 'ext4'
  return (compatible & hasJournal) === 0 ? 'ext2' : 'ext3'
}
