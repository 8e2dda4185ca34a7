/** What a partition, or a disk without partitions, holds, by its superblock. */
export type FileSystem =
  | 'ext2'
  | 'ext3'
  | 'ext4'
  | 'xfs'
  | 'btrfs'
  | 'fat12'
  | 'fat16'
  | 'fat32'
  | 'exfat'
  | 'ntfs'
  | 'bitlocker'
  | 'luks'
  | 'lvm'
  | 'md-raid'
  | 'zfs'
  | 'f2fs'
  | 'squashfs'
  | 'ufs'
  | 'iso9660'
  | 'swap'

/** What a partition is for, by its type. */
export type PartitionPurpose =
  | 'efi-system'
  | 'bios-boot'
  | 'linux'
  | 'linux-root'
  | 'linux-boot'
  | 'linux-home'
  | 'linux-srv'
  /** `/var` and `/var/tmp`. */
  | 'linux-var'
  | 'linux-usr'
  /** What a vendor adds to Container Linux and those that come from it. */
  | 'linux-oem'
  /** The check sums of another partition. */
  | 'linux-verity'
  | 'linux-swap'
  | 'linux-lvm'
  | 'linux-raid'
  | 'microsoft-reserved'
  | 'microsoft-data'
  | 'windows-recovery'
  | 'freebsd'
  | 'freebsd-boot'
  | 'extended'

/** One partition. */
export interface Partition {
  /** From 1; an MBR's logical ones from 5. */
  readonly number: number
  /** The type as the table has it: a GUID in lower case, or two hexadecimal digits. */
  readonly type: string
  readonly purpose?: PartitionPurpose | undefined
  /**
   * The processor that the type GUID of a root or `/usr` partition is for, in the words of the Discoverable Partitions Specification, such
   * as `x86-64`.
   */
  readonly rootArchitecture?: string | undefined
  readonly name?: string | undefined
  /** Where it begins, in bytes from the disk's start. */
  readonly at: number
  readonly bytes: number
  /** An MBR's mark of the partition to boot from, or a GPT's "legacy BIOS bootable". */
  readonly active: boolean
  /** Absent where it is not known, or could not be read (see {@link DiskFacts.unread}). */
  readonly fileSystem?: FileSystem | undefined
  /** How many devices belong together: the physical volumes of an LVM group, the members of a RAID, the devices of a btrfs. */
  readonly members?: number | undefined
  /**
   * All that was read of it is zeros: its first 68 KiB, or the whole of one that has 4 KiB at least. Every file system that is known here
   * begins within these.
   */
  readonly blank?: true | undefined
}

/** A part of a disk that was not looked at, or not to its end. Where it names no partition, it is of a disk without any. */
export type UnreadPart =
  | { readonly part: 'partition-table' }
  /** The entries from this number on, counted from 1. */
  | { readonly part: 'gpt-entries'; readonly from: number }
  /** Those that may follow so many that were seen. */
  | { readonly part: 'logical-partitions'; readonly after: number }
  | { readonly part: 'file-system'; readonly partition?: number | undefined }
  | { readonly part: 'boot-loaders'; readonly partition?: number | undefined }

/** What stands on a disk, as its guest sees it. What could not be read is absent, and told in `unread`. */
export interface DiskFacts {
  readonly partitionTable?: 'mbr' | 'gpt' | 'none' | undefined
  /** The sectors that the partition table counts in, in bytes. */
  readonly sectorBytes?: number | undefined
  readonly partitions: readonly Partition[]
  /** Of a disk that has no partitions. */
  readonly fileSystem?: FileSystem | undefined
  /** Of a disk that has no partitions; see {@link Partition.members}. */
  readonly members?: number | undefined
  /** Whether the first sector holds code that a BIOS would run, and that has something to start. */
  readonly bootCode?: boolean | undefined
  /** That code starts the active partition and nothing else, as the code of Windows and of several tools does. */
  readonly startsActive?: true | undefined
  /** What lies in the EFI system partition to boot from: paths such as `EFI/BOOT/BOOTX64.EFI`, as they are spelt there. */
  readonly bootLoaders: readonly string[]
  /** The end of the disk by its partition table, in bytes: of the last partition, or of the GPT's second header. */
  readonly endBytes?: number | undefined
  /** What contradicts itself, in words, such as a GPT whose check sum is wrong. */
  readonly damage: readonly string[]
  /** What could not be looked at. */
  readonly unread: readonly UnreadPart[]
}

/** Something that follows from what was seen, with what it follows from. */
export interface Conclusion<A> {
  readonly value: A
  /** In words, at least one. */
  readonly evidence: readonly string[]
}

/** What can be concluded of a disk. What cannot is absent: unknown is an answer. */
export interface Conclusions {
  /** The firmwares that can boot it. */
  readonly firmware?: Conclusion<'uefi' | 'bios' | 'both' | 'none'> | undefined
  readonly architecture?: Conclusion<'x86_64' | 'aarch64' | (string & {})> | undefined
  readonly osFamily?: Conclusion<'linux' | 'windows' | 'bsd'> | undefined
  /** Whether the root file system, or all of them, are encrypted. */
  readonly encrypted?: Conclusion<boolean> | undefined
  /** The disk is one of several that belong together: a part of an LVM group, a RAID or a btrfs that has more. */
  readonly multipleDisks?: Conclusion<boolean> | undefined
}
