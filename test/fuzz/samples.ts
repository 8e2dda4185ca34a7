import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Compression } from 'imageferry'
import { gptDisk, qcow2Disk, rawDisk, vhdxDisk } from '../../demo/disk-images.ts'
import { dynamicVhd, fixedVhd, isoVolume, sparseVmdk, streamVmdk, vdi } from '../inspect/other-formats.ts'
import type { ImageCase } from '../real-images/cases.ts'
import { type ContainerName, compress } from '../real-images/containers.ts'
import { imageMaker } from '../real-images/make-image.ts'
import { makesRealImages } from '../real-images/tools.ts'
import { drive } from './drive.ts'
import type { Stretch } from './mutation.ts'

/** A file to be mutated, and where it is read. */
export interface Sample {
  readonly name: string
  readonly bytes: Buffer
  readonly read: readonly Stretch[]
}

const sampleOf = async (name: string, bytes: Uint8Array): Promise<Sample> => {
  const { read } = await drive(bytes)
  return { name, bytes: Buffer.from(bytes), read }
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
    return [...uncompressed, ...(await compressed(folder))]
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** All files: those of our own makers, and those of real tools where these are on this machine. */
export const samples = async (): Promise<readonly Sample[]> => [
  ...(await Promise.all(handMade.map(([name, make]) => sampleOf(name, make())))),
  ...(makesRealImages ? await madeByTools() : []),
]
