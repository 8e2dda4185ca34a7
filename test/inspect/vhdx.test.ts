import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { crc32c } from '../../demo/disk-images/crc32c.ts'
import { truncated, vhdxDisk } from '../../demo/disk-images.ts'
import { readVhdx } from '../../src/inspect/formats/vhdx.ts'
import { isCi } from '../tools.ts'
import { at, bat, changed, differencing, items } from './changed-vhdx.ts'
import { expectSameDisk, factsOf, isCut, readGuest } from './container-reading.ts'
import { qemu, qemuImg, qemuInfo } from './qemu-img.ts'
import { scatteredDisk } from './scattered-disk.ts'

const kibibyte = 1024
const mebibyte = 2 ** 20
const virtualBytes = 16 * mebibyte

/** Gives a structure the check sum that it has to have. */
const signed = (file: Buffer, start: number, bytes: number): void => {
  file.writeUInt32LE(0, start + 4)
  file.writeUInt32LE(crc32c(file.subarray(start, start + bytes)), start + 4)
}

describe('a VHDX file', () => {
  it('tells its size, its variant and how long it must be', () => {
    expect(factsOf(readVhdx, vhdxDisk())).toEqual({
      format: 'vhdx',
      variant: 'dynamic',
      virtualBytes,
      features: {},
      hasDisk: true,
      promisedBytes: vhdxDisk().length,
    })
  })

  it('is fixed where its blocks stay allocated', () => {
    const file = changed((bytes) => bytes.writeUInt32LE(1, items + 4))
    expect(factsOf(readVhdx, file)).toMatchObject({ variant: 'fixed', hasDisk: true })
  })

  it('is dirty, and its disk not read, while its log has to be replayed', () => {
    const file = changed((bytes) => {
      bytes.set([1, 2, 3], at.otherHeader + 48)
      signed(bytes, at.otherHeader, 4096)
    })
    expect(factsOf(readVhdx, file)).toMatchObject({ features: { dirty: true }, hasDisk: false, virtualBytes })
  })

  it('goes by the header that was written last, and by the other one where that is broken', () => {
    const dirty = (start: number, isBroken: boolean) =>
      changed((bytes) => {
        bytes.set([1, 2, 3], start + 48)
        if (!isBroken) signed(bytes, start, 4096)
      })
    expect(factsOf(readVhdx, dirty(at.header, false))?.features).toEqual({})
    expect(factsOf(readVhdx, dirty(at.otherHeader, true))?.features).toEqual({})
    expect(factsOf(readVhdx, dirty(at.otherHeader, false))?.features).toEqual({ dirty: true })
    const later = dirty(at.header, true)
    later.writeUInt32LE(9, at.header + 8)
    expect(factsOf(readVhdx, later)?.features).toEqual({})
  })

  it('still has what its headers say where both check sums are wrong, and no disk where there is no header', () => {
    const wrong = changed((bytes) => {
      bytes[at.header + 4] = 0
      bytes[at.otherHeader + 4] = 0
    })
    expect(factsOf(readVhdx, wrong)).toMatchObject({ virtualBytes, hasDisk: true })
    const none = changed((bytes) => bytes.fill(0, at.header, at.regions))
    expect(factsOf(readVhdx, none)).toMatchObject({ virtualBytes, hasDisk: false })
  })

  it('is read by the second region table where the first is broken', () => {
    const file = changed((bytes) => bytes.fill(0xff, at.regions + 16, at.regions + 200))
    expect(factsOf(readVhdx, file)).toMatchObject({
      virtualBytes,
      hasDisk: true,
      features: { unsupported: ['a first region table that does not count'] },
    })
  })

  it('contradicts itself where of two structures none counts, or both', () => {
    const features = (change: (file: Buffer) => void) => factsOf(readVhdx, changed(change))?.features
    const breakBoth = (one: number, other: number) => (file: Buffer) => {
      file.writeUInt32LE(1, one + 4)
      file.writeUInt32LE(1, other + 4)
    }
    const noHeader = ['no header whose check sum is right']
    expect(features(breakBoth(at.header, at.otherHeader))).toEqual({ damage: noHeader })
    expect(features((file) => file.fill(0, at.header, at.regions))).toEqual({ damage: noHeader })
    expect(features(breakBoth(at.regions, at.regions + 64 * kibibyte))).toEqual({
      damage: ['no region table whose check sum is right'],
    })
    const twice = (write: number) =>
      features((file) => {
        file.copy(file, at.otherHeader, at.header, at.header + 4096)
        file.writeUInt8(write, at.otherHeader + 16)
        signed(file, at.otherHeader, 4096)
      })
    expect(twice(changed(() => undefined).readUInt8(at.header + 16))).toEqual({})
    expect(twice(1)).toEqual({ damage: ['two headers that are both the current one'] })
    // What was cut off is not there, and that is another matter.
    for (const length of [100_000, 200_000])
      expect(factsOf(readVhdx, changed(() => undefined).subarray(0, length))?.features).toEqual({})
  })

  it('contradicts the format where its tables lack something, or its sizes are such as no VHDX has', () => {
    const damage = (change: (file: Buffer) => void) => factsOf(readVhdx, changed(change))?.features.damage
    const withoutRegion = (index: number) => (file: Buffer) => {
      file.writeUInt8(9, at.regions + 16 + index * 32)
      file.writeUInt32LE(0, at.regions + 16 + index * 32 + 28)
      signed(file, at.regions, 64 * kibibyte)
    }
    expect([damage(withoutRegion(0)), damage(withoutRegion(1))].flat().sort()).toEqual([
      'a region table that knows no block table',
      'a region table that knows no metadata',
    ])
    expect(damage((file) => file.writeUInt8(0, at.metadata + 32 + 2 * 32))).toEqual([
      'metadata without the GUID of the disk',
    ])
    expect(damage((file) => file.writeUInt32LE(3 * mebibyte, items))).toEqual(['blocks of 3145728 bytes'])
    const sizes = (virtual: bigint) => (file: Buffer) => file.writeBigUInt64LE(virtual, items + 8)
    expect(damage(sizes(2n ** 44n))).toEqual(['a block table that is too small for the disk'])
    expect(damage(sizes(2n ** 30n))).toBeUndefined()
  })

  it('is none that QEMU opens where it has sectors of 4 KiB', () => {
    const sectors = (bytes: number) =>
      factsOf(
        readVhdx,
        changed((file) => file.writeUInt32LE(bytes, items + 32)),
      )?.features
    expect(sectors(4096)).toEqual({ unsupported: ['sectors of 4096 bytes'] })
    expect(sectors(1024)).toEqual({ damage: ['sectors of 1024 bytes'] })
  })

  it('names the regions, items and versions that a reader would have to know', () => {
    const file = changed((bytes) => {
      bytes.writeUInt16LE(2, at.otherHeader + 66)
      signed(bytes, at.otherHeader, 4096)
      bytes.writeUInt32LE(4, at.regions + 8)
      for (const [index, isRequired] of [1, 0].entries()) {
        const entry = at.regions + 16 + (2 + index) * 32
        bytes.set(Buffer.from('00112233445566778899aabbccddeeff', 'hex'), entry)
        bytes.writeUInt32LE(isRequired, entry + 28)
      }
      signed(bytes, at.regions, 64 * kibibyte)
      // The disk's own GUID becomes another item, which is required, and the physical sector's size one that is not.
      bytes.set(Buffer.from('ffeeddccbbaa99887766554433221100', 'hex'), at.metadata + 32 + 2 * 32)
      bytes.set(Buffer.from('ffeeddccbbaa99887766554433221111', 'hex'), at.metadata + 32 + 4 * 32)
      bytes.writeUInt32LE(0, at.metadata + 32 + 4 * 32 + 24)
    })
    expect(factsOf(readVhdx, file)).toMatchObject({
      hasDisk: false,
      features: {
        unknownFeatures: [
          'version 2',
          'region 33221100-5544-7766-8899-aabbccddeeff',
          'metadata item ccddeeff-aabb-8899-7766-554433221100',
        ],
      },
    })
  })

  it('has no disk where its sizes are such as no VHDX has', () => {
    for (const blockBytes of [0, 512, 3 * mebibyte, 512 * mebibyte]) {
      const file = changed((bytes) => bytes.writeUInt32LE(blockBytes, items))
      expect(factsOf(readVhdx, file), `${blockBytes}`).toMatchObject({ hasDisk: false, virtualBytes })
    }
  })

  it('tells of a size that no number says exactly the largest that one does', () => {
    const file = changed((bytes) => bytes.writeBigUInt64LE(2n ** 60n, items + 8))
    expect(factsOf(readVhdx, file)).toMatchObject({ virtualBytes: Number.MAX_SAFE_INTEGER })
  })

  it('is known by its first bytes alone', () => {
    expect(factsOf(readVhdx, Buffer.from('vhdxfile'))).toMatchObject({
      format: 'vhdx',
      hasDisk: false,
      promisedBytes: mebibyte,
    })
    expect(factsOf(readVhdx, Buffer.from('vhdxfil'))).toBeUndefined()
  })
})

