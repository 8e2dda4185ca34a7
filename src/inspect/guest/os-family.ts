import type { Conclusion, Conclusions, DiskFacts, FileSystem, Partition } from './disk-facts.ts'
import { isOpenOrNetBsd } from './partition-types.ts'

type Family = Conclusion<'linux' | 'windows' | 'bsd'>['value']

/** Something that points to a family, in words. */
interface Hint {
  readonly family: Family
  readonly evidence: string
}

const ofLinux: ReadonlySet<FileSystem> = new Set<FileSystem>([
  'ext2',
  'ext3',
  'ext4',
  'xfs',
  'btrfs',
  'f2fs',
  'luks',
  'lvm',
  'md-raid',
  'squashfs',
  'swap',
])

const mostEvidence = 4

const byPurpose = ({ number, purpose, type }: Partition): readonly Hint[] => {
  const hint = (family: Family, what: string): readonly Hint[] => [
    { family, evidence: `partition ${number} has the type of ${what}` },
  ]
  if (purpose === 'microsoft-reserved') return hint('windows', 'a Microsoft reserved partition')
  if (purpose === 'windows-recovery') return hint('windows', 'a Windows recovery partition')
  if (purpose === 'freebsd' || purpose === 'freebsd-boot') return hint('bsd', 'a FreeBSD partition')
  if (isOpenOrNetBsd(type)) return hint('bsd', 'an OpenBSD or NetBSD partition')
  return purpose?.startsWith('linux') === true ? hint('linux', 'a Linux partition') : []
}

const byFileSystem = (fileSystem: FileSystem | undefined, where: string): readonly Hint[] => {
  if (fileSystem === undefined) return []
  if (fileSystem === 'bitlocker') return [{ family: 'windows', evidence: `${where} is encrypted by BitLocker` }]
  if (fileSystem === 'ufs') return [{ family: 'bsd', evidence: `${where} holds ufs` }]
  return ofLinux.has(fileSystem) ? [{ family: 'linux', evidence: `${where} holds ${fileSystem}` }] : []
}

const byLoaders = ({ bootLoaders }: DiskFacts): readonly Hint[] =>
  bootLoaders
    .filter((path) => /\/bootmgfw\.efi$/i.test(path))
    .map((path) => ({ family: 'windows', evidence: `the boot loader ${path}` }))

/** Others read and write NTFS too; what boots from it, and has nothing of another system beside it, is Windows. */
const byNtfs = ({ partitions }: DiskFacts): readonly Hint[] =>
  partitions
    .filter(({ active, fileSystem }) => active && fileSystem === 'ntfs')
    .map(({ number }) => ({
      family: 'windows',
      evidence: `partition ${number}, which is marked as bootable, holds ntfs, and nothing on the disk is of another system`,
    }))

/** The family of operating systems on a disk. Where there are hints of several, nothing is concluded. */
export const osFamilyOf = (disk: DiskFacts): Conclusions['osFamily'] => {
  const strong = [
    ...byLoaders(disk),
    ...disk.partitions.flatMap(({ fileSystem, number }) => byFileSystem(fileSystem, `partition ${number}`)),
    ...byFileSystem(disk.fileSystem, 'the disk'),
    ...disk.partitions.flatMap(byPurpose),
  ]
  const hints = strong.length > 0 ? strong : byNtfs(disk)
  const [first] = hints
  if (first === undefined || hints.some(({ family }) => family !== first.family)) return undefined
  return { value: first.family, evidence: hints.map(({ evidence }) => evidence).slice(0, mostEvidence) }
}
