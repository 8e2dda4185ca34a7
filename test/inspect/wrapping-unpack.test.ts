import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { inspect } from 'imageferry/inspect'
import { describe, expect, it } from 'vitest'
import { gptDisk } from '../../demo/disk-images.ts'
import type { Packing } from '../../src/inspect/reading.ts'
import { unpacker } from '../../src/inspect/unpack.ts'
import { isCi, missingOf } from '../tools.ts'
import { linesOf } from './lines-of.ts'
import { diskLike, endlessZstd, packedBy } from './packed-files.ts'

const programs = ['bzip2', 'xz', 'zstd'] as const
const missing = missingOf(programs)
const hasAll = missing.length === 0
if (!hasAll) process.stderr.write(`${missing.join(', ')} not installed: the cases with files of theirs are left out\n`)

it.runIf(isCi)('the compressors are installed on the build machine', () => {
  expect(missing).toEqual([])
})

const mebibyte = 2 ** 20

/** Unpacks as the first thing of a look. */
const unpack = (packing: Packing, packed: Uint8Array, most: number) => unpacker().unpack(packing, packed, most)

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

  it('unpacks a file of very many frames, one after the other', async () => {
    const frames = Buffer.concat(
      Array.from({ length: 30_000 }, (_, index) => bytesOf(0x28, 0xb5, 0x2f, 0xfd, 0x20, 1, 0x09, 0, 0, index % 256)),
    )
    const expected = Buffer.from(Array.from({ length: 30_000 }, (_, index) => index % 256))
    expect(await unpack('zstd', frames, 40_000)).toEqual({ bytes: expected, short: 'end' })
    expect(await unpack('zstd', frames.subarray(0, -1), 40_000)).toEqual({
      bytes: expected.subarray(0, -1),
      short: 'unavailable',
    })
  })

  it('does not take a frame of Zstandard that was packed with a dictionary', async () => {
    const frame = bytesOf(0x28, 0xb5, 0x2f, 0xfd, 0x21, 7, 5, 0x29, 0, 0, 1, 2, 3, 4, 5)
    expect(await unpack('zstd', frame, 100)).toEqual({
      bytes: Buffer.alloc(0),
      short: 'unavailable',
      reason: 'zstd with a dictionary',
    })
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

  it.runIf(hasAll)('gives 64 MiB at the most, whatever is wanted', async () => {
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
  })
})

const tooLong = (milliseconds: number): string =>
  `what is compressed in the file: unpacking it takes longer than ${milliseconds} ms, and a look takes no longer for it`

describe('bytes that were made to never come to an end', () => {
  it('are given up, and nothing else is unpacked when the time of the look is spent', async () => {
    const { unpack: ofLook, unavailable } = unpacker({ budgetMs: 50 })
    expect((await ofLook('zlib', deflateSync(content), 1000)).bytes).toHaveLength(1000)
    expect(linesOf(unavailable())).toEqual([])
    const part = await ofLook('zstd', endlessZstd(), 1000)
    expect([part.bytes.length, part.short]).toEqual([0, 'unavailable'])
    for (const [packing, packed] of packedWays()) {
      const later = await ofLook(packing, packed, 1001)
      expect([packing, later.bytes.length, later.short]).toEqual([packing, 0, 'unavailable'])
    }
    // What was unpacked before can still be had.
    expect((await ofLook('zlib', deflateSync(content), 999)).bytes).toHaveLength(999)
    expect(linesOf(unavailable())).toEqual([tooLong(50)])
  })
})

