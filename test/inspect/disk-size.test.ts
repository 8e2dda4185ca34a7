import { mkdtemp, open, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { constants, deflateRawSync, gzipSync } from 'node:zlib'
import { digitalOceanCapabilities } from 'imageferry/digitalocean'
import { checkCompatibility, type Finding, type ImageFacts, inspect } from 'imageferry/inspect'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { gptDisk, qcow2Disk, rawDisk, vhdxDisk } from '../../demo/disk-images.ts'
import { diskSizeOf } from '../../src/inspect/disk-size.ts'
import { missingOf } from '../tools.ts'
import { usualDisk } from './made-up-facts.ts'
import { packedBy } from './packed-files.ts'

const mebibyte = 2 ** 20
const gibibyte = 2 ** 30
const hasBzip2 = missingOf(['bzip2']).length === 0

const gpt = gptDisk({ bytes: 4 * mebibyte })
const mbr = rawDisk({ bytes: 4 * mebibyte })
const bytes = gpt.length

const withZeros = (disk: Uint8Array, more: number): Uint8Array => Buffer.concat([disk, Buffer.alloc(more)])

const sizeIn = ({ virtualBytes, virtualBytesAre }: ImageFacts) => ({ virtualBytes, virtualBytesAre })

const aboutSize = (facts: ImageFacts): readonly Finding[] =>
  checkCompatibility(facts, digitalOceanCapabilities).findings.filter(({ code }) =>
    ['too-large', 'size-unknown'].includes(code),
  )

const noClues = { endsMissing: [undefined], endMissing: false }

/** A plain disk whose length gzip announces. */
const inGzip = (partitionTable: 'gpt' | 'mbr', endBytes: number, unpackedBytes: number) =>
  ({
    compressions: ['gzip'],
    format: 'raw',
    disk: { ...usualDisk, partitionTable, endBytes },
    unpackedBytes,
    unpackedBytesAre: 'modulo',
  }) as const

/** A disk in one member of gzip, and so many GiB of zeros behind it, of which one is packed for all. */
const grownBy = (disk: Uint8Array, gibibytes: number): Uint8Array => {
  const packed = (content: Uint8Array): Buffer =>
    deflateRawSync(content, { level: 9, finishFlush: constants.Z_FULL_FLUSH })
  const zeros = packed(Buffer.alloc(64 * mebibyte))
  const end = Buffer.from([3, 0, 0, 0, 0, 0, 0, 0, 0, 0])
  end.writeUInt32LE((disk.length + gibibytes * gibibyte) % 2 ** 32, 6)
  return Buffer.concat([
    Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]),
    packed(disk),
    ...Array.from({ length: gibibytes * 16 }, () => zeros),
    end,
  ])
}

