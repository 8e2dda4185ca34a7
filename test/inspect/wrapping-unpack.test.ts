import { createHash } from 'node:crypto'
import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Packing } from '../../src/inspect/reading.ts'
import { unpack } from '../../src/inspect/unpack.ts'
import { isCi, missingOf } from '../tools.ts'
import { diskLike, packedBy } from './packed-files.ts'

const programs = ['bzip2', 'xz', 'zstd'] as const
const missing = missingOf(programs)
const hasAll = missing.length === 0
if (!hasAll) process.stderr.write(`${missing.join(', ')} not installed: the cases with files of theirs are left out\n`)

it.runIf(isCi)('the compressors are installed on the build machine', () => {
  expect(missing).toEqual([])
})

const mebibyte = 2 ** 20
const content = diskLike(150_000, 'unpack')
const bytesOf = (...values: readonly number[]): Uint8Array => Uint8Array.from(values)

const packedWays = (): readonly (readonly [Packing, Uint8Array])[] => [
  ['gzip', gzipSync(content)],
  ['zlib', deflateSync(content)],
  ['deflate', deflateRawSync(content)],
  ...(hasAll
    ? ([
        ['bzip2', packedBy('bzip2', ['-1c'], content)],
        ['xz', packedBy('xz', ['-0c'], content)],
        ['zstd', packedBy('zstd', ['-c', '--no-content-size'], content)],
        ['zstd', packedBy('zstd', ['-19c'], content)],
      ] as const)
    : []),
]

const isBeginning = (bytes: Uint8Array): boolean => Buffer.compare(bytes, content.subarray(0, bytes.length)) === 0

describe('unpacking', () => {
  it('gives as much as is wanted, and tells why there is less', async () => {
    for (const [packing, packed] of packedWays()) {
      for (const most of [1, 4096, 131_073, content.length]) {
        const part = await unpack(packing, packed, most)
        expect([packing, part.bytes.length, part.short]).toEqual([packing, most, undefined])
        expect(isBeginning(part.bytes)).toBe(true)
      }
      const all = await unpack(packing, packed, content.length + 1)
      expect([packing, all.bytes.length, all.short]).toEqual([packing, content.length, 'end'])
    }
  })

  it('gives of what was cut the beginning that can be known', async () => {
    for (const [packing, packed] of packedWays()) {
      for (let length = 0; length < packed.length; length += 1 + Math.floor(packed.length / 23)) {
        const part = await unpack(packing, packed.subarray(0, length), content.length + 1)
        expect([packing, length, part.short]).toEqual([packing, length, 'unavailable'])
        expect(isBeginning(part.bytes)).toBe(true)
      }
    }
  })

  it('tells what is not packed that way', async () => {
    for (const packing of ['gzip', 'zlib', 'bzip2', 'xz', 'zstd'] as const) {
      const part = await unpack(packing, content.subarray(8192, 20_000), 1000)
      expect([packing, part.bytes.length, part.short]).toEqual([packing, 0, 'damaged'])
    }
  })

  it('gives nothing where nothing is wanted, or nothing is there', async () => {
    for (const [packing, packed] of packedWays()) {
      for (const most of [0, -1, Number.NaN]) {
        expect(await unpack(packing, packed, most)).toEqual({ bytes: new Uint8Array(), short: 'unavailable' })
      }
      expect((await unpack(packing, new Uint8Array(), 10)).short).toBe('unavailable')
    }
  })

  it.runIf(hasAll)('gives of a bzip2 file whole blocks alone, and streams that follow each other', async () => {
    const stream = packedBy('bzip2', ['-1c'], content)
    const blocks = diskLike(400_000, 'blocks')
    const damaged = Buffer.from(packedBy('bzip2', ['-1c'], blocks))
    const place = Math.floor(damaged.length * 0.9)
    damaged[place] = (damaged[place] ?? 0) ^ 0x55
    const part = await unpack('bzip2', damaged, blocks.length)
    // A block holds 100,000 bytes, and more where bytes repeat: the last one is damaged.
    expect(part.short).toBe('damaged')
    expect(part.bytes.length).toBeGreaterThan(100_000)
    expect(part.bytes.length).toBeLessThan(380_000)
    expect(Buffer.compare(part.bytes, blocks.subarray(0, part.bytes.length))).toBe(0)

    const twice = await unpack('bzip2', Buffer.concat([stream, stream]), mebibyte)
    expect([twice.bytes.length, twice.short]).toEqual([2 * content.length, 'end'])
    const garbage = await unpack('bzip2', Buffer.concat([stream, Buffer.from('garbage')]), mebibyte)
    expect([garbage.bytes.length, garbage.short]).toEqual([content.length, 'end'])
  })

  it.runIf(hasAll)('does not set aside what a header wants', async () => {
    const little = content.subarray(0, 5000)
    // Far more dictionary than an importer would have: xz refuses, and zstd needs no more than there is.
    const xz = await unpack('xz', packedBy('xz', ['-c', '--lzma2=dict=1GiB'], little), 5000)
    expect([xz.bytes.length, xz.short]).toEqual([0, 'unavailable'])
    const zstd = Buffer.from(packedBy('zstd', ['-c', '--no-content-size', '--long=27'], little))
    // The window descriptor's largest value within what the library takes, 1.875 GiB.
    zstd[5] = 0xa7
    const before = process.memoryUsage().arrayBuffers
    const part = await unpack('zstd', zstd, 5000)
    expect(isBeginning(part.bytes)).toBe(true)
    expect(part.bytes.length).toBe(5000)
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(64 * mebibyte)
  })

  it('does not take a frame of Zstandard that was packed with a dictionary', async () => {
    const frame = bytesOf(0x28, 0xb5, 0x2f, 0xfd, 0x21, 7, 5, 0x29, 0, 0, 1, 2, 3, 4, 5)
    expect(await unpack('zstd', frame, 100)).toEqual({ bytes: Buffer.alloc(0), short: 'unavailable' })
    frame[5] = 0
    expect((await unpack('zstd', frame, 100)).bytes).toEqual(Buffer.from([1, 2, 3, 4, 5]))
  })
})

