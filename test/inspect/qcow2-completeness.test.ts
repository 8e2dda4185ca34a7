import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { qcow2Disk, truncated } from '../../demo/disk-images.ts'
import type { Completeness } from '../../src/inspect/formats/container.ts'
import { readQcow2 } from '../../src/inspect/formats/qcow2.ts'
import { readInMemory } from '../../src/inspect/in-memory.ts'
import { type Medium, noPart, type Reading, wholeFile } from '../../src/inspect/reading.ts'
import { factsOf } from './container-reading.ts'
import { qemu, qemuImg, qemuIo } from './qemu-img.ts'
import { scatteredDisk } from './scattered-disk.ts'

const clusterBytes = 65_536
const refcounts = 2 * clusterBytes
const l1 = 3 * clusterBytes
const l2 = 4 * clusterBytes
/** What the reference counts know of a complete image: its last cluster, of which a byte has to be there. */
const countedBytes = 5 * clusterBytes + 1

function* completenessOf(file: Medium): Reading<Completeness | undefined> {
  const container = yield* readQcow2(file)
  return container && (yield* container.completeness())
}
const promised = (file: Uint8Array): number | undefined => factsOf(readQcow2, file)?.promisedBytes

/** A complete image with two clusters behind it that the mapping does not lead to, so that the reference counts matter; changed. */
const changed = (change: (file: Buffer) => unknown): Buffer => {
  const file = Buffer.concat([qcow2Disk(), Buffer.alloc(2 * clusterBytes)])
  change(file)
  return file
}

