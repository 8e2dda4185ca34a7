import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { qcow2Disk } from '../../demo/disk-images.ts'
import type { Container } from '../../src/inspect/formats/container.ts'
import { readQcow2 } from '../../src/inspect/formats/qcow2.ts'
import { readInMemory } from '../../src/inspect/in-memory.ts'
import { wholeFile } from '../../src/inspect/reading.ts'
import { qemu, qemuImg, qemuImgWithKey, qemuInfo } from './qemu-img.ts'

const read = (file: Uint8Array): Container | undefined => readInMemory(readQcow2(wholeFile(file.length)), file)
const features = (file: Uint8Array): Container['features'] | undefined => read(file)?.features

const failed = (): never => {
  throw new Error('There is no container')
}

/** An image of 16 MiB, changed. */
const changed = (change: (file: Buffer) => unknown): Buffer => {
  const file = Buffer.from(qcow2Disk())
  change(file)
  return file
}

/** A header extension, padded to whole groups of eight bytes. */
const extension = (type: number, contents: Uint8Array): Buffer => {
  const bytes = Buffer.alloc(8 + Math.ceil(contents.length / 8) * 8)
  bytes.writeUInt32BE(type, 0)
  bytes.writeUInt32BE(contents.length, 4)
  bytes.set(contents, 8)
  return bytes
}
const featureName = (kind: number, bit: number, name: string): Buffer => {
  const entry = Buffer.alloc(48)
  entry.set([kind, bit])
  entry.write(name, 2)
  return entry
}

