import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readVdi } from '../../src/inspect/formats/vdi.ts'
import { isCi } from '../tools.ts'
import { expectSameDisk, factsOf, isCut, readGuest } from './container-reading.ts'
import { vdi } from './other-formats.ts'
import { qemu, qemuImg, qemuInfo } from './qemu-img.ts'
import { scatteredDisk } from './scattered-disk.ts'

const mebibyte = 2 ** 20
const at = { version: 68, type: 76, size: 368, blockBytes: 376, extraBytes: 380, blocks: 384, map: 512, data: 1024 }
const [unallocated, discarded] = [0xffff_ffff, 0xffff_fffe]

/** An image of type 1, whose second block holds `data` and whose others are not in the file. */
const changed = (change: (file: Buffer) => void): Buffer => {
  const file = Buffer.from(vdi())
  file.writeUInt32LE(1, at.type)
  for (const [block, place] of [unallocated, 0, discarded, unallocated].entries()) {
    file.writeUInt32LE(place, at.map + block * 4)
  }
  file.fill('data', at.data)
  change(file)
  return file
}
const dynamic = changed(() => undefined)
const text = (file: Buffer, place: number): string =>
  Buffer.from(readGuest(readVdi, file, place, 4)?.bytes ?? []).toString()

describe('a VDI file', () => {
  it('tells what contradicts itself in its header, and what QEMU does not open', () => {
    const featuresOf = (change: (file: Buffer) => void) => factsOf(readVdi, changed(change))?.features
    expect(featuresOf((file) => file.writeUInt32LE(3, at.blocks))).toEqual({
      damage: ['a block map that is too small for the disk'],
    })
    expect(featuresOf((file) => file.writeUInt32LE(4096, 360))).toEqual({ unsupported: ['sectors of 4096 bytes'] })
    expect(featuresOf((file) => file.writeUInt32LE(2 * mebibyte, at.blockBytes))).toEqual({
      unsupported: ['blocks of 2097152 bytes'],
    })
    for (const place of [340, 344])
      expect(featuresOf((file) => file.writeUInt32LE(1025, place))).toEqual({
        unsupported: ['a block map or blocks within a sector'],
      })
    for (const place of [424, 440])
      expect(featuresOf((file) => file.writeUInt8(1, place))).toEqual({
        unsupported: ['a parent, of which its type knows nothing'],
      })
    expect(factsOf(readVdi, dynamic.subarray(0, 400))?.features).toEqual({})
  })

  it('tells its size, its variant and how long it must be', () => {
    expect(factsOf(readVdi, dynamic)).toEqual({
      format: 'vdi',
      variant: 'dynamic',
      virtualBytes: 4 * mebibyte,
      features: {},
      hasDisk: true,
      promisedBytes: dynamic.length,
    })
    expect(
      factsOf(
        readVdi,
        changed((file) => file.writeUInt32LE(2, at.type)),
      )?.variant,
    ).toBe('fixed')
  })

  it('is noticed where it is cut', () => {
    expect(isCut(readVdi, dynamic)).toBe(false)
    for (const length of [100, 500, 1024, dynamic.length - 1]) {
      expect(isCut(readVdi, dynamic.subarray(0, length)), `${length}`).toBe(true)
    }
  })

  it('has a guest that reads zeros where no block is', () => {
    expect(text(dynamic, mebibyte)).toBe('data')
    for (const place of [0, 2 * mebibyte, 3 * mebibyte]) {
      expect(readGuest(readVdi, dynamic, place, 4)).toEqual({ bytes: new Uint8Array(4) })
    }
  })

  it('has data behind what stands before each block', () => {
    const file = changed((bytes) => {
      bytes.writeUInt32LE(512, at.extraBytes)
      bytes.write('more', at.data + 512)
    })
    expect(text(file, mebibyte)).toBe('more')
  })

  it('is damaged where its map is too short or leads out of the file', () => {
    const short = changed((bytes) => bytes.writeUInt32LE(1, at.blocks))
    const outside = changed((bytes) => bytes.writeUInt32LE(7, at.map + 4))
    for (const file of [short, outside]) expect(readGuest(readVdi, file, mebibyte, 4)?.short).toBe('damaged')
  })

  it('that is a layer tells its parent’s UUID, and nothing of what the parent holds', () => {
    const file = changed((bytes) => {
      bytes.writeUInt32LE(4, at.type)
      bytes.set(Buffer.from('33221100554477668899aabbccddeeff', 'hex'), 424)
    })
    expect(factsOf(readVdi, file)).toMatchObject({
      variant: 'differencing',
      features: { backingFile: '00112233-4455-6677-8899-aabbccddeeff' },
    })
    expect(text(file, mebibyte)).toBe('data')
    expect(readGuest(readVdi, file, 0, 4)?.short).toBe('unavailable')
    expect(readGuest(readVdi, file, 2 * mebibyte, 4)?.short).toBeUndefined()
  })

  it('of another version or type is known by its name alone', () => {
    const old = changed((bytes) => bytes.writeUInt32LE(1, at.version))
    expect(factsOf(readVdi, old)).toEqual({
      format: 'vdi',
      features: { unknownFeatures: ['version 0.1'] },
      hasDisk: false,
    })
    const undo = changed((bytes) => bytes.writeUInt32LE(3, at.type))
    expect(factsOf(readVdi, undo)).toMatchObject({
      hasDisk: false,
      virtualBytes: 4 * mebibyte,
      features: { unknownFeatures: ['image type 3'] },
    })
  })

  it('has whole sectors, and of a size that no number says exactly the largest that one does', () => {
    const odd = changed((bytes) => bytes.writeBigUInt64LE(1000n, at.size))
    expect(factsOf(readVdi, odd)?.virtualBytes).toBe(1024)
    const huge = changed((bytes) => bytes.writeBigUInt64LE(2n ** 63n, at.size))
    expect(factsOf(readVdi, huge)).toMatchObject({ virtualBytes: Number.MAX_SAFE_INTEGER })
    const none = changed((bytes) => bytes.writeUInt32LE(0, at.blockBytes))
    expect(factsOf(readVdi, none)?.hasDisk).toBe(false)
  })
})

it.runIf(isCi)('qemu-img is installed on the build machine', () => {
  expect(qemu).toBe(true)
})

describe('qemu-img’s VDI files', () => {
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vdi-'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  it.runIf(qemu).each([
    ['dynamic', []],
    ['fixed', ['-o', 'static=on']],
  ] as const)('are %s and hold the raw disk', async (variant, options) => {
    const raw = scatteredDisk(6 * mebibyte + 1536)
    const [source, target] = [join(folder, 'source.raw'), join(folder, 'target.vdi')]
    await writeFile(source, raw)
    await qemuImg('convert', '-f', 'raw', '-O', 'vdi', ...options, source, target)
    const file = await readFile(target)
    expect(factsOf(readVdi, file)).toMatchObject({
      variant,
      features: {},
      virtualBytes: (await qemuInfo(target))['virtual-size'],
    })
    expect(isCut(readVdi, file)).toBe(false)
    expect(isCut(readVdi, file.subarray(0, -mebibyte))).toBe(true)
    expectSameDisk(readVdi, file, raw)
  })
})
