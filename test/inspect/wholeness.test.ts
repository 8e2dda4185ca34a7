import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { type ImageFacts, inspect } from 'imageferry/inspect'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { gptDisk, qcow2Disk, rawDisk } from '../../demo/disk-images.ts'
import { missingOf } from '../tools.ts'
import { linesOf } from './lines-of.ts'

const mebibyte = 2 ** 20
const hasBzip2 = missingOf(['bzip2']).length === 0

/** A disk that cannot be compressed, so that most of it lies beyond what a look fetches. */
const filled = (make: (options: { bytes: number }) => Uint8Array): Buffer => {
  const disk = Buffer.from(make({ bytes: 6 * mebibyte }))
  randomBytes(4 * mebibyte).copy(disk, mebibyte)
  return disk
}

const only = ({ truncated, truncationSuspected }: ImageFacts) => ({ truncated, suspected: truncationSuspected })

describe('whether a file is whole', () => {
  let folder = ''
  const looked = async (bytes: Uint8Array, fullPass = false): Promise<ImageFacts> => {
    const path = join(folder, 'image')
    await writeFile(path, bytes)
    return inspect(path, { fullPass })
  }
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'imageferry-whole-'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  const disk = filled(gptDisk)
  const cut = disk.subarray(0, 4 * mebibyte)
  const packed = gzipSync(disk, { level: 1 })

  it('is known of a plain disk', async () => {
    expect(only(await looked(disk))).toEqual({ truncated: false, suspected: undefined })
    expect(only(await looked(cut))).toEqual({ truncated: true, suspected: undefined })
  })

  it('is not claimed of what is compressed by gzip, unless every byte was read', async () => {
    const facts = await looked(packed)
    expect(only(facts)).toEqual({ truncated: undefined, suspected: undefined })
    expect(linesOf(facts.unknown)).toContain('whether the file is whole: only all of it would tell')
    const whole = await looked(packed, true)
    expect(only(whole)).toEqual({ truncated: false, suspected: undefined })
    expect(whole.unknown.map(({ about }) => about)).not.toContain('wholeness')
  })

  it('is doubted where a disk was cut before it was compressed, and known when every byte was read', async () => {
    const facts = await looked(gzipSync(cut, { level: 1 }))
    expect(facts.truncated).toBeUndefined()
    expect(facts.truncationSuspected).toMatch(/announces 4194304 bytes.*at least 6291456/)
    expect(only(await looked(gzipSync(cut, { level: 1 }), true))).toEqual({ truncated: true, suspected: undefined })
  })

  it.runIf(hasBzip2)(
    'is doubted where a disk that bzip2 compressed ends without the second header of its GPT',
    async () => {
      // So much of zeros that bzip2 makes whole blocks of them.
      const large = Buffer.from(gptDisk({ bytes: 32 * mebibyte }))
      const bzip2 = (input: Uint8Array) => execFileSync('bzip2', ['-1c'], { maxBuffer: 2 ** 26, input })
      const facts = await looked(bzip2(large.subarray(0, 24 * mebibyte)))
      expect(facts.truncated).toBeUndefined()
      expect(facts.truncationSuspected).toMatch(/ends with equal bytes.*cut, or grown/)
      expect(only(await looked(bzip2(large))).suspected).toBeUndefined()
    },
  )

  it('is doubted where the compressed file was cut, and known when every byte was read', async () => {
    // What stands at the end is data then. A number that no such file can announce is known for what it is, and one that could be
    // meant is not noticed: neither is tried here.
    let end = 3 * mebibyte
    const announced = (): number => packed.readUInt32LE(end - 4)
    while (announced() % 512 === 0 || announced() > 2 ** 31 || announced() < 2 ** 24) end -= 1
    expect((await looked(packed.subarray(0, end))).truncationSuspected).toMatch(/which is no length of a raw image/)
    const whole = await looked(packed.subarray(0, end), true)
    expect(only(whole)).toEqual({ truncated: true, suspected: undefined })
    expect(whole.fullPass?.damaged).toBe(true)
  })

  it('is doubted for a length that few qcow2 files have, until every byte was read', async () => {
    const image = gzipSync(Buffer.concat([qcow2Disk(), randomBytes(2 * mebibyte + 192)]), { level: 1 })
    expect((await looked(image)).truncationSuspected).toMatch(/an unusual length of a qcow2 image/)
    expect(only(await looked(image, true))).toEqual({ truncated: false, suspected: undefined })
  })

  it('is not doubted for zeros behind a gzip file', async () => {
    const padded = Buffer.concat([packed, Buffer.alloc(1024)])
    expect(only(await looked(padded))).toEqual({ truncated: undefined, suspected: undefined })
    expect(only(await looked(padded, true))).toEqual({ truncated: false, suspected: undefined })
  })

  it('leaves the size of a disk with an MBR in gzip to its table until every byte was read', async () => {
    const mbr = gzipSync(filled(rawDisk), { level: 1 })
    const size = { virtualBytes: 6 * mebibyte }
    expect(await looked(mbr)).toMatchObject({ ...size, virtualBytesAre: 'by-table' })
    expect(await looked(mbr, true)).toMatchObject({ ...size, virtualBytesAre: 'exact' })
  })
})