describe('the time of a look', () => {
  /** A clock by which each look at it takes a second. */
  const slowClock = () => {
    let now = 0
    return () => (now += 1_000)
  }

  it.runIf(hasAll)('is shared by all that it unpacks here', async () => {
    for (const [packing, packed] of packedWays().filter(([kind]) => kind === 'bzip2' || kind === 'zstd')) {
      const { unpack: ofLook, unavailable } = unpacker({ budgetMs: 3_000, now: slowClock() })
      const lengths: number[] = []
      for (const more of [1, 2, 3, 4, 5])
        lengths.push((await ofLook(packing, Buffer.concat([packed, Buffer.alloc(more)]), 1000)).bytes.length)
      expect([packing, lengths]).toEqual([packing, [1000, 1000, 1000, 0, 0]])
      expect(linesOf(unavailable())).toEqual([tooLong(3_000)])
    }
  })

  it('leaves what was unpacked until it is spent', async () => {
    // A frame with one block as it is, and behind it one without an end.
    const frame = bytesOf(0x28, 0xb5, 0x2f, 0xfd, 0x20, 5, 0x29, 0, 0, 1, 2, 3, 4, 5)
    const { unpack: ofLook, unavailable } = unpacker({ budgetMs: 50 })
    const part = await ofLook('zstd', Buffer.concat([frame, endlessZstd()]), 1000)
    expect([[...part.bytes], part.short]).toEqual([[1, 2, 3, 4, 5], 'unavailable'])
    expect(linesOf(unavailable())).toEqual([tooLong(50)])
  })

  it('is counted by what comes where other threads unpack, however long that takes', async () => {
    const { unpack: ofLook, unavailable } = unpacker({ budgetMs: 100, now: slowClock() })
    const packed = deflateSync(Buffer.alloc(64 * mebibyte))
    expect((await ofLook('zlib', packed, 2 * mebibyte)).short).toBeUndefined()
    const part = await ofLook('zlib', packed, 64 * mebibyte)
    expect(part.short).toBe('unavailable')
    expect(part.bytes.length).toBeGreaterThan(10 * mebibyte)
    expect(part.bytes.length).toBeLessThan(30 * mebibyte)
    expect(linesOf(unavailable())).toEqual([tooLong(100)])
  })

  it.runIf(hasAll)('is not spent again on the same bytes', async () => {
    for (const [packing, packed] of packedWays().filter(([kind]) => kind === 'bzip2' || kind === 'zstd')) {
      let looks = 0
      const { unpack: ofLook } = unpacker({ budgetMs: 1e6, now: () => (looks += 1) })
      const first = await ofLook(packing, packed, content.length + 1)
      // The clock is looked at when it begins and when it ends.
      expect(looks).toBe(2)
      const others = packed.subarray(0, 5000)
      await ofLook(packing, others, 1000)
      expect(looks).toBe(4)
      for (const most of [1, 1000, content.length, content.length + 1, content.length + 2]) {
        const part = await ofLook(packing, Uint8Array.from(packed), most)
        expect(Buffer.compare(part.bytes, content.subarray(0, most))).toBe(0)
        expect(part.short).toBe(most > content.length ? 'end' : undefined)
      }
      expect(first.short).toBe('end')
      expect(looks).toBe(4)
      // Others of the same length, and the same ones as if they were packed in another way.
      const changed = Uint8Array.from(others)
      changed[4000] = (changed[4000] ?? 0) ^ 1
      await ofLook(packing, changed, 1000)
      expect(looks).toBe(6)
      expect((await ofLook('gzip', packed, 1000)).short).toBe('damaged')
    }
  })
})

describe('a block of bzip2', () => {
  it.runIf(hasAll)('is unpacked once, however much of it is wanted', async () => {
    let looks = 0
    const { unpack: ofLook } = unpacker({ budgetMs: 1e6, now: () => (looks += 1) })
    // A block holds so much of zeros that it is 45 MB unpacked.
    const packed = packedBy('bzip2', ['-9c'], Buffer.alloc(24 * mebibyte))
    for (const most of [mebibyte, 2 * mebibyte, 24 * mebibyte]) {
      const { bytes, short } = await ofLook('bzip2', packed, most)
      expect([bytes.length, short]).toEqual([most, undefined])
    }
    expect(looks).toBe(2)
  })
})

describe('what is packed in a way that is not unpacked here', () => {
  const little = content.subarray(0, 5000)
  const reasonOf = async (packing: Packing, packed: Uint8Array) => {
    const { unpack: ofLook, unavailable } = unpacker()
    const part = await ofLook(packing, packed, 1000)
    expect([part.bytes.length, part.short]).toEqual([0, 'unavailable'])
    await ofLook(packing, packed, 2000)
    return linesOf(unavailable())
  }
  const line = (how: string): string =>
    `what is compressed in the file: it is packed in a way that is not unpacked here (${how})`

  it.runIf(hasAll).each([
    [['--check=sha256'], 'xz with a SHA-256 check'],
    [['--lzma2=dict=1GiB'], 'xz with a dictionary above 64 MiB'],
    [['--x86', '--lzma2'], 'xz with another filter than LZMA2'],
  ])('is told once, for xz %j', async (args, how) => {
    expect(await reasonOf('xz', packedBy('xz', ['-c', ...args], little))).toEqual([line(how)])
  })

  it.runIf(hasAll)('is told by a look, which says what it could not see', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'imageferry-unpack-'))
    try {
      const path = join(folder, 'disk.raw.xz')
      await writeFile(path, packedBy('xz', ['-c', '--check=sha256'], gptDisk()))
      const { compressions, format, unknown } = await inspect(path)
      expect([compressions, format]).toEqual([['xz'], undefined])
      expect(linesOf(unknown).filter((what) => what.includes('packed in a way'))).toEqual([
        line('xz with a SHA-256 check'),
      ])
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })

  it('is told of a check that nobody knows, and of Zstandard with a dictionary', async () => {
    // The header's check sum fits.
    const xz = Buffer.from('fd377a585a000002', 'hex')
    const sum = Buffer.alloc(4)
    sum.writeUInt32LE(crc32(xz.subarray(6, 8)))
    expect(await reasonOf('xz', Buffer.concat([xz, sum, Buffer.alloc(100)]))).toEqual([
      line('xz with an unknown check'),
    ])
    const zstd = bytesOf(0x28, 0xb5, 0x2f, 0xfd, 0x21, 7, 5, 0x29, 0, 0, 1, 2, 3, 4, 5)
    expect(await reasonOf('zstd', zstd)).toEqual([line('zstd with a dictionary')])
  })

  it('is not what was cut', async () => {
    for (const [packing, packed] of packedWays())
      if (packing !== 'deflate' && packing !== 'zlib' && packing !== 'gzip')
        expect(await reasonOf(packing, packed.subarray(0, 14))).toEqual([])
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
