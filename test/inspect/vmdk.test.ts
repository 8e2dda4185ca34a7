import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deflateSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readVmdk } from '../../src/inspect/formats/vmdk.ts'
import { isCi } from '../tools.ts'
import { expectSameDisk, factsOf, isCut, readGuest, wishesFor } from './container-reading.ts'
import { sparseVmdk, streamVmdk } from './other-formats.ts'
import { qemu, qemuImg, qemuInfo, qemuIo } from './qemu-img.ts'
import { scatteredDisk } from './scattered-disk.ts'

const mebibyte = 2 ** 20
const sector = 512
const grainBytes = 128 * sector
const at = { version: 4, flags: 8, capacity: 12, grain: 20, descriptor: 28, redundant: 48, directory: 56, unclean: 72 }

const descriptorOf = (...lines: readonly string[]): string =>
  ['# Disk DescriptorFile', 'version=1', 'CID=fffffffe', ...lines].join('\n')
const whole = ['parentCID=ffffffff', 'createType="monolithicSparse"', 'RW 8192 SPARSE "disk.vmdk"']

/** A monolithic sparse VMDK of 4 MiB, of which the first grain is in the file, and its descriptor behind everything else. */
const monolithic = (change: (file: Buffer) => void = () => undefined, lines: readonly string[] = whole): Buffer => {
  const sparse = Buffer.from(sparseVmdk())
  const file = Buffer.concat([sparse, Buffer.alloc(2 * sector)])
  file.writeBigUInt64LE(BigInt(sparse.length / sector), at.descriptor)
  file.writeBigUInt64LE(2n, at.descriptor + 8)
  file.write(descriptorOf(...lines), sparse.length)
  file.write('data', 6 * sector)
  change(file)
  return file
}

/** The same, with what a descriptor says. */
const described = (...lines: readonly string[]): Buffer => monolithic(undefined, lines)

/** A grain of a stream: where it belongs on the disk in sectors, its length, and what is packed in it, in whole sectors. */
const packedGrain = (place: number, content: Uint8Array): Buffer => {
  const packed = deflateSync(content)
  const grain = Buffer.alloc(Math.ceil((12 + packed.length) / sector) * sector)
  grain.writeBigUInt64LE(BigInt(place), 0)
  grain.writeUInt32LE(packed.length, 8)
  grain.set(packed, 12)
  return grain
}

const numbers = (...values: readonly number[]): Buffer => {
  const table = Buffer.alloc(4 * sector)
  for (const [index, value] of values.entries()) table.writeUInt32LE(value, index * 4)
  return table
}

/** A stream as VMware writes it: header, grains, grain table, directory, footer and end; of 4 MiB, the first grains of which are given. */
const streamOf = (...contents: readonly Uint8Array[]): Buffer => {
  const header = Buffer.from(streamVmdk()).subarray(0, sector)
  const grains = contents.map((content, index) => packedGrain(index * 128, content))
  const places: number[] = []
  let next = 1
  for (const grain of grains) {
    places.push(next)
    next += grain.length / sector
  }
  const footer = Buffer.from(header)
  footer.writeBigUInt64LE(BigInt(next + 4), at.directory)
  const [table, directory] = [numbers(...places), numbers(next).subarray(0, sector)]
  return Buffer.concat([header, ...grains, table, directory, footer, Buffer.alloc(sector)])
}

const text = (file: Uint8Array, place: number): string =>
  Buffer.from(readGuest(readVmdk, file, place, 4)?.bytes ?? []).toString()