describe('the length that a qcow2 file promises', () => {
  const whole = qcow2Disk()

  it('is that of a complete one', () => {
    expect(promised(whole)).toBe(whole.length)
  })

  it('is that of the header where nothing follows from it', () => {
    expect(promised(Buffer.from('QFI\xfb\0\0\0\x03', 'latin1'))).toBe(104)
    expect(promised(Buffer.from('QFI\xfb\0\0\0\x02', 'latin1'))).toBe(72)
    expect(promised(changed((file) => file.writeUInt32BE(40, 20)))).toBe(104)
  })

  const far = BigInt(whole.length + 10 * clusterBytes)
  const behind = Number(far)
  it.each<readonly [string, number, (file: Buffer) => unknown]>([
    ['the backing file’s name', behind + 9, (file) => [file.writeBigUInt64BE(far, 8), file.writeUInt32BE(9, 16)]],
    ['the L1 table', behind + 8, (file) => file.writeBigUInt64BE(far, 40)],
    ['an L2 table', behind + clusterBytes, (file) => file.writeBigUInt64BE(far, l1)],
    ['a cluster', behind + clusterBytes, (file) => file.writeBigUInt64BE(far, l2 + 8)],
    ['a compressed cluster', behind + 513, (file) => file.writeBigUInt64BE((1n << 62n) | (1n << 54n) | far, l2)],
    [
      'a compressed cluster that begins within a sector',
      behind + 513,
      (file) => file.writeBigUInt64BE((1n << 62n) | (1n << 54n) | (far + 100n), l2),
    ],
    ['one within a sector', behind + 101, (file) => file.writeBigUInt64BE((1n << 62n) | (far + 100n), l2)],
    ['the reference count table', behind + clusterBytes, (file) => file.writeBigUInt64BE(far, 48)],
    ['a block of counts', behind + clusterBytes, (file) => file.writeBigUInt64BE(far, clusterBytes)],
    ['a count', behind + 1, (file) => file.writeUInt16BE(1, refcounts + (behind / clusterBytes) * 2)],
    ['the snapshots', behind + 80, (file) => [file.writeUInt32BE(2, 60), file.writeBigUInt64BE(far, 64)]],
    [
      'the header of the encryption',
      behind + 592,
      (file) => {
        file.writeUInt32BE(0x0537_be77, 104)
        file.writeUInt32BE(16, 108)
        file.writeBigUInt64BE(far, 112)
        file.writeBigUInt64BE(592n, 120)
      },
    ],
  ])('reaches to the end of %s', (_, expected, change) => {
    expect(promised(changed(change))).toBe(expected)
  })

  it('does not reach to clusters of zeros, wherever they were going to be', () => {
    expect(promised(changed((file) => file.writeBigUInt64BE(far | 1n, l2)))).toBe(countedBytes)
  })

  it('does not reach to data in another file', () => {
    const file = changed((bytes) => [bytes.writeUInt32BE(4, 76), bytes.writeBigUInt64BE(far, l2)])
    expect(promised(file)).toBe(countedBytes)
  })

  it('reaches to the last part in use of a cluster that has parts', () => {
    const withParts = (stored: number) =>
      promised(
        changed((file) => {
          file.writeUInt32BE(16, 76)
          file.writeBigUInt64BE(far, l2)
          file.writeUInt32BE(stored, l2 + 12)
        }),
      )
    expect(withParts(0b101)).toBe(behind + (3 * clusterBytes) / 32)
    expect(withParts(0x8000_0000)).toBe(behind + clusterBytes)
    expect(withParts(0)).toBe(countedBytes)
  })

  it.each([0, 1, 2, 3, 4, 5, 6])('knows reference counts of 2^%i bits', (order) => {
    const file = changed((bytes) => {
      bytes.writeUInt32BE(order, 96)
      bytes.fill(0, refcounts, refcounts + clusterBytes)
      // Cluster 1001 has a count of 1: counts of many bits have their last byte first from the right, those of few begin with the lowest.
      const bits = 2 ** order
      const at = bits < 8 ? Math.floor((1001 * bits) / 8) : (1001 * bits) / 8 + bits / 8 - 1
      bytes.writeUInt8(bits < 8 ? 1 << ((1001 * bits) % 8) : 1, refcounts + at)
    })
    expect(promised(file)).toBe(1001 * clusterBytes + 1)
  })

  it('is not looked for in the reference counts where the mapping leads into the last cluster of the file', () => {
    const file = Buffer.from(whole)
    file.writeUInt16BE(1, refcounts + 2000)
    expect(promised(file)).toBe(whole.length)
    expect(promised(Buffer.concat([file, Buffer.alloc(clusterBytes)]))).toBe(1000 * clusterBytes + 1)
  })

  it('does not believe the reference counts of a file that is dirty or corrupt, nor such as cannot be', () => {
    const counted = (incompatible: number, order = 4) =>
      promised(
        changed((file) => {
          file.writeUInt16BE(1, refcounts + 2000)
          file.writeUInt32BE(incompatible, 76)
          file.writeUInt32BE(order, 96)
        }),
      )
    expect(counted(0)).toBe(1000 * clusterBytes + 1)
    expect([counted(1), counted(2), counted(0, 7)]).toEqual([whole.length, whole.length, whole.length])
  })

  it('looks at the data of the L2 table that lies last, and of the last one in the guest’s order', () => {
    // Three tables for three times 512 MiB, which lie in another order than the guest has them.
    const tables = [l2, whole.length + 2 * clusterBytes, whole.length + clusterBytes]
    const file = Buffer.concat([whole, Buffer.alloc(3 * clusterBytes)])
    file.writeBigUInt64BE(3n * 2n ** 29n, 24)
    file.writeUInt32BE(3, 36)
    for (const [index, table] of tables.entries()) file.writeBigUInt64BE(BigInt(table), l1 + index * 8)
    expect(promised(file)).toBe(file.length)
    for (const [index, table] of tables.entries()) {
      const further = Buffer.from(file)
      further.writeBigUInt64BE(far, table + 8)
      expect(promised(further), `table ${index}`).toBe(index === 0 ? file.length : behind + clusterBytes)
    }
  })

  describe('in a large file', () => {
    const small = 512
    /** A file of zeros but for some 64-bit numbers, with clusters of 512 bytes. */
    const largeFile = (length: number, header: readonly (readonly [number, Uint8Array])[]): Medium => ({
      length,
      // biome-ignore lint/correctness/useYield: it is all there.
      *read(at, wanted) {
        const bytes = Buffer.alloc(Math.max(0, Math.min(wanted, length - at)))
        for (const [place, contents] of header) {
          for (const [index, byte] of contents.entries()) {
            const target = place + index - at
            if (target >= 0 && target < bytes.length) bytes[target] = byte
          }
        }
        return bytes.length < wanted ? { bytes, short: 'end' } : { bytes }
      },
    })
    const number = (value: number, bytes: 2 | 4 | 8): Uint8Array => {
      const buffer = Buffer.alloc(8)
      buffer.writeBigUInt64BE(BigInt(value))
      return buffer.subarray(8 - bytes)
    }
    const start = (l1Entries: number): readonly (readonly [number, Uint8Array])[] => [
      [0, Buffer.from('QFI\xfb\0\0\0\x03', 'latin1')],
      [20, number(9, 4)],
      [24, number(l1Entries * 64 * small, 8)],
      [36, number(l1Entries, 4)],
      [40, number(2 ** 20, 8)],
      [96, number(4, 4)],
    ]
    const look = (file: Medium) => readInMemory(completenessOf(file), new Uint8Array())

    it('looks at the beginning and the end of the L1 table', () => {
      const entries = 40_000
      const l2Of = (entry: number) =>
        look(largeFile(2 ** 22, [...start(entries), [2 ** 20 + entry * 8, number(2 ** 30, 8)]]))?.promisedBytes
      expect(l2Of(0)).toBe(2 ** 30 + small)
      expect(l2Of(entries - 1)).toBe(2 ** 30 + small)
      expect(l2Of(entries / 2)).toBe(2 ** 20 + entries * 8)
    })

    it('looks at the reference counts around its end', () => {
      const clustersPerBlock = small / 2
      const block = 2 ** 21
      const counted = (cluster: number) =>
        look(
          largeFile(2 ** 30, [
            ...start(1),
            [48, number(2 ** 22, 8)],
            // Room for 3.2 GiB; the end of this file is in the middle of it.
            [56, number(400, 4)],
            [2 ** 22 + Math.floor(cluster / clustersPerBlock) * 8, number(block, 8)],
            [block + (cluster % clustersPerBlock) * 2, number(1, 2)],
          ]),
        )?.promisedBytes
      for (const cluster of [2 ** 21 - 1, 2 ** 21, 2 ** 21 + 100_000]) {
        expect(counted(cluster), `cluster ${cluster}`).toBe(cluster * small + 1)
      }
    })
  })

  it('is not told where a table could not be had, unless the file is too short all the same', () => {
    const seenUpTo = (most: number, length: number | undefined): Medium => ({
      length,
      *read(at, wanted) {
        return at + wanted > most ? noPart('unavailable') : yield* wholeFile(length).read(at, wanted)
      },
    })
    const without = (table: number): Medium => ({
      length: whole.length + clusterBytes,
      *read(at, wanted) {
        return at === table ? noPart('unavailable') : yield* wholeFile(undefined).read(at, wanted)
      },
    })
    const read = (medium: Medium) => readInMemory(completenessOf(medium), whole)
    for (const table of [clusterBytes, refcounts, l1, l2]) expect(read(without(table)), `${table}`).toEqual({})
    expect(read(seenUpTo(l2, whole.length))).toEqual({})
    expect(read(seenUpTo(clusterBytes, whole.length))).toEqual({})
    expect(read(seenUpTo(l2, undefined))).toEqual({})
    expect(read(seenUpTo(whole.length, undefined))).toEqual({ promisedBytes: whole.length })
    expect(read(seenUpTo(l2, l2 + 10))).toEqual({ promisedBytes: l2 + clusterBytes })
  })
})