describe('a differencing VHDX disk', () => {
  it('names its parent, by the best name that it has', () => {
    const linkage = ['parent_linkage', '{83ed0ec3-24c8-49a6-a959-5e4bd1288015}'] as const
    const absolute = ['absolute_win32_path', 'C:\\disks\\base.vhdx'] as const
    const relative = ['relative_path', '..\\base.vhdx'] as const
    expect(factsOf(readVhdx, differencing(linkage, absolute, relative))).toMatchObject({
      variant: 'differencing',
      features: { backingFile: '..\\base.vhdx' },
    })
    expect(factsOf(readVhdx, differencing(linkage, absolute))?.features.backingFile).toBe(absolute[1])
    expect(factsOf(readVhdx, differencing(linkage))?.features.backingFile).toBe(linkage[1])
    expect(factsOf(readVhdx, differencing())?.features.backingFile).toBe('')
  })

  it('gives what it holds itself, and nothing of what its parent holds', () => {
    const file = differencing(['relative_path', 'base.vhdx'])
    expect(readGuest(readVhdx, file, 0, 512)).toEqual(readGuest(readVhdx, Buffer.from(vhdxDisk()), 0, 512))
    const part = readGuest(readVhdx, file, mebibyte - 512, 1024)
    expect([part?.bytes.length, part?.short]).toEqual([512, 'unavailable'])
    expect(readGuest(readVhdx, file, 2 * mebibyte, 512)?.short).toBe('unavailable')
  })
})

