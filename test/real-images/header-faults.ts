import { readFile } from 'node:fs/promises'
import type { Fault } from './fault.ts'
import { writeInto } from './sparse-file.ts'

const be32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

const le32 = (value: number): Buffer => be32(value).reverse()

const be64 = (value: bigint): Buffer => {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64BE(value)
  return bytes
}

/** Writes other bytes into a header, at places in bytes. */
const written =
  (...edits: readonly (readonly [at: number, bytes: Uint8Array])[]): Fault =>
  async (path) => {
    for (const [at, bytes] of edits) await writeInto(path, at, bytes)
    return path
  }

const kibibyte = 1024
const noChecksum = Buffer.from('none')
const ninetyGigabytes = 90n * 10n ** 9n

/** VHDX keeps its values behind a table of their GUIDs, somewhere in the first MiB after its headers. */
const sectorsOf4KiB: Fault = async (path) => {
  const beginning = (await readFile(path)).subarray(0, 4096 * kibibyte)
  const entry = beginning.indexOf(Buffer.from('1dbf41816fa90947ba47f233a8faab5f', 'hex'))
  const region = beginning.lastIndexOf('metadata', entry)
  await writeInto(path, region + beginning.readUInt32LE(entry + 16), le32(4096))
  return path
}

/**
 * Headers that contradict themselves, or say what qemu-img does not read, by the name of what is wrong. qemu-img opens none of them. Each begins
 * with the format of the image that it wants.
 */
export const headerFaults = {
  'a qcow2 header with a disk that its mapping is too small for': written([24, be64(ninetyGigabytes)]),
  'a qcow2 header without a table of reference counts': written([56, be32(0)]),
  'a qcow2 header with reference counts within a cluster': written([48, be64(0x1_0200n)]),
  'a qcow2 header with snapshots within a cluster': written([64, be64(0x1_2345n)]),
  'a qcow2 header with its mapping within a cluster': written([40, be64(0x3_0200n)]),
  'a qcow2 header of another length': written([100, be32(108)]),
  'a qcow2 header with an endless extension': written([112, be32(0x1234_5678)], [116, be32(0x7fff_ffff)]),
  'a vhdx of which no header counts': written([64 * kibibyte + 4, noChecksum], [128 * kibibyte + 4, noChecksum]),
  'a vhdx of which no region table counts': written([192 * kibibyte + 4, noChecksum], [256 * kibibyte + 4, noChecksum]),
  'a vhdx of which the first region table does not count': written([192 * kibibyte + 4, noChecksum]),
  'a vhdx with sectors of 4 KiB': sectorsOf4KiB,
  'a vhd with a footer whose check sum is wrong': written([64, noChecksum]),
  'a vhd with a table that is too small': written([512 + 28, be32(3)]),
  'a vdi with a map that is too small': written([384, le32(10)]),
  'a vdi with sectors of 4 KiB': written([360, le32(4096)]),
  'a vdi with a link to another': written([424, Buffer.alloc(16, 'A')]),
  'a vdi with a parent': written([440, Buffer.alloc(16, 'A')]),
  'a vmdk with tables that are too large': written([44, le32(1024)]),
} as const satisfies Record<string, Fault>