describe('a qcow2 file that qemu-img made', () => {
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'qcow2-completeness-'))
    await writeFile(join(folder, 'source.raw'), scatteredDisk(5 * 2 ** 20 + 1536))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  it.runIf(qemu).each([
    ['as it comes', 65_536, []],
    ['version 2', 65_536, ['-o', 'compat=0.10']],
    ['clusters of 512 bytes', 512, ['-o', 'cluster_size=512']],
    ['clusters of 2 MiB', 2 ** 21, ['-o', 'cluster_size=2M']],
    ['compressed', 65_536, ['-c']],
    ['compressed, clusters of 512 bytes', 512, ['-c', '-o', 'cluster_size=512']],
    ['compressed, clusters of 2 MiB', 2 ** 21, ['-c', '-o', 'cluster_size=2M']],
    ['extended entries', 65_536, ['-o', 'extended_l2=on']],
    ['narrow reference counts', 65_536, ['-o', 'refcount_bits=1']],
    ['preallocated', 65_536, ['-o', 'preallocation=metadata']],
    ['out of order', 4096, ['-W', '-o', 'cluster_size=4k']],
  ] as const)(
    'is complete, and is not where more than its last cluster was cut off: %s',
    async (name, last, options) => {
      const image = join(folder, `${name}.qcow2`)
      await qemuImg('convert', '-f', 'raw', '-O', 'qcow2', ...options, join(folder, 'source.raw'), image)
      const file = await readFile(image)
      expect(promised(file)).toBeLessThanOrEqual(file.length)
      const cut = fc.integer({ min: 8, max: file.length - last - 1 })
      const property = fc.property(cut, (length) => {
        expect(promised(file.subarray(0, length))).toBeGreaterThan(length)
      })
      fc.assert(property, { numRuns: 100 })
    },
  )

  it.runIf(qemu)(
    'is complete after writes, discards and snapshots, and promises what only its counts know',
    async () => {
      const image = join(folder, 'used.qcow2')
      await qemuImg('create', '-f', 'qcow2', image, '3G')
      const uses = ['write -P 1 2G 4k', 'write -P 2 1M 300k', 'discard 2G 64k', 'write -z 1M 64k', 'write -P 3 700M 5k']
      await qemuIo(image, ...uses)
      await qemuImg('snapshot', '-c', 'first', image)
      await qemuIo(image, 'write -P 7 1M 1M')
      await qemuImg('snapshot', '-c', 'second', image)
      await qemuImg('snapshot', '-d', 'first', image)
      await qemuImg('bitmap', '--add', image, 'changes')
      const file = await readFile(image)
      expect(promised(file)).toBeLessThanOrEqual(file.length)
      for (const keep of [0.2, 0.5, 0.9]) {
        const cut = truncated(file, keep)
        expect(promised(cut)).toBeGreaterThan(cut.length)
      }
    },
  )
})