describe('the blocks of a VHDX file', () => {
  const entry = (low: number, high = 0) =>
    changed((bytes) => {
      bytes.writeUInt32LE(low, bat + 8)
      bytes.writeUInt32LE(high, bat + 12)
    })
  const second = (file: Uint8Array) => readGuest(readVhdx, file, mebibyte, 512)

  it.each([0, 1, 2, 3, 5])('are zeros in state %i', (state) => {
    expect(second(entry(state))).toEqual({ bytes: new Uint8Array(512) })
  })

  it('are damage where their state, or their place, cannot be', () => {
    for (const file of [entry(4), entry(7), entry(6), entry(6 + 200 * mebibyte), entry(6, 0xffff_ffff)]) {
      expect(second(file)).toMatchObject({ bytes: new Uint8Array(), short: 'damaged' })
    }
  })

  it('are damage where the table is too short for the disk, or cut', () => {
    const oneEntry = changed((bytes) => {
      bytes.writeUInt32LE(8, at.regions + 16 + 24)
      signed(bytes, at.regions, 64 * kibibyte)
    })
    expect(second(oneEntry)?.short).toBe('damaged')
    const cut = Buffer.from(vhdxDisk()).subarray(0, bat + 8)
    expect(second(cut)?.short).toBe('damaged')
  })

  it('skip the entries for bitmaps', () => {
    // With blocks of 256 MiB, every seventeenth entry is for a bitmap.
    const file = changed((bytes) => {
      bytes.writeUInt32LE(256 * mebibyte, items)
      bytes.writeBigUInt64LE(BigInt(2 ** 34), items + 8)
      bytes.writeUInt32LE(0, bat)
      bytes.writeUInt32LE(6 + 4 * mebibyte, bat + 17 * 8)
    })
    expect(readGuest(readVhdx, file, 16 * 256 * mebibyte, 512)?.bytes).toEqual(
      readGuest(readVhdx, Buffer.from(vhdxDisk()), 0, 512)?.bytes,
    )
  })

  it('promise the bitmaps of a differencing disk', () => {
    // With blocks of 1 MiB, the 4097th entry is for a bitmap, which takes 1 MiB whatever the size of the disk.
    const file = differencing()
    file.writeUInt32LE(6 + 9 * mebibyte, bat + 4096 * 8)
    expect(factsOf(readVhdx, file)?.promisedBytes).toBe(vhdxDisk().length)
    file.writeBigUInt64LE(BigInt(4096 * mebibyte), items + 8)
    expect(factsOf(readVhdx, file)?.promisedBytes).toBe(10 * mebibyte)
  })

  it('promise no length that cannot be said exactly', () => {
    const file = changed((bytes) => {
      bytes.writeBigUInt64LE(2n ** 62n, at.regions + 16 + 16)
      signed(bytes, at.regions, 64 * kibibyte)
    })
    expect(factsOf(readVhdx, file)?.promisedBytes).toBe(Number.MAX_SAFE_INTEGER)
  })

  it('promise what the end of a large table names', () => {
    // A table of about 800 KiB, of which the middle is not read.
    const file = changed((bytes) => {
      bytes.writeUInt32LE(mebibyte, items)
      bytes.writeBigUInt64LE(BigInt(100_000 * mebibyte), items + 8)
      bytes.writeUInt32LE(6 + 77 * mebibyte, bat + (100_000 + 24 - 1) * 8)
    })
    expect(factsOf(readVhdx, file)?.promisedBytes).toBe(78 * mebibyte)
  })
})

