import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Compression } from 'imageferry'
import { gptDisk, qcow2Disk, rawDisk, vhdxDisk } from '../../demo/disk-images.ts'
import { differencing as differencingVhdx } from '../inspect/changed-vhdx.ts'
import { chained, fatVolume, group, physicalVolume, volume, volumes } from '../inspect/hand-made-disks.ts'
import {
  differencingVhd,
  dynamicVhd,
  fixedVhd,
  isoVolume,
  ploop,
  sparseVmdk,
  streamVmdk,
  vdi,
} from '../inspect/other-formats.ts'
import type { ImageCase } from '../real-images/cases.ts'
import { type ContainerName, compress } from '../real-images/containers.ts'
import { imageMaker } from '../real-images/make-image.ts'
import { makesRealImages } from '../real-images/tools.ts'
import { runTool } from '../tools.ts'
import { drive } from './drive.ts'
import { beginnings, type Stretch, written } from './mutation.ts'

/** A file to be mutated. */
export interface Sample {
  readonly name: string
  readonly bytes: Buffer
  /** Where it is mutated: anywhere that it is read, there where something was written, and where headers mostly are. */
  readonly places: readonly (readonly Stretch[])[]
}

const sampleOf = async (name: string, bytes: Uint8Array): Promise<Sample> => {
  const { read } = await drive(bytes)
  return { name, bytes: Buffer.from(bytes), places: [read, written(bytes, read), beginnings(read)] }
}

const handMade: readonly (readonly [name: string, bytes: () => Uint8Array])[] = [
  ['raw', rawDisk],
  ['gpt', gptDisk],
  ['qcow2', qcow2Disk],
  ['vhdx', vhdxDisk],
  ['fixed vhd', fixedVhd],
  ['dynamic vhd', dynamicVhd],
  ['vdi', vdi],
  ['vmdk', sparseVmdk],
  ['stream-optimised vmdk', streamVmdk],
  ['iso', isoVolume],
  ['ploop', ploop],
  ['ploop of the newer kind', () => ploop('WithouFreSpacExt')],
  ['differencing vhd', () => differencingVhd('base.vhd')],
  ['differencing vhdx', () => differencingVhdx(['parent_linkage', '{83ed0ec3}'], ['relative_path', '..\\base.vhdx'])],
  ['logical partitions', () => chained([64, 80, 96, 112, 128])],
  ['boot loaders', fatVolume],
  ['lvm', () => physicalVolume(group(volumes(3, '\t\t\tdevice = "a{\\"b"\n')))],
  ['md-raid', () => volume([4096, '\xfc\x4e\x2b\xa9\x01\0\0\0'], [4096 + 92, '\x03'])],
  ['zfs', () => volume([16_384, '\x01\x01\0\0\0\0\0\0\0\0\0\x01\0\0\0\x24\0\0\0\x20\0\0\0\x07version'])],
  ['squashfs', () => volume([0, 'hsqs'])],
  ['f2fs', () => volume([1024, '\x10\x20\xf5\xf2'])],
  ['bitlocker', () => volume([3, '-FVE-FS-'])],
  ['exfat', () => volume([3, 'EXFAT   '])],
  ['html', () => Buffer.from('\ufeff<!-- moved -->\n<!DOCTYPE html><html><body>Please log in</body></html>')],
  ['xml', () => Buffer.from('<?xml version="1.0"?>\n<Error><Code>AccessDenied</Code></Error>')],
  ['json', () => Buffer.from('{\n  "error": "not found"\n}')],
]

const real = (container: ContainerName): ImageCase => ({
  disk: 'ubuntu',
  container,
  digitalocean: 'unknown',
  gcore: 'unknown',
})

/** Of the formats that hold little more than what was written; plain disks of 36 MB would only cost memory. */
const realOnes: readonly ImageCase[] = [
  real('raw'),
  real('qcow2'),
  real('qcow2v2'),
  real('qcow2compressed'),
  real('qcow2zstd'),
  real('qcow2small'),
  real('qcow2extended'),
  real('vhdx'),
  real('vhd'),
  real('vdi'),
  real('vmdk'),
  real('vmdkStream'),
]

const compressions: readonly Compression[] = ['gzip', 'bzip2', 'xz', 'zstd']

/** Small disks, since each of a million looks unpacks what it comes to. */
const compressed = (folder: string): Promise<readonly Sample[]> =>
  Promise.all(
    compressions.flatMap((compression) =>
      [gptDisk, qcow2Disk].map(async (make) => {
        const path = join(folder, `${make.name}-${compression}`)
        await writeFile(path, make())
        return sampleOf(`${make.name} in ${compression}`, await readFile(await compress(path, compression)))
      }),
    ),
  )

const archivers = [
  ['pax', 'tar', '--format=posix', '-cf'],
  ['gnu tar', 'tar', '--format=gnu', '-cf'],
  ['zip', 'zip', '-q', '-0'],
] as const

/** Two files in each, of which one has a name that is too long for a plain tar header. */
const archives = async (folder: string): Promise<readonly Sample[]> => {
  const files = ['a.raw', `${'long-'.repeat(40)}.raw`].map((name) => join(folder, name))
  for (const file of files) await writeFile(file, rawDisk().subarray(0, 2048))
  return Promise.all(
    archivers.map(async ([name, tool, ...options]) => {
      const path = join(folder, `${name}.archive`)
      await runTool(tool, ...options, path, ...files)
      return sampleOf(name, await readFile(path))
    }),
  )
}

const madeByTools = async (): Promise<readonly Sample[]> => {
  const folder = await mkdtemp(join(tmpdir(), 'imageferry-fuzz-'))
  try {
    const make = imageMaker(folder)
    const uncompressed = await Promise.all(
      realOnes.map(async (one, index) => {
        const path = await make(one, index)
        return sampleOf(one.container, await readFile(path))
      }),
    )
    return [...uncompressed, ...(await compressed(folder)), ...(await archives(folder))]
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** All files: those of our own makers, and those of real tools where these are on this machine. */
export const samples = async (): Promise<readonly Sample[]> => [
  ...(await Promise.all(handMade.map(([name, make]) => sampleOf(name, make())))),
  ...(makesRealImages ? await madeByTools() : []),
]