/** A file that unpacks to a GiB of zeros, by putting one that unpacks to a part of it behind itself. */
const repeated = (packed: Uint8Array, times: number): Uint8Array =>
  Buffer.concat(Array.from({ length: times }, () => packed))

describe('a bomb', () => {
  const zeros = Buffer.alloc(64 * mebibyte)
  const oneOf64 = zeros.subarray(0, 16 * mebibyte)
  // Blocks that repeat one byte 131,072 times, in a frame that does not end.
  const zstdBlocks = Buffer.concat([bytesOf(0x28, 0xb5, 0x2f, 0xfd, 0, 0x58), repeated(bytesOf(2, 0, 16, 0), 8192)])

  it.runIf(hasAll)(
    'gives 64 MiB at the most, whatever is wanted',
    async () => {
      const bombs: readonly (readonly [Packing, Uint8Array])[] = [
        ['gzip', repeated(gzipSync(oneOf64), 64)],
        ['bzip2', repeated(packedBy('bzip2', ['-9c'], oneOf64), 64)],
        ['xz', repeated(packedBy('xz', ['-0c'], oneOf64), 64)],
        ['zstd', repeated(packedBy('zstd', ['-c'], oneOf64), 64)],
        ['zstd', zstdBlocks],
      ]
      for (const [packing, bomb] of bombs) {
        const first = await unpack(packing, bomb, 1000)
        expect([packing, first.bytes.length, first.short]).toEqual([packing, 1000, undefined])
        const part = await unpack(packing, bomb, 2 ** 40)
        // As much as can be had in the time there is.
        expect(part.bytes.length).toBeLessThanOrEqual(64 * mebibyte)
        expect(part.bytes.length).toBeGreaterThan(mebibyte)
        expect(Buffer.compare(part.bytes, zeros.subarray(0, part.bytes.length))).toBe(0)
      }
    },
    60_000,
  )
})

describe('bytes that were made to never come to an end', () => {
  it('are given up, in Zstandard: weights of a code of which each takes no bit', async () => {
    const weights = [5, 0xf0, 0x03, 0, 0x80]
    const literals = [0x02 | (20 << 4), (20 >> 4) | ((weights.length + 6) << 6), (weights.length + 6) >> 2]
    const block = [...literals.map((byte) => byte & 0xff), ...weights, 1, 1, 1, 1, 1, 1, 0]
    const header = 1 | (2 << 1) | (block.length << 3)
    const frame = bytesOf(0x28, 0xb5, 0x2f, 0xfd, 0x20, 100, header & 0xff, header >> 8, 0, ...block)
    const part = await unpack('zstd', frame, 1000)
    expect([part.bytes.length, part.short]).toEqual([0, 'unavailable'])
  })
})

describe('any bytes', () => {
  const damage = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 6 })

  it('are unpacked or not, and nothing is thrown', async () => {
    const ways = packedWays()
    const property = fc.asyncProperty(fc.constantFrom(...ways), damage, fc.nat(200_000), async (way, hits, most) => {
      const [packing, packed] = way
      const bytes = Buffer.from(packed)
      for (const [place, value] of hits) bytes[place % bytes.length] = value
      const part = await unpack(packing, bytes, most)
      expect(part.bytes.length).toBeLessThanOrEqual(most)
      expect(part.short === undefined).toBe(part.bytes.length === most && most > 0)
      // Each bzip2 block has a check sum, so that nothing else comes out of it.
      if (packing === 'bzip2') expect(isBeginning(part.bytes)).toBe(true)
    })
    await fc.assert(property, { numRuns: 150 })
  })

  it('are taken behind every magic number', async () => {
    const magics: readonly (readonly [Packing, string])[] = [
      ['gzip', '\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03'],
      ['zlib', '\x78\x9c'],
      ['deflate', ''],
      ['bzip2', 'BZh11AY&SY'],
      ['bzip2', 'BZh9\x17rE8P\x90'],
      ['xz', '\xfd7zXZ\x00\x00\x04\xe6\xd6\xb4F'],
      ['zstd', '\x28\xb5\x2f\xfd'],
      ['zstd', '\x50\x2a\x4d\x18\x00\x00\x00\x00'],
    ]
    const property = fc.asyncProperty(
      fc.constantFrom(...magics),
      fc.uint8Array({ maxLength: 300 }),
      async ([packing, magic], rest) => {
        const part = await unpack(packing, Buffer.concat([Buffer.from(magic, 'latin1'), rest]), 10_000)
        expect(part.bytes.length).toBeLessThanOrEqual(10_000)
      },
    )
    await fc.assert(property, { numRuns: 400 })
  })

  it('are left as they were', async () => {
    const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
    for (const [packing, packed] of packedWays()) {
      const before = digest(packed)
      await unpack(packing, packed, 1000)
      expect(digest(packed)).toBe(before)
    }
  })
})