describe('how large the disk is', () => {
  let folder = ''
  const looked = async (file: Uint8Array, fullPass = false): Promise<ImageFacts> => {
    const path = join(folder, 'image')
    await writeFile(path, file)
    return inspect(path, { fullPass })
  }
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'imageferry-size-'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  it('is known of a plain file, also where it is longer than its partition table says', async () => {
    for (const disk of [gpt, mbr]) {
      expect(sizeIn(await looked(disk))).toEqual({ virtualBytes: bytes, virtualBytesAre: 'exact' })
      const grown = sizeIn(await looked(withZeros(disk, mebibyte)))
      expect(grown).toEqual({ virtualBytes: bytes + mebibyte, virtualBytesAre: 'exact' })
    }
  })

  it('is known where gzip announces what a GPT says, and the disk ends with no run', () => {
    const size = (announced: number, endingRunBytes: number | undefined) =>
      diskSizeOf(inGzip('gpt', 5 * gibibyte, announced), { ...noClues, endingRunBytes }, {})
    expect(size(gibibyte, 0)).toEqual({ virtualBytes: 5 * gibibyte, virtualBytesAre: 'exact' })
    for (const [announced, run] of [
      [gibibyte, mebibyte],
      [gibibyte, undefined],
      [gibibyte + 512, 0],
      [gibibyte - 512, 0],
    ] as const)
      expect(size(announced, run).virtualBytesAre).toBe('at-least')
  })

  it.each([27, 112])('is not known where a disk was grown by %i GiB before gzip compressed it', async (gibibytes) => {
    const announced = (bytes + gibibytes * gibibyte) % 2 ** 32
    const facts = await looked(grownBy(gpt, gibibytes))
    expect(facts.unpackedBytes).toBe(announced)
    expect(sizeIn(facts)).toEqual({ virtualBytes: bytes, virtualBytesAre: 'at-least' })
    expect(facts.unpackedBytesAtMost).toBeGreaterThan(gibibytes * gibibyte)
  })

  it('that could be above the limit is told to be unknown, and there is no verdict', async () => {
    const facts = await looked(grownBy(gpt, 112))
    expect(aboutSize(facts)).toMatchObject([
      { code: 'size-unknown', severity: 'unknown', evidence: expect.stringMatching(/announces 4\.2 MB .* 4 GiB more/) },
    ])
    // The same image in a file that cannot hold so much.
    expect(aboutSize({ ...facts, unpackedBytesAtMost: 99e9 })).toEqual([])
  })

  it('is that of the table where it ends little before what gzip announces, and an MBR does not know its end', () => {
    const size = (more: number) =>
      diskSizeOf(inGzip('mbr', 5 * gibibyte, gibibyte + more), { ...noClues, endingRunBytes: mebibyte }, {})
    for (const more of [0, 512, mebibyte, 16 * mebibyte])
      expect(size(more)).toEqual({ virtualBytes: 5 * gibibyte + more, virtualBytesAre: 'by-table' })
    for (const more of [16 * mebibyte + 512, 64 * mebibyte, -512])
      expect(size(more)).toEqual({ virtualBytes: 5 * gibibyte, virtualBytesAre: 'at-least' })
  })

  it('is that of the table at the least where what stands at the end of a gzip file is no length of a disk, or too small', () => {
    for (const announced of [gibibyte + 511, mebibyte]) {
      const size = diskSizeOf(inGzip('gpt', 2 * gibibyte, announced), noClues, {})
      expect(size).toEqual({ virtualBytes: 2 * gibibyte, virtualBytesAre: 'at-least' })
    }
  })

  it('is known after a full pass, whatever the table says', async () => {
    const grown = gzipSync(withZeros(mbr, 3 * mebibyte))
    expect(sizeIn(await looked(grown, true))).toEqual({ virtualBytes: bytes + 3 * mebibyte, virtualBytesAre: 'exact' })
  })

  it('is what the table says at the least where nothing tells a length', () => {
    for (const partitionTable of ['gpt', 'mbr'] as const) {
      const disk = { ...usualDisk, partitionTable, endBytes: gibibyte }
      expect(diskSizeOf({ compressions: [], format: 'raw', disk }, noClues, {})).toEqual({
        virtualBytes: gibibyte,
        virtualBytesAre: 'at-least',
      })
    }
  })

  describe.runIf(hasBzip2)('in bzip2, which announces no length', () => {
    it('is that of the table where the disk does not end with a run', async () => {
      const facts = await looked(packedBy('bzip2', ['-9c'], gpt))
      expect(sizeIn(facts)).toEqual({ virtualBytes: bytes, virtualBytesAre: 'by-table' })
    })

    it('is the least where a run follows behind the second header of a GPT, or is longer than an MBR knows of', async () => {
      const least = { virtualBytes: bytes, virtualBytesAre: 'at-least' }
      expect(sizeIn(await looked(packedBy('bzip2', ['-9c'], withZeros(gpt, 50 * mebibyte))))).toEqual(least)
      expect(sizeIn(await looked(packedBy('bzip2', ['-9c'], withZeros(mbr, 100 * mebibyte))))).toEqual(least)
      // Empty room behind the last file is nothing unusual.
      const usual = await looked(packedBy('bzip2', ['-9c'], mbr))
      expect(sizeIn(usual)).toEqual({ virtualBytes: bytes, virtualBytesAre: 'by-table' })
    })

    it('is proved to be below a limit by the little that the file has', async () => {
      expect(aboutSize(await looked(packedBy('bzip2', ['-9c'], withZeros(mbr, 100 * mebibyte))))).toEqual([])
    })
  })

  it('of a container is by its header, and more than a number can say is too large', async () => {
    const huge = Buffer.from(qcow2Disk())
    expect(sizeIn(await looked(huge))).toEqual({ virtualBytes: 16 * mebibyte, virtualBytesAre: 'exact' })
    huge.writeBigUInt64BE(10n * 2n ** 50n, 24)
    for (const file of [huge, gzipSync(huge)]) {
      const facts = await looked(file)
      expect(sizeIn(facts)).toEqual({ virtualBytes: Number.MAX_SAFE_INTEGER, virtualBytesAre: 'at-least' })
      expect(aboutSize(facts)).toMatchObject([{ code: 'too-large', evidence: expect.stringContaining('at least') }])
    }
  })

  it('of a container is never the length of its file', async () => {
    const vhdx = await looked(vhdxDisk())
    const { virtualBytes: _, virtualBytesAre: __, ...without } = vhdx
    expect(aboutSize(without)).toMatchObject([{ code: 'size-unknown' }])
  })

  it('of a plain file that no machine has room for is its length', async () => {
    const path = join(folder, 'sparse')
    const file = await open(path, 'w')
    await file.write(mbr)
    await file.truncate(2 ** 42)
    await file.close()
    const facts = await inspect(path)
    expect(aboutSize(facts)).toMatchObject([{ code: 'too-large' }])
  })
})