describe('a sparse VMDK', () => {
  it('tells its size, its variant and how long it must be', () => {
    const file = monolithic()
    expect(factsOf(readVmdk, file)).toEqual({
      format: 'vmdk',
      variant: 'monolithic-sparse',
      virtualBytes: 4 * mebibyte,
      features: {},
      hasDisk: true,
      promisedBytes: file.length,
    })
    expect(factsOf(readVmdk, sparseVmdk())?.promisedBytes).toBe(sparseVmdk().length)
  })

  it('gives its grains, and zeros where none is', () => {
    expect(text(monolithic(), 0)).toBe('data')
    expect(readGuest(readVmdk, monolithic(), grainBytes, 4)).toEqual({ bytes: new Uint8Array(4) })
    const noTable = monolithic((file) => file.writeUInt32LE(0, sector))
    expect(readGuest(readVmdk, noTable, 0, 4)).toEqual({ bytes: new Uint8Array(4) })
  })

  it('is dirty where it was not closed', () => {
    expect(
      factsOf(
        readVmdk,
        monolithic((file) => file.writeUInt8(1, at.unclean)),
      )?.features,
    ).toEqual({ dirty: true })
  })

  it('has an entry of 1 for zeros where its header says so, and else for a place', () => {
    const zeroed = (flags: number) =>
      monolithic((file) => {
        file.writeUInt32LE(flags, at.flags)
        file.writeUInt32LE(1, 2 * sector)
      })
    expect(readGuest(readVmdk, zeroed(7), 0, 4)).toEqual({ bytes: new Uint8Array(4) })
    // The directory, which stands there, says 2.
    expect(text(zeroed(3), 0)).toBe('\x02\0\0\0')
  })

  it('is damaged where its tables lead out of the file', () => {
    const grain = monolithic((file) => file.writeUInt32LE(99_999, 2 * sector))
    const table = monolithic((file) => file.writeUInt32LE(99_999, sector))
    const directory = monolithic((file) => file.writeBigUInt64LE(99_999n, at.directory))
    for (const file of [grain, table, directory]) {
      expect(readGuest(readVmdk, file, 0, 4)?.short).toBe('damaged')
      expect(isCut(readVmdk, file)).toBe(true)
    }
  })

  it('is read by the copy of its directory where the header says so', () => {
    const moved = (flags: number) =>
      monolithic((file) => {
        file.writeUInt32LE(flags, at.flags)
        // Sector 7 is in the first grain, which is a directory besides, of a table that says that there are no grains.
        file.writeBigUInt64LE(7n, at.redundant)
        file.writeUInt32LE(8, 7 * sector)
      })
    expect(text(moved(1), 0)).toBe('data')
    expect(text(moved(3), 0)).toBe('\0\0\0\0')
  })

  it('contradicts its format where its tables have another size than that allows', () => {
    const damage = (change: (file: Buffer) => unknown) =>
      factsOf(
        readVmdk,
        monolithic((file) => void change(file)),
      )?.features.damage
    const wrong = ['grain tables of a size that the format does not allow']
    for (const entries of [0, 513, 1024]) expect(damage((file) => file.writeUInt32LE(entries, 44))).toEqual(wrong)
    expect(damage((file) => file.writeBigUInt64LE(0n, at.grain))).toEqual(wrong)
    expect(damage((file) => file.writeUInt32LE(512, 44))).toBeUndefined()
    const only = (file: Buffer) => [file.writeBigUInt64LE(0n, at.capacity), file.writeUInt32LE(0, 44)]
    expect(damage(only)).toBeUndefined()
    // What was cut off is not there, and that is another matter.
    expect(factsOf(readVmdk, monolithic().subarray(0, 30))?.features.damage).toBeUndefined()
  })

  it('tells of a size that no number says exactly the largest that one does', () => {
    const size = monolithic((file) => file.writeBigUInt64LE(2n ** 60n, at.capacity))
    expect(factsOf(readVmdk, size)).toMatchObject({ virtualBytes: Number.MAX_SAFE_INTEGER })
  })

  it('has no disk where its grains are such as no VMDK has, or its version is a later one', () => {
    const none = monolithic((file) => file.writeBigUInt64LE(0n, at.grain))
    const huge = monolithic((file) => file.writeBigUInt64LE(2n ** 40n, at.grain))
    for (const file of [none, huge]) expect(factsOf(readVmdk, file)?.hasDisk).toBe(false)
    const later = monolithic((file) => file.writeUInt32LE(4, at.version))
    expect(factsOf(readVmdk, later)).toMatchObject({ hasDisk: false, features: { unknownFeatures: ['version 4'] } })
  })

  it('is noticed where it is cut', () => {
    const file = Buffer.from(sparseVmdk())
    for (const length of [512, 600, 2000, 3000, 4000, file.length - 1]) {
      expect(isCut(readVmdk, file.subarray(0, length)), `${length}`).toBe(true)
    }
    expect(isCut(readVmdk, monolithic())).toBe(false)
  })

  it('needs of its last grain only what the guest sees', () => {
    const file = Buffer.from(sparseVmdk())
    file.writeBigUInt64LE(3n, at.capacity)
    expect(factsOf(readVmdk, file)?.promisedBytes).toBe(9 * sector)
  })
})

