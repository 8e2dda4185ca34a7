import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { crc32 } from '../../src/inspect/crc32.ts'
import type { Medium, Part, Reading } from '../../src/inspect/reading.ts'
import type { Layer } from '../../src/inspect/wrapping/layer.ts'
import { openLayer } from '../../src/inspect/wrapping/open-layer.ts'
import { isCi, missingOf } from '../tools.ts'
import { measuredLook } from './measured-look.ts'
import { diskLike, packedBy } from './packed-files.ts'

const programs = ['gzip', 'bzip2', 'xz', 'zstd', 'pzstd'] as const
const missing = missingOf(programs)
const has = (...needed: readonly string[]): boolean => !missing.some((program) => needed.includes(program))
if (missing.length > 0)
  process.stderr.write(`${missing.join(', ')} not installed: the cases with files of theirs are left out\n`)

it.runIf(isCi)('the compressors are installed on the build machine', () => {
  expect(missing).toEqual([])
})

const mebibyte = 2 ** 20
const tooLittle = { short: 'unavailable' }

const xzNumber = (value: number): readonly number[] =>
  value < 0x80 ? [value] : [(value % 0x80) + 0x80, ...xzNumber(Math.floor(value / 0x80))]

const withCheckSum = (bytes: Uint8Array): Uint8Array => {
  const sum = Buffer.alloc(4)
  sum.writeUInt32LE(crc32(bytes))
  return Buffer.concat([bytes, sum])
}

/** An xz file that has everything but blocks: in their place are as many zeros as the index says, or more or fewer. */
const xzOf = (
  records: readonly { readonly packed: number; readonly unpacked: number }[],
  moreBytes = 0,
): Uint8Array => {
  const flags = Buffer.from([0, 4])
  const header = Buffer.concat([Buffer.from('\xfd7zXZ\0', 'latin1'), withCheckSum(flags)])
  const blocks = records.reduce((sum, { packed }) => sum + Math.ceil(packed / 4) * 4, moreBytes)
  const numbers = records.flatMap(({ packed, unpacked }) => [...xzNumber(packed), ...xzNumber(unpacked)])
  const index = [0, ...xzNumber(records.length), ...numbers]
  const padded = withCheckSum(Uint8Array.from([...index, ...Array.from({ length: -index.length & 3 }, () => 0)]))
  const backwards = Buffer.alloc(4)
  backwards.writeUInt32LE(padded.length / 4 - 1)
  const footer = Buffer.concat([backwards, flags])
  const sum = withCheckSum(footer).subarray(footer.length)
  return Buffer.concat([header, Buffer.alloc(blocks), padded, sum, footer, Buffer.from('YZ')])
}

const layerOf = async (file: Uint8Array): Promise<Layer | undefined> => (await measuredLook(openLayer, file)).answer

interface Read {
  readonly layer: Layer
  readonly part: Part
}

/** Opens a layer and reads in it, in one go. */
const reads = (places: readonly (readonly [number, number])[]) =>
  function* (file: Medium): Reading<readonly Read[]> {
    const layer = yield* openLayer(file)
    if (layer === undefined) return []
    const answers: Read[] = []
    for (const [at, length] of places) answers.push({ layer, part: yield* layer.inside.read(at, length) })
    return answers
  }

const insideAt = async (file: Uint8Array, at: number, length: number): Promise<Part | undefined> =>
  (await measuredLook(reads([[at, length]]), file)).answer[0]?.part

const isSame = (part: Part | undefined, content: Uint8Array, at: number): boolean =>
  part !== undefined && Buffer.compare(part.bytes, content.subarray(at, at + part.bytes.length)) === 0

const small = diskLike(200_000, 'small')
const large = diskLike(3 * mebibyte, 'large')

/** How each program is asked, and the length that its file announces, in the words of a layer. */
const ways = [
  ['gzip', ['-1c'], 'modulo'],
  ['gzip', ['-9c'], 'modulo'],
  ['gzip', ['-nc'], 'modulo'],
  ['bzip2', ['-1c'], undefined],
  ['bzip2', ['-9c'], undefined],
  ['xz', ['-0c'], 'exact'],
  ['xz', ['-9c'], 'exact'],
  ['xz', ['-1c', '--check=crc32'], 'exact'],
  ['xz', ['-1c', '--check=none'], 'exact'],
  ['xz', ['-1c', '-T2', '--block-size=256KiB'], 'exact'],
  ['xz', ['-0c', '-T2', '--block-size=4KiB'], 'exact'],
  ['zstd', ['-1c'], undefined],
  ['zstd', ['-c', '--no-check'], undefined],
  ['zstd', ['-19c'], undefined],
  ['zstd', ['--ultra', '-22c'], undefined],
  ['zstd', ['-c', '--long=27'], undefined],
  ['zstd', ['-c', '-T2'], undefined],
  ['zstd', ['-c', '--no-content-size'], undefined],
] as const

