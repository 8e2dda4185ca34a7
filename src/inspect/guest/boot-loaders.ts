import { byteReader } from '../byte-reader.ts'
import type { Medium, Reading } from '../reading.ts'
import { type FatLayout, fatLayout } from './fat.ts'
import { type FatDirectory, readDirectory } from './fat-directory.ts'
import type { FatEntry } from './fat-entries.ts'

const bootSectorBytes = 512
const mostVendors = 8
const mostLoadersOfVendor = 16

/** What lies in a FAT file system for UEFI firmware to start. */
export interface BootLoaders {
  /** Paths such as `EFI/BOOT/BOOTX64.EFI`, as they are spelt there. */
  readonly paths: readonly string[]
  /** Whether every directory was read in which one may lie. */
  readonly complete: boolean
}

const noDirectory: FatDirectory = { entries: [], complete: true }

const isNamed =
  (name: string) =>
  (entry: FatEntry): boolean =>
    entry.name.toUpperCase() === name

/** What shows in a terminal and can be part of a path. */
const isLoader = ({ name, isDirectory }: FatEntry): boolean => !isDirectory && /^[\w.+() -]+\.efi$/i.test(name)

const isFallback = ({ name }: FatEntry): boolean => /^boot/i.test(name)

/** The firmware's own directory first, then Windows', then the others in their order. */
const inOrder = (directories: readonly FatEntry[]): readonly FatEntry[] => {
  const rank = (entry: FatEntry): number => ['BOOT', 'MICROSOFT'].indexOf(entry.name.toUpperCase()) >>> 0
  return [...directories].sort((one, other) => rank(one) - rank(other))
}

/** The boot loaders in `EFI/BOOT`, in the vendors' directories beside it (eight at the most), and Windows' one level below. */
export function* readBootLoaders(volume: Medium): Reading<BootLoaders> {
  const layout = fatLayout(byteReader((yield* volume.read(0, bootSectorBytes)).bytes))
  if (layout === undefined) return { paths: [], complete: false }
  const root = yield* readDirectory(volume, layout, layout.root)
  const efi = root.entries.find((entry) => entry.isDirectory && isNamed('EFI')(entry))
  if (efi === undefined) return { paths: [], complete: root.complete }

  const { entries, complete } = yield* readDirectory(volume, layout, efi)
  const directories = inOrder(entries.filter(({ isDirectory }) => isDirectory))
  const looked: BootLoaders[] = []
  for (const entry of directories.slice(0, mostVendors + 1)) {
    looked.push(yield* loadersIn(volume, layout, entry, `${efi.name}/${entry.name}`))
  }
  return {
    paths: looked.flatMap(({ paths }) => paths),
    complete: complete && directories.length <= mostVendors + 1 && looked.every((each) => each.complete),
  }
}

function* loadersIn(volume: Medium, layout: FatLayout, vendor: FatEntry, path: string): Reading<BootLoaders> {
  const inside = yield* readDirectory(volume, layout, vendor)
  const pathsOf = (loaders: readonly FatEntry[], folder: string): readonly string[] =>
    loaders.slice(0, mostLoadersOfVendor).map(({ name }) => `${folder}/${name}`)
  const loaders = inside.entries.filter(isLoader)
  if (isNamed('BOOT')(vendor)) return { paths: pathsOf(loaders.filter(isFallback), path), complete: inside.complete }
  if (!isNamed('MICROSOFT')(vendor)) return { paths: pathsOf(loaders, path), complete: inside.complete }

  const boot = inside.entries.find((entry) => entry.isDirectory && isNamed('BOOT')(entry))
  const below = boot === undefined ? noDirectory : yield* readDirectory(volume, layout, boot)
  const manager = below.entries.filter(isNamed('BOOTMGFW.EFI'))
  return {
    paths: boot === undefined ? [] : pathsOf(manager, `${path}/${boot.name}`),
    complete: inside.complete && below.complete,
  }
}