describe('how much is read of a sparse VMDK', () => {
  /** A disk of 200 tables, which lie apart from each other, and of which only the last names a grain, at the file's end. */
  const apart = (): Buffer => {
    const file = Buffer.concat([Buffer.from(sparseVmdk()).subarray(0, sector), Buffer.alloc(2100 * sector)])
    file.writeBigUInt64LE(BigInt(200 * 512 * 128), at.capacity)
    for (let table = 0; table < 200; table += 1) file.writeUInt32LE(10 + table * 10, sector + table * 4)
    file.writeUInt32LE(file.length / sector - 128, (10 + 199 * 10) * sector)
    return file
  }

  it('is a few tables, wherever they lie, of which the last are most telling', () => {
    const file = apart()
    expect(factsOf(readVmdk, file)?.promisedBytes).toBe(file.length)
    expect(wishesFor(readVmdk, file)).toBeLessThan(10)
  })
})

describe('the descriptor in a sparse VMDK', () => {
  it('names the file that the disk is a layer over, whose contents are not here', () => {
    const file = described('parentCID=12345678', 'parentFileNameHint = "base disk.vmdk"', 'RW 8192 SPARSE "a.vmdk"')
    expect(factsOf(readVmdk, file)).toMatchObject({
      variant: 'monolithic-sparse',
      features: { backingFile: 'base disk.vmdk' },
    })
    expect(text(file, 0)).toBe('data')
    expect(readGuest(readVmdk, file, grainBytes, 4)?.short).toBe('unavailable')
    expect(factsOf(readVmdk, described('parentCID=12345678'))?.features).toEqual({ backingFile: '12345678' })
  })

  it('names the other files that the disk lies in', () => {
    const file = described('RW 8192 SPARSE "a-s001.vmdk"', 'RW 8192 SPARSE "a-s002.vmdk"')
    expect(factsOf(readVmdk, file)).toMatchObject({
      variant: 'split-extent',
      features: { furtherFiles: ['a-s001.vmdk', 'a-s002.vmdk'] },
      hasDisk: false,
    })
    const flat = described('RW 8192 VMFS "a-flat.vmdk"')
    expect(factsOf(readVmdk, flat)).toMatchObject({ features: { furtherFiles: ['a-flat.vmdk'] }, hasDisk: false })
    const elsewhere = monolithic((bytes) => bytes.writeBigUInt64LE(0n, at.capacity), ['RW 8192 VMFS "a-flat.vmdk"'])
    expect(factsOf(readVmdk, elsewhere)).toMatchObject({
      variant: 'descriptor',
      virtualBytes: undefined,
      features: { furtherFiles: ['a-flat.vmdk'] },
      hasDisk: false,
    })
  })

  it('tells of encryption', () => {
    const file = described(...whole, 'encryption.keySafe = "vmware:key/list/(pair/(phrase/x))"')
    expect(factsOf(readVmdk, file)).toMatchObject({ features: { encryption: 'vmware' }, hasDisk: false })
  })

  it('is not there in a part of a split disk, from which no disk can be read', () => {
    expect(factsOf(readVmdk, sparseVmdk())).toMatchObject({ variant: 'split-extent', hasDisk: false, features: {} })
    const blank = monolithic((file) => file.fill(0, sparseVmdk().length))
    expect(factsOf(readVmdk, blank)).toMatchObject({ variant: 'split-extent', hasDisk: false })
  })
})

