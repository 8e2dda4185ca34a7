import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runTool, runToolWithInput } from '../tools.ts'
import { noise } from './noise.ts'
import { copyInto, sparseFile, writeInto } from './sparse-file.ts'

/** How a disk is parted, and what it boots by. */
export type Layout =
  /** GPT with a BIOS boot partition and boot code. */
  | 'gpt-bios'
  /** GPT with an EFI system partition and no boot code. */
  | 'gpt-uefi'
  /** GPT with both, as cloud images have it. */
  | 'gpt-both'
  /** MBR with one active partition and boot code. */
  | 'mbr-bios'
  /** MBR with an EFI system partition. */
  | 'mbr-uefi'
  /** GPT with FreeBSD's boot code, which loads its partition of that type. */
  | 'gpt-freebsd'
  /** MBR with one active partition, and the code of Windows, which starts it. */
  | 'mbr-windows'
  /** GPT with nothing to boot from. */
  | 'gpt-data'
  /** The file system begins at the first byte. */
  | 'bare'

/** What the root partition holds; `strange` is what no reader knows. */
export type RootFileSystem =
  | 'ext2'
  | 'ext3'
  | 'ext4'
  | 'xfs'
  | 'btrfs'
  | 'ntfs'
  | 'luks'
  | 'swap'
  | 'strange'
  | 'nothing'

/** A disk to be made. */
export interface DiskSpec {
  readonly layout: Layout
  readonly root: RootFileSystem
  /** The file in EFI/BOOT, `BOOTX64.EFI` unless told; `none` where there is not even the directory. */
  readonly loader?: string | undefined
  /** A further boot loader's path in the EFI system partition, such as `EFI/Microsoft/Boot/bootmgfw.efi`. */
  readonly vendorLoader?: string | undefined
  /** Whether the EFI system partition, and an ext root, hold files that cannot be compressed, so that the root lies far into what is compressed. */
  readonly filled?: true
  /** A further partition behind the root. */
  readonly beside?: Beside | undefined
  /** How many logical partitions of 2 MiB with ext4 there are behind the root, which is in an MBR then. */
  readonly logical?: number | undefined
}

/** A partition with a file system of its own; the type in the words of sgdisk, of an MBR in those of sfdisk. */
export interface Beside {
  readonly holds: RootFileSystem
  readonly type: string
  readonly mebibytes: number
}

const mebibyte = 2 ** 20

/** Where the root partition begins, in MiB: behind a BIOS boot partition (1-2) and an EFI system partition (2-10). */
const rootMebibyte = 10
const espMebibytes = 8

/** Several times what is fetched of any file, and little enough for bzip2, which is slow. */
const espFillingMebibytes = 5
const rootFillingMebibytes = 3

/** What mkfs needs at the least, with room for the rest. In MiB. */
const rootMebibytes: Readonly<Record<RootFileSystem, number>> = {
  ext2: 24,
  ext3: 24,
  ext4: 24,
  xfs: 304,
  btrfs: 120,
  ntfs: 24,
  luks: 24,
  swap: 24,
  strange: 24,
  nothing: 24,
}

const makers: Readonly<Record<RootFileSystem, (path: string) => Promise<unknown>>> = {
  ext2: (path) => runTool('mkfs.ext4', '-q', '-F', '-t', 'ext2', path),
  ext3: (path) => runTool('mkfs.ext4', '-q', '-F', '-t', 'ext3', path),
  ext4: (path) => runTool('mkfs.ext4', '-q', '-F', path),
  xfs: (path) => runTool('mkfs.xfs', '-q', '-f', path),
  btrfs: (path) => runTool('mkfs.btrfs', '-q', '-f', path),
  ntfs: (path) => runTool('mkfs.ntfs', '-q', '-F', '-f', path),
  luks: (path) =>
    runToolWithInput(
      'cryptsetup',
      'a passphrase',
      ...['luksFormat', '--batch-mode', '--type', 'luks2', '--pbkdf', 'pbkdf2', '--pbkdf-force-iterations', '1000'],
      ...['--key-file', '-', path],
    ),
  swap: (path) => runTool('mkswap', '-q', path),
  strange: (path) => writeInto(path, 0, noise(mebibyte)),
  nothing: async () => undefined,
}

/** Partitions behind the root, and where they lie: in MiB from the disk's beginning. */
interface Behind extends Beside {
  readonly at: number
}

const logicalMebibytes = 2

const behindRoot = ({ root, beside, logical = 0 }: DiskSpec): readonly Behind[] => {
  const end = rootMebibyte + rootMebibytes[root]
  const one = beside === undefined ? [] : [{ ...beside, at: end }]
  // Before each logical partition lies the link that leads to it.
  const chained = Array.from(
    { length: logical },
    (_, index): Behind => ({
      ...{ holds: 'ext4', type: '83', mebibytes: logicalMebibytes },
      at: end + 1 + index * (logicalMebibytes + 1),
    }),
  )
  return [...one, ...chained]
}

const endOf = (spec: DiskSpec): number =>
  Math.max(rootMebibyte + rootMebibytes[spec.root], ...behindRoot(spec).map(({ at, mebibytes }) => at + mebibytes))

const makeRoot = async (path: string, { root, filled }: DiskSpec): Promise<void> => {
  await sparseFile(path, rootMebibytes[root] * mebibyte)
  if (filled !== true || root !== 'ext4') {
    await makers[root](path)
    return
  }
  const folder = `${path}.root`
  await mkdir(folder)
  await writeFile(join(folder, 'filling'), noise(rootFillingMebibytes * mebibyte))
  await runTool('mkfs.ext4', '-q', '-F', '-d', folder, path)
}