describe('a cut VHDX file', () => {
  it('is noticed wherever it is cut', () => {
    const file = vhdxDisk()
    for (const keep of [0.05, 0.2, 0.5, 0.75, 0.9, 0.99, 1 - 1 / file.length]) {
      expect(isCut(readVhdx, truncated(file, keep)), `${keep}`).toBe(true)
    }
    expect(isCut(readVhdx, file)).toBe(false)
  })
})

it.runIf(isCi)('qemu-img is installed on the build machine', () => {
  expect(qemu).toBe(true)
})

describe('qemu-img’s VHDX files', () => {
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vhdx-'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  it.runIf(qemu).each([
    ['dynamic', []],
    ['dynamic', ['-o', 'block_size=1M']],
    ['dynamic', ['-o', 'block_size=4M,log_size=3M']],
    ['fixed', ['-o', 'subformat=fixed,block_size=2M']],
  ] as const)('are %s and hold the raw disk (case %#)', async (variant, options) => {
    const raw = scatteredDisk(6 * mebibyte + 1536)
    const [source, target] = [join(folder, 'source.raw'), join(folder, 'target.vhdx')]
    await writeFile(source, raw)
    await qemuImg('convert', '-f', 'raw', '-O', 'vhdx', ...options, source, target)
    const file = await readFile(target)
    const facts = factsOf(readVhdx, file)
    expect(facts).toMatchObject({ variant, features: {}, virtualBytes: (await qemuInfo(target))['virtual-size'] })
    expect(isCut(readVhdx, file)).toBe(false)
    expect(isCut(readVhdx, file.subarray(0, (facts?.promisedBytes ?? 0) - 1))).toBe(true)
    expectSameDisk(readVhdx, file, raw)
  })
})