describe('a qcow2 file by its header', () => {
  it('has its version as the variant', () => {
    const expected = { format: 'qcow2', virtualBytes: 16 * 2 ** 20, features: {} }
    expect(read(qcow2Disk())).toMatchObject({ ...expected, variant: 'qcow2 v3' })
    expect(read(changed((file) => file.writeUInt32BE(2, 4)))).toMatchObject({ ...expected, variant: 'qcow2 v2' })
  })

  it('is known by its name alone in a version that is not known, and is another format in version 1', () => {
    const later = read(changed((file) => file.writeUInt32BE(4, 4)))
    expect(later).toMatchObject({ format: 'qcow2', features: { unknownFeatures: ['version 4'] } })
    expect(later?.disk).toBeUndefined()
    expect(readInMemory(later?.completeness() ?? failed(), qcow2Disk())).toEqual({})
    for (const version of [0, 1]) expect(read(changed((file) => file.writeUInt32BE(version, 4)))).toBeUndefined()
    expect(read(Buffer.from('QFI\xfb', 'latin1'))).toBeUndefined()
  })

  it('tells the backing file by the name in the image', () => {
    const named = (name: string, length = Buffer.byteLength(name)) =>
      changed((file) => {
        file.writeBigUInt64BE(512n, 8)
        file.writeUInt32BE(length, 16)
        file.write(name, 512)
      })
    expect(features(named('/images/größe.qcow2'))).toEqual({ backingFile: '/images/größe.qcow2' })
    expect(features(named('a\x1b[2Jb'))).toEqual({ backingFile: 'a\ufffd[2Jb' })
    expect(features(named('x'.repeat(5000)))).toEqual({ backingFile: 'x'.repeat(1023) })
    // A place without a length is a layer to some readers.
    expect(features(named('', 0))).toEqual({ backingFile: '' })
  })

  it('tells encryption by its method', () => {
    const method = (number: number) => features(changed((file) => file.writeUInt32BE(number, 32)))
    expect([method(1), method(2), method(3)]).toEqual([
      { encryption: 'aes' },
      { encryption: 'luks' },
      { encryption: 'method 3' },
    ])
  })

  it('tells that it is dirty, corrupt, and how many snapshots it has', () => {
    const bits = (value: number) => features(changed((file) => file.writeUInt32BE(value, 76)))
    expect(bits(1)).toEqual({ dirty: true })
    expect(bits(2)).toEqual({ corrupt: true })
    expect(bits(3)).toEqual({ dirty: true, corrupt: true })
    expect(features(changed((file) => file.writeUInt32BE(3, 60)))).toEqual({ snapshots: 3 })
  })

  it('does not take the bytes behind the shorter header of version 2 for features', () => {
    expect(features(changed((file) => [file.writeUInt32BE(2, 4), file.fill(0xff, 72, 104)]))).toEqual({
      damage: ['a header extension that is longer than its room'],
    })
    expect(features(changed((file) => [file.writeUInt32BE(2, 4), file.writeUInt32BE(1, 72)]))).toEqual({})
  })

  it('tells what contradicts itself in it', () => {
    const damage = (change: (file: Buffer) => unknown) => features(changed(change))?.damage
    expect(damage((file) => file.writeBigUInt64BE(90n * 10n ** 9n, 24))).toEqual([
      'an L1 table that is too small for the disk',
    ])
    expect(damage((file) => file.writeUInt32BE(0, 36))).toEqual(['an L1 table that is too small for the disk'])
    expect(damage((file) => file.writeUInt32BE(0, 56))).toEqual(['no table of reference counts'])
    expect(damage((file) => file.writeUInt32BE(512, 44))).toEqual(['an L1 table within a cluster'])
    expect(damage((file) => file.writeUInt32BE(512, 52))).toEqual(['a table of reference counts within a cluster'])
    expect(damage((file) => file.writeUInt32BE(512, 68))).toEqual(['a table of snapshots within a cluster'])
    expect(damage((file) => file.writeUInt32BE(96, 100))).toEqual(['a header of 96 bytes'])
    expect(damage((file) => file.set(extension(7, Buffer.alloc(8)).fill(0xff, 4, 5), 104))).toEqual([
      'a header extension that is longer than its room',
    ])
    const rawData = ['raw data in another file, which it does not have']
    expect(damage((file) => file.writeUInt32BE(2, 92))).toEqual(rawData)
    expect(damage((file) => [file.writeUInt32BE(2, 92), file.writeUInt32BE(4, 76)])).toBeUndefined()
  })

  it('tells tables that are larger than QEMU reads', () => {
    const unsupported = (change: (file: Buffer) => unknown) => features(changed(change))?.unsupported
    expect(unsupported((file) => file.writeUInt32BE(2 ** 22, 36))).toBeUndefined()
    expect(unsupported((file) => file.writeUInt32BE(2 ** 22 + 1, 36))).toEqual(['an L1 table of 33554440 bytes'])
    expect(unsupported((file) => file.writeUInt32BE(2 ** 11, 56))).toEqual([
      'a table of reference counts of 134217728 bytes',
    ])
  })

  it('tells unknown incompatible features by their names, or by their bits', () => {
    const names = Buffer.concat([
      featureName(0, 5, 'fancy tables'),
      featureName(1, 6, 'something harmless'),
      featureName(0, 40, ''),
    ])
    const file = changed((bytes) => {
      bytes.writeBigUInt64BE((1n << 5n) | (1n << 6n) | (1n << 40n) | (1n << 63n), 72)
      bytes.set(extension(0xe279_2aca, Buffer.from('raw')), 104)
      bytes.set(extension(0x6803_f857, names), 120)
    })
    expect(features(file)).toEqual({ unknownFeatures: ['fancy tables', 'bit 6', 'bit 40', 'bit 63'] })
    expect(read(file)?.disk).toBeUndefined()
  })

  it('tells the file that holds the data, by an empty name where the image has none', () => {
    const external = (...more: readonly Uint8Array[]) =>
      features(
        changed((file) => {
          file.writeUInt32BE(4, 76)
          file.set(Buffer.concat(more), 104)
        }),
      )
    expect(external(extension(0x4441_5441, Buffer.from('disk.raw')))).toEqual({ dataFile: 'disk.raw' })
    expect(external()).toEqual({ dataFile: '' })
  })

  it('reads extensions no further than to their end, the name of the backing file and the first cluster', () => {
    const name = extension(0x4441_5441, Buffer.from('disk.raw'))
    const dataFile = (change: (file: Buffer) => unknown) =>
      features(changed((file) => [file.writeUInt32BE(4, 76), change(file)]))?.dataFile
    expect(dataFile((file) => file.set(Buffer.concat([Buffer.alloc(8), name]), 104))).toBe('')
    expect(dataFile((file) => [file.writeBigUInt64BE(110n, 8), file.set(name, 104)])).toBe('')
    expect(dataFile((file) => [file.writeUInt32BE(9, 20), file.set(extension(7, Buffer.alloc(500)), 104)])).toBe('')
  })

  it('knows compression by deflate and by Zstandard, and refuses what contradicts itself', () => {
    const withType = (bit: number, type: number) =>
      read(
        changed((file) => {
          file.writeUInt32BE(bit, 76)
          file.writeUInt32BE(112, 100)
          file.writeUInt8(type, 104)
        }),
      )
    expect(withType(0, 0)?.features).toEqual({})
    expect(withType(8, 1)?.features).toEqual({})
    for (const [bit, type] of [
      [8, 0],
      [0, 1],
      [8, 2],
    ] as const) {
      expect(withType(bit, type)?.features).toEqual({ unknownFeatures: [`compression type ${type}`] })
      expect(withType(bit, type)?.disk).toBeUndefined()
    }
  })

  it('is not looked into where its clusters or counts have a size that is not allowed', () => {
    const odd = (at: number, value: number, incompatible = 0) =>
      read(changed((file) => [file.writeUInt32BE(value, at), file.writeUInt32BE(incompatible, 76)]))
    for (const [at, value, incompatible, what] of [
      [20, 8, 0, 'clusters of 2^8 bytes'],
      [20, 22, 0, 'clusters of 2^22 bytes'],
      [20, 13, 16, 'clusters of 2^13 bytes'],
      [20, 0xffff_ffff, 0, 'clusters of 2^4294967295 bytes'],
      [100, 65_544, 0, 'header of 65544 bytes'],
      [96, 7, 0, 'reference counts of 2^7 bits'],
    ] as const) {
      expect(odd(at, value, incompatible)?.features).toEqual({ unknownFeatures: [what] })
      expect(odd(at, value, incompatible)?.disk).toBeUndefined()
    }
    expect(odd(20, 14, 16)?.disk).toBeDefined()
  })

  it('has no features and no disk where the file ends in the middle of it', () => {
    const file = changed((bytes) => bytes.fill(0xff, 32, 36))
    for (const length of [8, 40, 71, 103]) {
      const container = read(file.subarray(0, length))
      expect(container).toMatchObject({ format: 'qcow2', features: {} })
      expect(container?.disk).toBeUndefined()
      expect(container?.virtualBytes).toBe(length < 32 ? undefined : 16 * 2 ** 20)
    }
  })

  it('can be anything', () => {
    const header = fc.uint8Array({ minLength: 4, maxLength: 600 })
    const property = fc.property(header, fc.constantFrom(2, 3), (bytes, version) => {
      const file = Buffer.concat([Buffer.from('QFI\xfb\0\0\0', 'latin1'), Uint8Array.of(version), bytes])
      const container = read(file)
      expect(container?.format).toBe('qcow2')
      if (container?.disk !== undefined) readInMemory(container.disk.read(0, 4096), file)
      readInMemory(container?.completeness() ?? failed(), file)
    })
    fc.assert(property, { numRuns: 500 })
  })
})