describe('a compression around a file', () => {
  for (const [program, args, announced] of ways) {
    const title = [program, ...args].join(' ')

    it.runIf(has(program))(`${title}: is told with its length and its inside, at little cost`, async () => {
      const file = packedBy(program, args, large)
      const look = await measuredLook(
        reads([
          [0, 100_000],
          [262_144, 65_536],
          [100, 7],
        ]),
        file,
      )
      for (const { layer } of look.answer) {
        expect(layer.compression).toBe(program)
        expect(layer.unpackedBytes).toBe(announced === undefined ? undefined : large.length)
        expect(layer.unpackedBytesAre).toBe(announced)
        expect(layer.truncated).not.toBe(true)
      }
      const [first, second, third] = look.answer.map(({ part }) => part)
      expect([first?.short, second?.short, third?.short]).toEqual([undefined, undefined, undefined])
      expect(isSame(first, large, 0)).toBe(true)
      expect(isSame(second, large, 262_144)).toBe(true)
      expect(isSame(third, large, 100)).toBe(true)
      expect(look.furtherRequests).toBeLessThanOrEqual(2)
      expect(look.furtherBytes).toBeLessThanOrEqual(700_000)
    })

    it.runIf(has(program))(`${title}: ends where the file was seen to its end`, async () => {
      const file = packedBy(program, args, small)
      const look = await measuredLook(
        reads([
          [0, 300_000],
          [199_999, 5],
          [200_000, 5],
          [-1, 5],
          [0.5, 1],
        ]),
        file,
      )
      const [all, last, ...beyond] = look.answer.map(({ part }) => part)
      expect(Buffer.compare(all?.bytes ?? new Uint8Array(), small)).toBe(0)
      expect(all?.short).toBe('end')
      expect([last?.bytes.length, last?.short]).toEqual([1, 'end'])
      expect(beyond.map(({ bytes, short }) => [bytes.length, short])).toEqual([
        [0, 'end'],
        [0, 'end'],
        [0, 'end'],
      ])
      expect(look.furtherRequests).toBe(0)
    })

    it.runIf(has(program))(
      `${title}: holds what stands there, or tells that it cannot be had, wherever one reads`,
      async () => {
        const file = packedBy(program, args, large)
        const place = fc.tuple(fc.nat(large.length + 5000), fc.nat(200_000))
        const property = fc.asyncProperty(fc.array(place, { minLength: 1, maxLength: 4 }), async (places) => {
          const { answer } = await measuredLook(reads(places), file)
          answer.forEach(({ part }, index) => {
            const [at = 0, length = 0] = places[index] ?? []
            expect(isSame(part, large, at)).toBe(true)
            expect(part.short === undefined).toBe(part.bytes.length === length)
            expect(part.short).not.toBe('damaged')
          })
        })
        await fc.assert(property, { numRuns: program === 'bzip2' ? 2 : 6 })
      },
    )

    it.runIf(has(program))(`${title}: holds the same as far as it goes when the file was cut`, async () => {
      const whole = packedBy(program, args, small)
      for (const keep of [0.02, 0.3, 0.7, 0.99, 1 - 1 / whole.length]) {
        const file = whole.subarray(0, Math.floor(whole.length * keep))
        const part = await insideAt(file, 0, small.length + 1)
        expect(isSame(part, small, 0), `${keep}`).toBe(true)
        expect(part, `${keep}`).toMatchObject(tooLittle)
        const layer = await layerOf(file)
        expect(layer?.truncated, `${keep}`).toBe(true)
        expect(layer?.unpackedBytes, `${keep}`).toBeUndefined()
      }
    })
  }

  it('is none for other bytes', async () => {
    for (const file of [new Uint8Array(), small, Buffer.from('BZh9'), Buffer.from('\x1f\x8b', 'latin1')]) {
      expect(await layerOf(file)).toBeUndefined()
    }
  })
})

describe('a place that is too far inside', () => {
  it('is no end where what was fetched ends with a member of a gzip file', async () => {
    // 18 bytes of header and trailer, one block of 5 and these make 32 KiB: ten members fill what is fetched at first, and 20 all.
    const member = gzipSync(large.subarray(0, 32_768 - 23), { level: 0 })
    expect(member.length).toBe(32_768)
    const file = Buffer.concat(Array.from({ length: 30 }, () => member))
    const inside = 20 * (32_768 - 23)
    const look = await measuredLook(
      reads([
        [inside - 5, 10],
        [inside, 10],
      ]),
      file,
    )
    expect(look.answer.map(({ part }) => [part.bytes.length, part.short])).toEqual([
      [5, 'unavailable'],
      [0, 'unavailable'],
    ])
  })

  it('costs nothing', async () => {
    const look = await measuredLook(
      reads([
        [64 * mebibyte, 512],
        [Number.MAX_SAFE_INTEGER, 512],
      ]),
      gzipSync(large),
    )
    for (const { part } of look.answer) expect(part).toEqual({ bytes: new Uint8Array(), short: 'unavailable' })
    // The length at the file's end.
    expect(look.furtherRequests).toBe(1)
  })
})

