import { describe, expect, it } from 'vitest'
import { gptDisk, rawDisk } from '../../demo/disk-images.ts'
import { readRawDisk } from '../../src/inspect/formats/raw.ts'
import { readInMemory } from '../../src/inspect/in-memory.ts'
import { wholeFile } from '../../src/inspect/reading.ts'

const read = (bytes: Uint8Array, length: number | undefined = bytes.length) =>
  readInMemory(readRawDisk(wholeFile(length)), bytes)

describe('a plain disk', () => {
  it.each([
    ['an MBR', rawDisk()],
    ['a GPT', gptDisk()],
  ])('with %s is as long as it promises', (_, bytes) => {
    const container = read(bytes)
    expect(container).toMatchObject({ format: 'raw', virtualBytes: bytes.length, features: {} })
    expect(container && readInMemory(container.completeness(), bytes)).toEqual({ promisedBytes: bytes.length })
  })

  it('is its own contents', () => {
    const bytes = rawDisk()
    const container = read(bytes)
    const part = container?.disk && readInMemory(container.disk.read(0, 512), bytes)
    expect(part).toEqual({ bytes: bytes.subarray(0, 512) })
  })

  it('that is longer than its partitions is a disk of that length, and one that was cut short of the promised', () => {
    const bytes = gptDisk()
    expect(read(Buffer.concat([bytes, Buffer.alloc(4096)]))?.virtualBytes).toBe(bytes.length + 4096)
    expect(read(bytes.subarray(0, 50_000))?.virtualBytes).toBe(bytes.length)
  })

  it('whose length is not known tells no size by itself, whatever its partition table says', () => {
    for (const bytes of [gptDisk(), rawDisk()]) {
      const container = readInMemory(readRawDisk(wholeFile(undefined)), bytes)
      expect(container).toMatchObject({ format: 'raw' })
      expect(container?.virtualBytes).toBeUndefined()
    }
  })

  it('without a partition table has no format', () => {
    const fileSystem = Buffer.alloc(4096)
    fileSystem.write('XFSB', 'latin1')
    for (const bytes of [fileSystem, Buffer.alloc(0), Buffer.alloc(2 ** 20)]) expect(read(bytes)).toBeUndefined()
  })

  it('of which nothing could be read has no format', () => {
    const reading = readRawDisk(wholeFile(2 ** 20))
    reading.next()
    expect(reading.next({ bytes: new Uint8Array(), short: 'unavailable' })).toEqual({ done: true, value: undefined })
  })
})
