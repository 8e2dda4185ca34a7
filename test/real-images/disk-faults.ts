import { readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { extname } from 'node:path'
import { runTool } from '../tools.ts'
import type { Fault } from './fault.ts'
import { writeInto } from './sparse-file.ts'

const mebibyte = 2 ** 20
const sectorBytes = 512
const secondGptSectors = 33

/** The disk in the image made shorter than its partitions say, as `qemu-img resize --shrink` leaves it, in the format that the image has. */
const diskCut: Fault = async (path) => {
  const [plain, driver] = [`${path}.plain`, extname(path).slice(1)]
  await runTool('qemu-img', 'convert', '-O', 'raw', path, plain)
  await truncate(plain, 20 * mebibyte)
  await rm(path)
  await runTool('qemu-img', 'convert', '-f', 'raw', '-O', driver, plain, path)
  return path
}

/** The root partition made half as long, and what is in it left as it is. */
const partitionCut: Fault = async (path) => {
  await runTool('sgdisk', '-d', '1', '-n', '1:10M:+12M', '-t', '1:8300', path)
  return path
}

const wiped =
  (at: number, bytes: number): Fault =>
  async (path) => {
    await writeInto(path, at, Buffer.alloc(bytes))
    return path
  }

const withoutSecondGpt: Fault = async (path) => {
  await truncate(path, (await stat(path)).size - secondGptSectors * sectorBytes)
  return path
}

/** The descriptor of a small volume, where every tool that parts a disk leaves it. */
const withOldVolume: Fault = async (path) => {
  const [content, disc] = [`${path}.txt`, `${path}.iso`]
  await writeFile(content, 'read me')
  await runTool('xorriso', '-as', 'mkisofs', '-quiet', '-o', disc, content)
  await writeInto(path, 0x8000, (await readFile(disc)).subarray(0x8000, 0x8800))
  return path
}

/** Faults of the disk in an image, which are found by looking at what the image's guest would see. */
export const diskFaults = {
  'its disk cut within a partition': diskCut,
  'a file system larger than its partition': partitionCut,
  'the MBR before the GPT wiped': wiped(0, sectorBytes),
  'an MBR that does not announce the GPT': wiped(446, 64),
  'without its second GPT header': withoutSecondGpt,
  'the remains of a disc on it': withOldVolume,
} as const satisfies Record<string, Fault>
