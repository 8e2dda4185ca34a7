import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { gptDisk, rawDisk } from '../../demo/disk-images.ts'
import { readInMemory } from '../../src/inspect/in-memory.ts'
import { wholeFile } from '../../src/inspect/reading.ts'
import { bzip2Marks } from '../../src/inspect/wrapping/bzip2-marks.ts'
import { packedEnd } from '../../src/inspect/wrapping/packed-end.ts'
import { missingOf } from '../tools.ts'
import { packedBy } from './packed-files.ts'

const mebibyte = 2 ** 20
const hasBzip2 = missingOf(['bzip2']).length === 0

const gpt = gptDisk({ bytes: 4 * mebibyte })
const withZeros = (disk: Uint8Array, bytes: number): Uint8Array => Buffer.concat([disk, Buffer.alloc(bytes)])

const gzipEnd = (file: Uint8Array, length: number | undefined = file.length) =>
  readInMemory(packedEnd('gzip', wholeFile(length)), file)
const bzip2End = (file: Uint8Array) => readInMemory(packedEnd('bzip2', wholeFile(file.length)), file)

describe('the end of what is packed by gzip', () => {
  it.each([1, 6, 9])('is no run where a GPT has its second header there (level %i)', (level) => {
    expect(gzipEnd(gzipSync(gpt, { level })).endingRunBytes).toBe(0)
  })

  it.each([1, 6, 9])('is a run where a disk goes on behind its second header (level %i)', (level) => {
    for (const zeros of [mebibyte, 3 * mebibyte + 512, 17 * mebibyte])
      expect(gzipEnd(gzipSync(withZeros(gpt, zeros), { level })).endingRunBytes).toBeGreaterThan(0)
  })

  it('is a run of whatever bytes are equal', () => {
    const filled = Buffer.concat([gpt, Buffer.alloc(mebibyte, 0xf6)])
    expect(gzipEnd(gzipSync(filled)).endingRunBytes).toBeGreaterThan(0)
  })

  it('tells how much can be in the file at the most', () => {
    const file = gzipSync(Buffer.alloc(64 * mebibyte), { level: 9 })
    expect(gzipEnd(file).unpackedBytesAtMost).toBe(file.length * 1032)
    expect(file.length * 1032).toBeGreaterThanOrEqual(64 * mebibyte)
  })

  it('is not told of a file that is too short, or of which no length is known', () => {
    expect(gzipEnd(gzipSync(Buffer.alloc(5))).endingRunBytes).toBeUndefined()
    expect(readInMemory(packedEnd('gzip', wholeFile(undefined)), gzipSync(gpt))).toEqual({})
  })
})

describe.runIf(hasBzip2)('the end of what is packed by bzip2', () => {
  it.each(['-1c', '-9c'])('is no run where a GPT has its second header there (%s)', (level) => {
    expect(bzip2End(packedBy('bzip2', [level], gpt)).endingRunBytes).toBe(0)
  })

  it.each(['-1c', '-9c'])('is a run where a disk goes on behind its second header (%s)', (level) => {
    const grown = bzip2End(packedBy('bzip2', [level], withZeros(gpt, 110 * mebibyte)))
    expect(grown.endingRunBytes).toBeGreaterThan(40 * mebibyte)
    expect(grown.endingRunBytes).toBeLessThan(120 * mebibyte)
  })

  it('tells how much can be in the file at the most', () => {
    const bytes = 100 * mebibyte
    const most = bzip2End(packedBy('bzip2', ['-9c'], Buffer.alloc(bytes))).unpackedBytesAtMost
    expect(most).toBeGreaterThanOrEqual(bytes)
    expect(most).toBeLessThan(3 * bytes)
  })

  it('takes a stream for one of the largest blocks, whatever the first one says of its own', () => {
    const streams = ['-1c', '-9c'].map((level) => packedBy('bzip2', [level], Buffer.alloc(40 * mebibyte)))
    expect(bzip2End(Buffer.concat(streams)).unpackedBytesAtMost).toBeGreaterThanOrEqual(80 * mebibyte)
  })

  it('counts a block for what it holds without runs where every block is a stream', () => {
    const streams = Array.from({ length: 30 }, () => packedBy('bzip2', ['-9c'], Buffer.alloc(900_000)))
    const { endingRunBytes } = bzip2End(Buffer.concat([packedBy('bzip2', ['-9c'], rawDisk()), ...streams]))
    expect(endingRunBytes).toBe(30 * 900_000)
  })

  it('is not told of a file without the mark that ends it', () => {
    expect(bzip2End(packedBy('bzip2', ['-9c'], gpt).subarray(0, -6)).endingRunBytes).toBeUndefined()
  })

  it('has its marks at whatever bits', () => {
    const [first, ...further] = bzip2Marks(packedBy('bzip2', ['-1c'], withZeros(gpt, 20 * mebibyte)))
    expect(first).toEqual({ kind: 'block', bit: 32 })
    expect(further.length).toBeGreaterThan(2)
    expect(further.some(({ bit }) => bit % 8 !== 0)).toBe(true)
    expect(further.map(({ kind }) => kind).lastIndexOf('block')).toBe(further.length - 2)
    expect(further.at(-1)?.kind).toBe('end')
  })
})
