import type { Conclusion, Conclusions, DiskFacts, FileSystem, Partition } from './disk-facts.ts'
import { linuxFileSystems } from './linux-file-systems.ts'
import { isOpenOrNetBsd } from './partition-types.ts'

type Family = Conclusion<'linux' | 'windows' | 'bsd'>['value']

/** Something that points to a family, in words. */
interface Hint {
  readonly family: Family
  readonly evidence: string
}

const ofLinux: ReadonlySet<FileSystem | undefined> = new Set<FileSystem | undefined>([
  ...linuxFileSystems,
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

/** Windows that the code in the first sector starts, whatever else lies on the disk. */
const byStart = ({ startsActive, partitions }: DiskFacts): readonly Hint[] =>
  partitions
    .filter(({ active, fileSystem }) => startsActive === true && active && fileSystem === 'ntfs')
    .map(({ number }) => ({
      family: 'windows',
      evidence: `the code in the first sector starts partition ${number}, which holds ntfs`,
    }))

const byContent = (disk: DiskFacts): readonly Hint[] => [
  ...byLoaders(disk),
  ...disk.partitions.flatMap(({ fileSystem, number }) => byFileSystem(fileSystem, `partition ${number}`)),
  ...byFileSystem(disk.fileSystem, 'the disk'),
  ...disk.partitions.flatMap(byPurpose),
]

const hintsOf = (disk: DiskFacts): readonly Hint[] => {
  const start = byStart(disk)
  // UEFI starts another system than a BIOS may.
  if (start.length > 0 && disk.bootLoaders.length === 0) return start
  const content = [...start, ...byContent(disk)]
  return content.length > 0 ? content : byNtfs(disk)
}

const agree = (hints: readonly Hint[]): boolean => new Set(hints.map(({ family }) => family)).size <= 1

const evidenceOf = (hints: readonly Hint[]): readonly string[] => hints.map(({ evidence }) => evidence)

/** Where there are hints of several families, so that nobody can say which one starts, all of them in words. */
export const hintsOfSeveral = (disk: DiskFacts): readonly string[] => {
  const hints = hintsOf(disk)
  return agree(hints) ? [] : evidenceOf(hints)
}

/** The family of operating systems on a disk. Where there are hints of several, nothing is concluded. */
export const osFamilyOf = (disk: DiskFacts): Conclusions['osFamily'] => {
  const hints = hintsOf(disk)
  const [first] = hints
  if (first === undefined || !agree(hints)) return undefined
  return { value: first.family, evidence: evidenceOf(hints).slice(0, mostEvidence) }
}