const withEsp: ReadonlySet<Layout> = new Set(['gpt-uefi', 'gpt-both', 'mbr-uefi'])
const withBootCode: ReadonlySet<Layout> = new Set(['gpt-bios', 'gpt-both', 'gpt-freebsd', 'mbr-bios', 'mbr-windows'])

/** How much room an MBR has for code. */
const bootCodeBytes = 440

/** An endless loop, where a BIOS would find its first instruction. */
const bootCode = Buffer.from([0xeb, 0xfe, 0x90, 0x90])

/** What that of Windows says where it does not find an active partition. */
const windowsBootCode = Buffer.from('\x33\xc0\x8e\xd0\xbc\x00\x7cMissing operating system', 'latin1')

const foldersOf = (path: string): readonly string[] => {
  const parts = path.split('/').slice(0, -1)
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'))
}

const makeEsp = async (path: string, spec: DiskSpec): Promise<void> => {
  const { loader = 'BOOTX64.EFI', vendorLoader, filled } = spec
  await sparseFile(path, espMebibytes * mebibyte)
  await runTool('mkfs.vfat', '-F', '16', '-s', '1', path)
  const loaders = [
    ...(loader === 'none' ? [] : [`EFI/BOOT/${loader}`]),
    ...(vendorLoader === undefined ? [] : [vendorLoader]),
  ]
  const content = `${path}.loader`
  await writeFile(content, 'MZ')
  for (const folder of new Set(loaders.flatMap(foldersOf))) await runTool('mmd', '-i', path, `::${folder}`)
  for (const one of loaders) await runTool('mcopy', '-i', path, content, `::${one}`)
  if (filled !== true) return
  await writeFile(content, noise(espFillingMebibytes * mebibyte))
  await runTool('mcopy', '-i', path, content, '::filling')
}

const mbrTypes: Readonly<Partial<Record<RootFileSystem, string>>> = { ntfs: 'ntfs', swap: 'linux-swap' }
const gptTypes: Readonly<Partial<Record<RootFileSystem, string>>> = { ntfs: '0700', swap: '8200', luks: '8309' }

const mibs = (at: number, mebibytes: number): readonly string[] => [`${at}MiB`, `${at + mebibytes}MiB`]

const mbrBehind = (spec: DiskSpec): readonly string[] => {
  const extended = ['mkpart', 'extended', `${rootMebibyte + rootMebibytes[spec.root]}MiB`, `${endOf(spec)}MiB`]
  const kind = spec.logical === undefined ? 'primary' : 'logical'
  const parts = behindRoot(spec).flatMap(({ at, mebibytes }) => ['mkpart', kind, 'ext2', ...mibs(at, mebibytes)])
  return spec.logical === undefined ? parts : [...extended, ...parts]
}

const part = async (path: string, spec: DiskSpec): Promise<void> => {
  const { layout, root } = spec
  const size = rootMebibytes[root]
  if (layout.startsWith('mbr')) {
    const linux = ['mkpart', 'primary', mbrTypes[root] ?? 'ext2', `${rootMebibyte}MiB`, `${rootMebibyte + size}MiB`]
    const marked =
      layout === 'mbr-uefi'
        ? ['mkpart', 'primary', 'fat16', '2MiB', `${2 + espMebibytes}MiB`, 'set', '1', 'esp', 'on', ...linux]
        : [...linux, 'set', '1', 'boot', 'on', ...mbrBehind(spec)]
    await runTool('parted', '-s', path, 'mklabel', 'msdos', ...marked)
    // It puts boot code of its own into every MBR.
    await writeInto(path, 0, Buffer.alloc(bootCodeBytes))
    return
  }
  const bios = ['-n', '14:1M:+1M', '-t', '14:ef02']
  const esp = ['-n', `15:2M:+${espMebibytes}M`, '-t', '15:ef00']
  const type = layout === 'gpt-freebsd' ? 'a503' : (gptTypes[root] ?? '8300')
  const system = ['-n', `1:${rootMebibyte}M:+${size}M`, '-t', `1:${type}`]
  const parts = [
    ...(layout === 'gpt-bios' || layout === 'gpt-both' ? bios : []),
    ...(layout === 'gpt-freebsd' ? ['-n', '14:1M:+512K', '-t', '14:a501'] : []),
    ...(withEsp.has(layout) ? esp : []),
  ]
  const behind = behindRoot(spec).flatMap(({ at, mebibytes, type: other }) => [
    ...['-n', `2:${at}M:+${mebibytes}M`, '-t', `2:${other}`],
  ])
  await runTool('sgdisk', ...parts, ...system, ...behind, path)
}

/** Makes a plain disk by real tools: partitions, file systems, boot loaders. The file is sparse; its length is the disk's. */
export const makeDisk = async (path: string, spec: DiskSpec): Promise<void> => {
  const { layout } = spec
  const scratch = `${path}.part`
  try {
    await makeRoot(scratch, spec)
    if (layout === 'bare') {
      await rename(scratch, path)
      return
    }
    await sparseFile(path, (endOf(spec) + 1) * mebibyte)
    await part(path, spec)
    await copyInto(scratch, path, rootMebibyte * mebibyte)
    for (const { holds, mebibytes, at } of behindRoot(spec)) {
      await sparseFile(scratch, mebibytes * mebibyte)
      await makers[holds](scratch)
      await copyInto(scratch, path, at * mebibyte)
    }
    if (withEsp.has(layout)) {
      await makeEsp(scratch, spec)
      await copyInto(scratch, path, 2 * mebibyte)
    }
    if (withBootCode.has(layout)) await writeInto(path, 0, layout === 'mbr-windows' ? windowsBootCode : bootCode)
  } finally {
    const all = [scratch, `${scratch}.loader`, `${scratch}.root`]
    await Promise.all(all.map((file) => rm(file, { recursive: true, force: true })))
  }
}