describe('a stream-optimised VMDK', () => {
  const [first, second] = [Buffer.alloc(grainBytes, 'one '), Buffer.alloc(grainBytes, 'two ')]

  it('tells its size, its variant and how long it must be', () => {
    const file = streamOf(first, second)
    expect(factsOf(readVmdk, file)).toMatchObject({
      variant: 'stream-optimised',
      virtualBytes: 4 * mebibyte,
      features: {},
      hasDisk: true,
      endMissing: false,
    })
    expect(isCut(readVmdk, file)).toBe(false)
  })

  it('has its grains unpacked', () => {
    const file = streamOf(first, second)
    expectSameDisk(readVmdk, file, Buffer.concat([first, second, Buffer.alloc(4 * mebibyte - 2 * grainBytes)]))
  })

  it('may have grains without markers', () => {
    const file = streamOf(first)
    for (const header of [0, file.length - 2 * sector]) file.writeUInt32LE(0x1_0001, header + at.flags)
    file.set(deflateSync(first), sector)
    expect(text(file, grainBytes - 4)).toBe('one ')
  })

  it('is damaged where a grain is, or ends too early', () => {
    const broken = streamOf(first)
    broken.fill(0xff, sector + 12, sector + 40)
    const [none, long] = [streamOf(first), streamOf(first)]
    none.writeUInt32LE(0, sector + 8)
    long.writeUInt32LE(0xffff_ffff, sector + 8)
    const short = streamOf(first.subarray(0, 1000))
    for (const file of [broken, none, long]) expect(readGuest(readVmdk, file, 0, 4)?.short).toBe('damaged')
    expect(readGuest(readVmdk, short, 990, 100)?.bytes.length).toBe(10)
  })

  it('lacks its end wherever it is cut, and then its directory', () => {
    const file = streamOf(first, second)
    for (const length of [512, 600, 1024, 1500, file.length - 1024, file.length - 1]) {
      const cut = file.subarray(0, length)
      expect(factsOf(readVmdk, cut)?.endMissing, `${length}`).toBe(true)
      expect(readGuest(readVmdk, cut, 0, 4)?.short, `${length}`).toBe('damaged')
    }
  })

  it('promises nothing, and tells nothing of its end, where the length is not known', () => {
    const facts = factsOf(readVmdk, streamOf(first), false)
    expect([facts?.variant, facts?.promisedBytes, facts?.endMissing]).toEqual([
      'stream-optimised',
      undefined,
      undefined,
    ])
  })

  it('has no disk where it is packed by what is not known', () => {
    const file = streamOf(first)
    file.writeUInt16LE(2, 77)
    expect(factsOf(readVmdk, file)).toMatchObject({ hasDisk: false, features: { unknownFeatures: ['compression 2'] } })
  })

  it('whose directory stands at its beginning ends behind its last grain', () => {
    const file = streamOf(first, second)
    const directory = file.readBigUInt64LE(file.length - 2 * sector + at.directory)
    file.writeBigUInt64LE(directory, at.directory)
    const last = packedGrain(256, first)
    file.writeUInt32LE(file.length / sector, (Number(directory) - 4) * sector + 8)
    const whole = Buffer.concat([file, last])
    const promisedBytes = file.length + 12 + last.readUInt32LE(8)
    expect(factsOf(readVmdk, whole)).toMatchObject({ promisedBytes })
    expect(factsOf(readVmdk, whole)?.endMissing).toBeUndefined()
    expect(text(whole, 2 * grainBytes)).toBe('one ')
  })
})

describe('a VMDK descriptor', () => {
  it('names the files that the disk lies in, and its size', () => {
    const file = descriptorOf(
      'createType="twoGbMaxExtentFlat"',
      '# Extent description',
      'RW 4192256 FLAT "a b-f001.vmdk" 0',
      'RW 2097152 ZERO',
      'RDONLY 2048 FLAT "a b-f002.vmdk" 0',
    )
    expect(factsOf(readVmdk, Buffer.from(file))).toEqual({
      format: 'vmdk',
      variant: 'descriptor',
      virtualBytes: (4_192_256 + 2_097_152 + 2048) * sector,
      features: { furtherFiles: ['a b-f001.vmdk', 'a b-f002.vmdk'] },
      hasDisk: false,
    })
  })

  it('is one with other line ends, spellings and blanks', () => {
    const file = '#disk descriptorfile\r\nParentCID = 1a2b3c4d\r\n RW  2048  FLAT  "x\u0007.vmdk"  0\r\n'
    expect(factsOf(readVmdk, Buffer.from(file))).toMatchObject({
      virtualBytes: 2048 * sector,
      features: { backingFile: '1a2b3c4d', furtherFiles: ['x\ufffd.vmdk'] },
    })
  })

  it('names 64 files at the most, and no size where it goes on beyond what is read', () => {
    const lines = Array.from({ length: 3000 }, (_, index) => `RW 2048 SPARSE "a-s${index}.vmdk"`)
    const facts = factsOf(readVmdk, Buffer.from(descriptorOf(...lines)))
    expect(facts?.features.furtherFiles).toHaveLength(64)
    expect(facts?.virtualBytes).toBeUndefined()
  })
})

