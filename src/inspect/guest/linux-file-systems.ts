import type { FileSystem } from './disk-facts.ts'

/** What a Linux system can live in, by itself or in what this holds. */
export const linuxFileSystems: ReadonlySet<FileSystem | undefined> = new Set<FileSystem>([
  'ext2',
  'ext3',
  'ext4',
  'xfs',
  'btrfs',
  'f2fs',
  'luks',
  'lvm',
  'md-raid',
])
