import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { qcow2Disk } from '../../demo/disk-images.ts'
import { readQcow2 } from '../../src/inspect/formats/qcow2.ts'
import { readInMemory } from '../../src/inspect/in-memory.ts'
import { type Part, type Reading, type Wish, wholeFile } from '../../src/inspect/reading.ts'
import { expectSameDisk, readGuest as readGuestOf } from './container-reading.ts'
import { qemu, qemuImg, qemuIo } from './qemu-img.ts'
import { scatteredDisk } from './scattered-disk.ts'
import { unpackInMemory } from './unpack-in-memory.ts'

const kibibyte = 1024
const mebibyte = 2 ** 20

const readGuest = (file: Uint8Array, at: number, wanted: number): Part | undefined =>
  readGuestOf(readQcow2, file, at, wanted)

describe('the disk in a qcow2 file', () => {
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'qcow2-disk-'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  const converted = async (raw: Uint8Array, ...options: readonly string[]): Promise<Uint8Array> => {
    const [source, target] = [join(folder, 'source.raw'), join(folder, 'target.qcow2')]
    await writeFile(source, raw)
    await qemuImg('convert', '-f', 'raw', '-O', 'qcow2', ...options, source, target)
    return readFile(target)
  }

  it.runIf(qemu).each([
    ['version 3', ['-o', 'compat=1.1'], 6],
    ['version 2', ['-o', 'compat=0.10'], 6],
    ['clusters of 512 bytes', ['-o', 'cluster_size=512'], 3],
    ['clusters of 4 KiB', ['-o', 'cluster_size=4k'], 6],
    ['clusters of 2 MiB', ['-o', 'cluster_size=2M'], 9],
    ['compressed clusters', ['-c'], 6],
    ['compressed clusters of 512 bytes', ['-c', '-o', 'cluster_size=512'], 2],
    ['compressed clusters of 2 MiB', ['-c', '-o', 'cluster_size=2M'], 9],
    ['clusters compressed by Zstandard', ['-c', '-o', 'compression_type=zstd'], 6],
    ['large clusters compressed by Zstandard', ['-c', '-o', 'compression_type=zstd,cluster_size=1M'], 6],
    ['extended entries', ['-o', 'extended_l2=on'], 6],
    ['extended entries and compressed clusters', ['-c', '-o', 'extended_l2=on,cluster_size=128k'], 6],
    ['preallocated tables', ['-o', 'preallocation=metadata'], 4],
    ['everything preallocated', ['-o', 'preallocation=full'], 4],
    ['narrow reference counts', ['-o', 'refcount_bits=1'], 4],
    ['lazy reference counts', ['-o', 'lazy_refcounts=on'], 4],
  ] as const)('is the same as the raw one: %s', async (_, options, mebibytes) => {
    // Its end is in the middle of a cluster.
    const raw = scatteredDisk(mebibytes * mebibyte + 1536)
    expectSameDisk(readQcow2, await converted(raw, ...options), raw)
  })

  it.runIf(qemu)('is the same where single parts of clusters were written, zeroed and discarded', async () => {
    for (const options of ['extended_l2=on,cluster_size=64k', 'cluster_size=64k', 'cluster_size=16k,extended_l2=on']) {
      const [image, raw] = [join(folder, 'parts.qcow2'), join(folder, 'parts.raw')]
      await qemuImg('create', '-f', 'qcow2', '-o', options, image, '2M')
      await qemuIo(
        image,
        'write -P 1 6k 3k',
        'write -P 2 70000 100k',
        'write -z 72k 8k',
        'write -P 3 512k 256k',
        'write -z 520k 128k',
        'discard 700k 20k',
        'write -P 4 1900k 148k',
      )
      await qemuImg('convert', '-f', 'qcow2', '-O', 'raw', image, raw)
      expectSameDisk(readQcow2, await readFile(image), await readFile(raw))
    }
  })

  it.runIf(qemu)('is that of now, and not of a snapshot within', async () => {
    const image = join(folder, 'snapshot.qcow2')
    await qemuImg('create', '-f', 'qcow2', image, '1M')
    await qemuIo(image, 'write -P 1 0 64k')
    await qemuImg('snapshot', '-c', 'before', image)
    await qemuIo(image, 'write -P 2 0 64k')
    expect(readGuest(await readFile(image), 100, 2)?.bytes).toEqual(Uint8Array.of(2, 2))
  })

  it.runIf(qemu)('is unavailable where it lies in the backing file, and there only', async () => {
    const [base, layer] = [join(folder, 'base.qcow2'), join(folder, 'layer.qcow2')]
    await qemuImg('create', '-f', 'qcow2', base, '4M')
    await qemuImg('create', '-f', 'qcow2', '-b', base, '-F', 'qcow2', layer)
    await qemuIo(layer, 'write -P 7 64k 64k', 'write -z 128k 64k')
    const file = await readFile(layer)
    expect(readGuest(file, 0, 10)).toEqual({ bytes: new Uint8Array(), short: 'unavailable' })
    expect(readGuest(file, 64 * kibibyte, 4)?.bytes).toEqual(Uint8Array.of(7, 7, 7, 7))
    expect(readGuest(file, 128 * kibibyte, 4)?.bytes).toEqual(Uint8Array.of(0, 0, 0, 0))
    const overTheEnd = readGuest(file, 128 * kibibyte, 128 * kibibyte)
    expect([overTheEnd?.bytes.length, overTheEnd?.short]).toEqual([64 * kibibyte, 'unavailable'])
  })

  it('is not given where it is encrypted or in another file', () => {
    for (const [at, value] of [
      [32, 1],
      [32, 2],
      [76, 4],
    ] as const) {
      const file = Buffer.from(qcow2Disk())
      file.writeUInt32BE(value, at)
      expect(readGuest(file, 0, 1)).toBeUndefined()
    }
  })

  it('has nothing before its beginning and behind its end', () => {
    const file = qcow2Disk({ virtualBytes: mebibyte })
    const nothing = { bytes: new Uint8Array(), short: 'end' }
    for (const [at, wanted] of [
      [-1, 10],
      [0.5, 10],
      [Number.NaN, 10],
      [0, -1],
      [mebibyte, 1],
      [2 ** 60, 1],
    ] as const) {
      expect(readGuest(file, at, wanted), `${wanted} at ${at}`).toEqual(nothing)
    }
    expect(readGuest(file, mebibyte - 2, 5)).toEqual({ bytes: new Uint8Array(2), short: 'end' })
  })

  it('is given up to 256 KiB at once', () => {
    const part = readGuest(qcow2Disk({ virtualBytes: mebibyte }), 0, mebibyte)
    expect([part?.bytes.length, part?.short]).toEqual([256 * kibibyte, 'unavailable'])
  })

  it('is unavailable where it is compressed in a way that cannot be undone', () => {
    const file = Buffer.from(qcow2Disk())
    file.writeBigUInt64BE((1n << 62n) | 0x5_0000n, 4 * 65_536)
    const disk = readInMemory(readQcow2(wholeFile(file.length)), file)?.disk
    expect(disk && readInMemory(disk.read(0, 10), file)).toEqual({ bytes: new Uint8Array(), short: 'unavailable' })
  })

  describe('is damaged where', () => {
    const l1 = 3 * 65_536
    const l2 = 4 * 65_536
    it.each<readonly [string, (file: Buffer) => unknown]>([
      ['a table leads out of the file', (file) => file.writeBigUInt64BE(1n << 40n, l1)],
      ['a table does not begin with a cluster', (file) => file.writeBigUInt64BE(BigInt(l2 + 512), l1)],
      ['a cluster lies behind the end of the file', (file) => file.writeBigUInt64BE(1n << 40n, l2)],
      ['a compressed cluster lies there', (file) => file.writeBigUInt64BE((1n << 62n) | (1n << 40n), l2)],
      ['a cluster does not begin where clusters do', (file) => file.writeBigUInt64BE(BigInt(l2 + 512), l2)],
      ['version 2 has a cluster of zeros', (file) => [file.writeUInt32BE(2, 4), file.writeBigUInt64BE(1n, l2)]],
      ['the L1 table is too short for the disk', (file) => file.writeUInt32BE(0, 36)],
      [
        'what is compressed is none',
        (file) => [file.fill(0xff, l2 + 65_536), file.writeBigUInt64BE((1n << 62n) | 0x5_0000n, l2)],
      ],
    ])('%s', (_, damage) => {
      const file = Buffer.from(qcow2Disk())
      damage(file)
      expect(readGuest(file, 0, 512)).toEqual({ bytes: new Uint8Array(), short: 'damaged' })
    })

    it('a part of a cluster is both stored and zero, or stored nowhere', () => {
      const file = Buffer.from(qcow2Disk())
      file.writeUInt32BE(1 << 4, 76)
      const entry = (place: bigint, zero: number, stored: number): Part | undefined => {
        file.writeBigUInt64BE(place, l2)
        file.writeUInt32BE(zero, l2 + 8)
        file.writeUInt32BE(stored, l2 + 12)
        return readGuest(file, 0, 512)
      }
      expect(entry(0x5_0000n, 0, 1)?.short).toBeUndefined()
      expect(entry(0x5_0000n, 1, 1)?.short).toBe('damaged')
      expect(entry(0n, 0, 1)?.short).toBe('damaged')
      expect(entry(0n, 1, 0)).toEqual({ bytes: new Uint8Array(512) })
      // In a layer a part of zeros is one, and any other is that of the backing file.
      file.writeBigUInt64BE(512n, 8)
      expect(entry(0n, 1, 0)).toEqual({ bytes: new Uint8Array(512) })
      expect(entry(0n, 0, 0)?.short).toBe('unavailable')
    })
  })
})