describe('what a file announces of its length', () => {
  it('is certain where a gzip file was seen to its end, also of several members', async () => {
    const file = Buffer.concat([gzipSync(small), gzipSync(small.subarray(0, 1000))])
    expect(await layerOf(file)).toMatchObject({ unpackedBytes: 201_000, unpackedBytesAre: 'exact', truncated: false })
  })

  it('is nothing where a gzip member ends within what was seen and another follows', async () => {
    const file = Buffer.concat([gzipSync(small), gzipSync(large)])
    const layer = await layerOf(file)
    expect(layer?.unpackedBytes).toBeUndefined()
    expect(layer?.truncated).toBeUndefined()
    const part = await insideAt(file, 199_000, 3000)
    expect(
      Buffer.compare(part?.bytes ?? new Uint8Array(), Buffer.concat([small, large]).subarray(199_000, 202_000)),
    ).toBe(0)
  })

  it('is nothing where a gzip file is longer than what its end announces', async () => {
    const one = gzipSync(large, { level: 0 })
    expect(await layerOf(one)).toMatchObject({ unpackedBytes: large.length, unpackedBytesAre: 'modulo' })
    expect((await layerOf(Buffer.concat([one, gzipSync('more')])))?.unpackedBytes).toBeUndefined()
  })

  it('is nothing where the last of several gzip members is seen, but then the end is there', async () => {
    const members = [large, diskLike(mebibyte, 'next'), Buffer.alloc(16 * mebibyte)].map((part) => gzipSync(part))
    for (const last of [gzipSync('more'), gzipSync(new Uint8Array(1000)), gzipSync('')]) {
      const file = Buffer.concat([...members, last])
      const look = await measuredLook(openLayer, file)
      expect(look.answer).toMatchObject({ truncated: false })
      expect(look.answer?.unpackedBytes).toBeUndefined()
      expect(look.furtherRequests).toBeLessThanOrEqual(1)
      for (const less of [1, 4, 8, 9]) expect((await layerOf(file.subarray(0, -less)))?.truncated).not.toBe(false)
    }
  })

  it('is not taken from packed files that lie in an image that is packed', async () => {
    for (const inner of [gzipSync('a manual'), gzipSync('')]) {
      const content = Buffer.concat([large, inner, Buffer.alloc(1000), large])
      const cut = gzipSync(content, { level: 0 })
      const place = cut.lastIndexOf(inner)
      for (const behind of [4, 8, 500])
        expect((await layerOf(cut.subarray(0, place + inner.length + behind)))?.truncated).not.toBe(false)
    }
  })

  it('is nothing where a header has flags that no program knows', async () => {
    const file = Buffer.from(gzipSync(large, { level: 0 }))
    file.writeUInt8(0x20, 3)
    expect((await layerOf(file))?.truncated).not.toBe(false)
  })

  it('is read behind every field that a gzip header may have', async () => {
    const plain = gzipSync(large)
    const header = Buffer.from([0x1f, 0x8b, 8, 2 + 4 + 8 + 16, 0, 0, 0, 0, 0, 3])
    const fields = Buffer.from('\x03\0abcname\0comment\0cc', 'latin1')
    const file = Buffer.concat([header, fields, gzipSync(small).subarray(10), plain])
    // A wrong header check sum is not looked at by the first member's length.
    expect((await layerOf(file))?.unpackedBytes).toBeUndefined()
  })

  it('is a contradiction where a gzip file could not hold so much', async () => {
    const file = Buffer.from(gzipSync(diskLike(mebibyte, 'cut'), { level: 1 })).subarray(0, 400_000)
    file.writeUInt32LE(0xffff_fff0, file.length - 4)
    expect(await layerOf(file)).toMatchObject({ truncated: true })
  })

  it.runIf(has('xz'))('is nothing for several xz streams, with and without padding', async () => {
    const first = packedBy('xz', ['-0c'], small)
    const last = packedBy('xz', ['-0c'], small.subarray(0, 5000))
    for (const padding of [0, 4, 512]) {
      const file = Buffer.concat([first, Buffer.alloc(padding), last])
      const layer = await layerOf(file)
      expect(layer?.unpackedBytes).toBeUndefined()
      expect(layer?.truncated).toBeUndefined()
      const part = await insideAt(file, 0, 300_000)
      expect(part?.bytes.length).toBe(205_000)
      expect(part?.short).toBe('end')
    }
    expect(await layerOf(Buffer.concat([first, Buffer.alloc(8)]))).toMatchObject({ unpackedBytes: 200_000 })
  })

  it('is read from an xz index wherever it begins, and is nothing where that is longer than 256 KiB', async () => {
    const records = (count: number) => Array.from({ length: count }, () => ({ packed: 40, unpacked: 1000 }))
    for (const [count, requests] of [
      [0, 0],
      [1, 0],
      [9000, 1],
      [40_000, 2],
    ] as const) {
      const look = await measuredLook(openLayer, xzOf(records(count)))
      expect(look.answer).toMatchObject({ unpackedBytes: count * 1000, unpackedBytesAre: 'exact', truncated: false })
      expect(look.furtherRequests).toBe(requests)
    }
    const look = await measuredLook(openLayer, xzOf(records(90_000)))
    expect(look.answer?.unpackedBytes).toBeUndefined()
    expect(look.answer?.truncated).toBeUndefined()
    expect(look.furtherRequests).toBe(1)
  })

  it('is a contradiction where an xz index is of another length than the file, or of none that could be', async () => {
    expect(await layerOf(xzOf([{ packed: 40, unpacked: 1 }], -4))).toMatchObject({ truncated: true })
    for (const unpacked of [2 ** 53, 2 ** 60]) {
      expect(await layerOf(xzOf([{ packed: 40, unpacked }]))).toMatchObject({ truncated: true })
    }
    const most = Number.MAX_SAFE_INTEGER
    const twice = [
      { packed: 40, unpacked: most },
      { packed: 40, unpacked: most },
    ]
    expect((await layerOf(xzOf(twice)))?.unpackedBytes).toBeUndefined()
  })

  it.runIf(has('xz'))('is a contradiction wherever the end of an xz file is damaged', async () => {
    const whole = packedBy('xz', ['-0c'], small)
    for (let back = 1; back <= 24; back += 1) {
      const file = Buffer.from(whole)
      file[file.length - back] = (file[file.length - back] ?? 0) ^ 0x10
      expect(await layerOf(file), `${back}`).toMatchObject({ truncated: true })
    }
  })

  it.runIf(has('pzstd'))(
    'is nothing for the several frames that pzstd makes, which are unpacked all the same',
    async () => {
      const content = diskLike(12 * mebibyte, 'frames')
      const file = packedBy('pzstd', ['-c', '-p', '2', '-1'], content)
      const layer = await layerOf(file)
      expect(layer?.compression).toBe('zstd')
      expect(layer?.unpackedBytes).toBeUndefined()
      expect(isSame(await insideAt(file, 0, 400_000), content, 0)).toBe(true)
    },
  )

  it('is nothing for a Zstandard frame that is not seen to its end, since others may follow', async () => {
    const frame = Buffer.concat([
      Buffer.from('\x28\xb5\x2f\xfd\x80\x58\0\0\x40\0', 'latin1'),
      ...Array.from({ length: 32 }, () => Buffer.concat([Buffer.from([0, 0, 16]), Buffer.alloc(2 ** 17)])),
    ])
    const skippable = Buffer.from('\x50\x2a\x4d\x18\x04\0\0\0abcd', 'latin1')
    const little = Buffer.from('\x28\xb5\x2f\xfd\x20\x01\x09\0\0a', 'latin1')
    for (const file of [frame, Buffer.concat([frame, frame])]) {
      const layer = await layerOf(file)
      expect(layer?.compression).toBe('zstd')
      expect(layer).not.toHaveProperty('unpackedBytes')
      expect(layer).not.toHaveProperty('truncated')
    }
    expect((await layerOf(Buffer.concat([skippable, frame])))?.unpackedBytes).toBeUndefined()
    expect((await layerOf(Buffer.concat([little, frame])))?.unpackedBytes).toBeUndefined()
  })

  it.runIf(has('zstd'))('is the sum of the frames of a zstd file that was seen to its end', async () => {
    const frame = packedBy('zstd', ['-c'], small)
    const skippable = Buffer.from('\x5f\x2a\x4d\x18\x04\0\0\0abcd', 'latin1')
    const file = Buffer.concat([skippable, frame, skippable, packedBy('zstd', ['-c'], small.subarray(0, 10))])
    expect(await layerOf(file)).toMatchObject({ unpackedBytes: 200_010, unpackedBytesAre: 'exact', truncated: false })
    const part = await insideAt(file, 199_990, 100)
    expect([part?.bytes.length, part?.short]).toEqual([20, 'end'])
    expect((await layerOf(Buffer.concat([frame, Buffer.from('rest')])))?.unpackedBytes).toBeUndefined()
  })
})