describe('qemu-img as the judge of what is in a qcow2 file', () => {
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'qcow2-'))
    if (qemu) await qemuImg('create', '-f', 'qcow2', join(folder, 'base.qcow2'), '3M')
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  const secret = ['--object', 'secret,id=key,data=secret']
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ['version 2', ['-o', 'compat=0.10']],
    ['version 3', []],
    ['lazy reference counts', ['-o', 'lazy_refcounts=on']],
    ['clusters of 512 bytes', ['-o', 'cluster_size=512']],
    ['clusters of 2 MiB', ['-o', 'cluster_size=2M']],
    ['narrow reference counts', ['-o', 'refcount_bits=1']],
    ['wide reference counts', ['-o', 'refcount_bits=64']],
    ['Zstandard', ['-o', 'compression_type=zstd']],
    ['extended entries', ['-o', 'extended_l2=on']],
    ['AES', [...secret, '-o', 'encrypt.format=aes,encrypt.key-secret=key']],
    ['LUKS', [...secret, '-o', 'encrypt.format=luks,encrypt.key-secret=key,encrypt.iter-time=10']],
    ['a backing file', ['-b', 'base.qcow2', '-F', 'qcow2']],
    ['a backing file in version 2', ['-b', 'base.qcow2', '-F', 'qcow2', '-o', 'compat=0.10']],
    ['another file for the data', ['-o', 'data_file=DATA']],
    ['another file for the data that is raw by itself', ['-o', 'data_file=DATA,data_file_raw=on']],
  ]
  it.runIf(qemu).each(cases)('%s', async (name, options) => {
    const image = join(folder, `${name}.qcow2`)
    const data = join(folder, `${name}.data`)
    const size = options.includes('-b') ? [] : [String(5 * 2 ** 20 + 512)]
    const own = options.map((option) => option.replace('DATA', data))
    await qemuImgWithKey('create', '-f', 'qcow2', ...own, image, ...size)
    const file = await readFile(image)
    const container = read(file)
    const info = await qemuInfo(image)
    expect(container?.disk === undefined).toBe(
      info['encrypted'] === true || options.some((one) => one.includes('data_file')),
    )
    expect(asToldBy(info)).toEqual({
      virtualBytes: container?.virtualBytes,
      variant: container?.variant,
      ...container?.features,
    })
    expect(readInMemory(container?.completeness() ?? failed(), file).promisedBytes).toBeLessThanOrEqual(file.length)
    // Making a key for LUKS takes seconds of the processor's time.
  })

  it.runIf(qemu)('snapshots within', async () => {
    const image = join(folder, 'snapshots.qcow2')
    await qemuImg('create', '-f', 'qcow2', image, '1M')
    for (const name of ['first', 'second']) await qemuImg('snapshot', '-c', name, image)
    expect(asToldBy(await qemuInfo(image))).toMatchObject({ snapshots: 2 })
    expect(features(await readFile(image))).toEqual({ snapshots: 2 })
  })

  /** What qemu-img says, in our words. */
  const asToldBy = (info: Record<string, unknown>): Record<string, unknown> => {
    const specific = info['format-specific'] as { readonly data: Readonly<Record<string, unknown>> }
    const { compat, corrupt, encrypt } = specific.data
    const dataFile = specific.data['data-file']
    const snapshots = info['snapshots'] as readonly unknown[] | undefined
    return {
      virtualBytes: info['virtual-size'],
      variant: compat === '0.10' ? 'qcow2 v2' : 'qcow2 v3',
      ...(info['backing-filename'] !== undefined && { backingFile: info['backing-filename'] }),
      ...(dataFile !== undefined && { dataFile }),
      ...(encrypt !== undefined && { encryption: (encrypt as { readonly format: string }).format }),
      ...(snapshots !== undefined && { snapshots: snapshots.length }),
      ...(info['dirty-flag'] === true && { dirty: true }),
      ...(corrupt === true && { corrupt }),
    }
  }

  it.runIf(qemu)('an image that is dirty, and one that is corrupt', async () => {
    for (const [bit, told] of [
      [1, { dirty: true }],
      [2, { corrupt: true }],
    ] as const) {
      const image = join(folder, 'marked.qcow2')
      await writeFile(
        image,
        changed((file) => file.writeUInt32BE(bit, 76)),
      )
      expect(asToldBy(await qemuInfo(image))).toMatchObject(told)
      expect(features(await readFile(image))).toEqual(told)
    }
  })
})
