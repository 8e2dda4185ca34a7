import { isCi, missingOf } from '../tools.ts'

/** The tools that real images are made with: Debian's qemu-utils, gdisk, parted and so on. */
const tools: readonly string[] = [
  'qemu-img',
  'sgdisk',
  'parted',
  'mkfs.ext4',
  'mkfs.xfs',
  'mkfs.btrfs',
  'mkfs.ntfs',
  'mkfs.vfat',
  'mkswap',
  'mmd',
  'mcopy',
  'cryptsetup',
  'xorriso',
  'gzip',
  'bzip2',
  'xz',
  'zstd',
  'tar',
  'zip',
]

/** Those that are not on this machine. */
export const missingTools = missingOf(tools)

/** Whether the cases that need the tools run: they do in CI in any case, so that a missing tool fails them there. */
export const makesRealImages = missingTools.length === 0 || isCi

if (!makesRealImages)
  process.stderr.write(
    `${missingTools.join(', ')}: not installed, the cases with images made by real tools are left out\n`,
  )
