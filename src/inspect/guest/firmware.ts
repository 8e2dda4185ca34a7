import type { Conclusion, Conclusions, DiskFacts } from './disk-facts.ts'
import { isSearched } from './read-whole.ts'
import { isUnannounced } from './unannounced-gpt.ts'

/** Whether one kind of firmware can boot the disk, with the reason; without a value, what decides it could not be read. */
interface Bootable {
  readonly value: boolean | undefined
  readonly reason: string
}

const fallback = /^EFI\/BOOT\/BOOT/i

/** Whether a boot loader lies where firmware looks for one that nobody has registered. */
export const isFallbackLoader = (path: string): boolean => fallback.test(path)

/** Nobody puts an EFI system partition behind so many logical ones, least of all where a BIOS starts the disk. */
const isSearchedForBios = (disk: DiskFacts): boolean =>
  disk.bootCode === true &&
  isSearched({ ...disk, unread: disk.unread.filter(({ part }) => part !== 'logical-partitions') })

const byUefi = (disk: DiskFacts): Bootable => {
  const { bootLoaders, partitions } = disk
  if (isUnannounced(disk)) return { value: undefined, reason: 'partitions that firmware does not find' }
  const [first] = [...bootLoaders.filter(isFallbackLoader), ...bootLoaders]
  if (first !== undefined) {
    const remark = isFallbackLoader(first)
      ? ''
      : ', which firmware starts only where it is registered: EFI/BOOT has none'
    return { value: true, reason: `the boot loader ${first}${remark}` }
  }
  const hasSystemPartition = partitions.some(({ purpose }) => purpose === 'efi-system')
  const reason = hasSystemPartition ? 'no boot loader in the EFI system partition' : 'no EFI system partition'
  // A disc is booted by a catalogue that is not looked at.
  const isAbsent = disk.fileSystem !== 'iso9660' && (isSearched(disk) || isSearchedForBios(disk))
  return { value: isAbsent ? false : undefined, reason }
}

const byBios = (disk: DiskFacts): Bootable => {
  const { bootCode, partitionTable, partitions } = disk
  if (bootCode === undefined || disk.fileSystem === 'iso9660') return { value: undefined, reason: 'unread' }
  if (!bootCode) return { value: false, reason: 'no boot code in the first sector' }
  if (partitionTable !== 'gpt') return { value: true, reason: 'boot code in the first sector' }
  // FreeBSD's code looks for a partition of FreeBSD's own type.
  const biosBoot = partitions.find(({ purpose }) => purpose === 'bios-boot' || purpose === 'freebsd-boot')
  const target = biosBoot ?? partitions.find(({ active }) => active)
  if (target === undefined) {
    const reason = 'boot code in the first sector, and no partition of the GPT for it to start'
    return { value: isSearched(disk) ? false : undefined, reason }
  }
  const role = biosBoot === undefined ? 'is marked as bootable' : 'is for BIOS boot'
  return { value: true, reason: `boot code in the first sector, and partition ${target.number} ${role}` }
}

/** The firmwares that can boot a disk: BIOS by the code in its first sector, UEFI by a boot loader in a FAT file system. */
export const firmwareOf = (disk: DiskFacts): Conclusions['firmware'] => {
  const uefi = byUefi(disk)
  const bios = byBios(disk)
  if (uefi.value === undefined || bios.value === undefined) return undefined
  const value: Conclusion<'uefi' | 'bios' | 'both' | 'none'>['value'] = uefi.value
    ? bios.value
      ? 'both'
      : 'uefi'
    : bios.value
      ? 'bios'
      : 'none'
  return { value, evidence: [uefi.reason, bios.reason] }
}