describe('looking at a qcow2 disk', () => {
  /** Carries a reading out and notes its wishes for bytes behind the first 320 KiB, which a look has anyway. */
  const wishesOf = <A>(reading: Reading<A>, file: Uint8Array): readonly Wish[] => {
    const wishes: Wish[] = []
    let step = reading.next()
    while (step.done !== true) {
      const wish = step.value
      if (wish.kind === 'unpack') {
        step = reading.next(unpackInMemory(wish))
      } else {
        if (wish.at + wish.length > 320 * kibibyte) wishes.push(wish)
        step = reading.next({ bytes: file.subarray(wish.at, wish.at + wish.length) })
      }
    }
    return wishes
  }

  it('costs one wish for a table, however often it is needed', () => {
    const file = Buffer.concat([qcow2Disk(), Buffer.alloc(65_536)])
    const table = file.length - 65_536
    file.copy(file, table, 4 * 65_536, 5 * 65_536)
    file.writeBigUInt64BE(BigInt(table), 3 * 65_536)
    const wishes = wishesOf(
      (function* () {
        const container = yield* readQcow2(wholeFile(file.length))
        for (const at of [0, 4096, 70_000, mebibyte, 3 * mebibyte, 15 * mebibyte])
          yield* container?.disk?.read(at, 512) ?? []
      })(),
      file,
    )
    expect(wishes.filter((wish) => wish.kind === 'bytes' && wish.at === table)).toHaveLength(1)
  })

  it.runIf(qemu)('asks of large tables and clusters only what it needs', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'qcow2-look-'))
    try {
      const image = join(folder, 'large.qcow2')
      await qemuImg('create', '-f', 'qcow2', '-o', 'cluster_size=2M', image, '300G')
      await qemuIo(image, 'write -P 5 0 4k', 'write -P 6 200G 4k')
      const file = await readFile(image)
      const wishes = wishesOf(
        (function* () {
          const container = yield* readQcow2(wholeFile(file.length))
          yield* container?.disk?.read(0, 4096) ?? []
          yield* container?.disk?.read(200 * 2 ** 30, 4096) ?? []
          yield* container?.completeness() ?? []
        })(),
        file,
      )
      for (const wish of wishes) expect(wish.kind === 'bytes' ? wish.length : 0).toBeLessThanOrEqual(64 * kibibyte)
      // The L1 table, two places and the end of the L2 table, two clusters, the reference counts in two steps.
      expect(wishes.length).toBeLessThanOrEqual(8)
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })
})