describe('the sparse files of ESX', () => {
  it('are known by their names alone', () => {
    const cow = Buffer.alloc(2048)
    cow.write('COWD')
    cow.writeUInt32LE(8192, 12)
    expect(factsOf(readVmdk, cow)).toEqual({
      format: 'vmdk',
      virtualBytes: 4 * mebibyte,
      features: { unknownFeatures: ['COWD'] },
      hasDisk: false,
    })
    const se = Buffer.alloc(2048)
    se.writeBigUInt64LE(0xcafe_baben, 0)
    se.writeBigUInt64LE(0x2_0000_0001n, 8)
    se.writeBigUInt64LE(8192n, 16)
    expect(factsOf(readVmdk, se)).toMatchObject({
      virtualBytes: 4 * mebibyte,
      features: { unknownFeatures: ['SESPARSE'] },
    })
    se.writeBigUInt64LE(1n, 8)
    expect(factsOf(readVmdk, se)).toBeUndefined()
  })
})

it.runIf(isCi)('qemu-img is installed on the build machine', () => {
  expect(qemu).toBe(true)
})

describe('qemu-img’s VMDKs', () => {
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vmdk-'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  const converted = async (raw: Uint8Array, options: string): Promise<string> => {
    const [source, target] = [join(folder, 'source.raw'), join(folder, 'disk.vmdk')]
    await writeFile(source, raw)
    await qemuImg('convert', '-f', 'raw', '-O', 'vmdk', '-o', options, source, target)
    return target
  }

  it.runIf(qemu).each([
    ['monolithic-sparse', 'subformat=monolithicSparse'],
    ['monolithic-sparse', 'subformat=monolithicSparse,compat6=on'],
    ['monolithic-sparse', 'subformat=monolithicSparse,zeroed_grain=on'],
    ['stream-optimised', 'subformat=streamOptimized'],
  ] as const)('are %s and hold the raw disk (%s)', async (variant, options) => {
    const raw = scatteredDisk(6 * mebibyte + 1536)
    const path = await converted(raw, options)
    const file = await readFile(path)
    const facts = factsOf(readVmdk, file)
    expect(facts).toMatchObject({ variant, features: {}, virtualBytes: (await qemuInfo(path))['virtual-size'] })
    expect(isCut(readVmdk, file)).toBe(false)
    expect(isCut(readVmdk, file.subarray(0, (facts?.promisedBytes ?? 0) - 1))).toBe(true)
    for (const keep of [0.2, 0.5, 0.9]) {
      expect(isCut(readVmdk, file.subarray(0, Math.floor(file.length * keep))), `${keep}`).toBe(true)
    }
    expectSameDisk(readVmdk, file, raw)
  })

  it.runIf(qemu)('are the same disk where zeros were written over what was there', async () => {
    const [image, raw] = [join(folder, 'zeroed.vmdk'), join(folder, 'zeroed.raw')]
    await qemuImg('create', '-f', 'vmdk', '-o', 'zeroed_grain=on', image, '4M')
    await qemuIo(image, 'write -P 1 0 1M', 'write -z 256k 256k', 'write -P 2 3M 100k')
    await qemuImg('convert', '-f', 'vmdk', '-O', 'raw', image, raw)
    expectSameDisk(readVmdk, await readFile(image), await readFile(raw))
  })

  it.runIf(qemu)('name the file that they are a layer over', async () => {
    const [base, layer] = [join(folder, 'base.vmdk'), join(folder, 'layer.vmdk')]
    await qemuImg('create', '-f', 'vmdk', base, '4M')
    await qemuImg('create', '-f', 'vmdk', '-b', base, '-F', 'vmdk', layer)
    expect(factsOf(readVmdk, await readFile(layer))?.features).toEqual({
      backingFile: (await qemuInfo(layer))['backing-filename'],
    })
  })

  it.runIf(qemu).each(['monolithicFlat', 'twoGbMaxExtentFlat', 'twoGbMaxExtentSparse'])(
    'are descriptors that name the other files: %s',
    async (subformat) => {
      const path = await converted(scatteredDisk(3 * mebibyte), `subformat=${subformat}`)
      const others = (await readdir(folder)).filter((name) => /^disk-/.test(name))
      expect(factsOf(readVmdk, await readFile(path))).toMatchObject({
        variant: 'descriptor',
        virtualBytes: (await qemuInfo(path))['virtual-size'],
        features: { furtherFiles: others },
        hasDisk: false,
      })
      for (const name of others) {
        const part = factsOf(readVmdk, await readFile(join(folder, name)))
        expect(part?.variant).toBe(subformat === 'twoGbMaxExtentSparse' ? 'split-extent' : undefined)
        await rm(join(folder, name))
      }
    },
  )
})
