import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readPloop } from '../../src/inspect/formats/ploop.ts'
import { expectSameDisk, factsOf, readGuest } from './container-reading.ts'
import { ploop } from './other-formats.ts'
import { qemu, qemuImg, qemuInfo } from './qemu-img.ts'
import { scatteredDisk } from './scattered-disk.ts'

const promised = (file: Uint8Array): number | undefined => factsOf(readPloop, file)?.promisedBytes

describe('a ploop file', () => {
  it.each(['WithoutFreeSpace', 'WithouFreSpacExt'] as const)('has a disk through its table: %s', (magic) => {
    const file = ploop(magic)
    expect(factsOf(readPloop, file)).toMatchObject({ format: 'ploop', virtualBytes: 20 * 512, features: {} })
    const expected = Buffer.alloc(20 * 512)
      .fill('a', 4096, 8192)
      .fill('b', 8192)
    expect(readGuest(readPloop, file, 0, 20 * 512)?.bytes).toEqual(new Uint8Array(expected))
    expect(readGuest(readPloop, file, 20 * 512, 1)).toEqual({ bytes: new Uint8Array(), short: 'end' })
    expect(promised(file)).toBe(file.length)
    expect(promised(file.subarray(0, 5000))).toBe(file.length)
  })

  it('needs of the last cluster no more than the guest sees', () => {
    const file = ploop()
    file.writeUInt32LE(24, 64 + 8)
    expect(promised(file)).toBe(24 * 512 + 4 * 512)
  })

  it('promises its table at least', () => {
    expect(promised(Buffer.from('WithouFreSpacExt'))).toBe(64)
    const file = ploop()
    file.writeUInt32LE(100_000, 32)
    expect(promised(file.subarray(0, 64))).toBe(64 + 400_000)
  })

  it('is dirty while it is open, and of a version that may be unknown', () => {
    const file = ploop()
    file.writeUInt32LE(0x746f_6e59, 44)
    file.writeUInt32LE(3, 16)
    expect(factsOf(readPloop, file)?.features).toEqual({ dirty: true, unknownFeatures: ['version 3'] })
    expect(factsOf(readPloop, file)?.hasDisk).toBe(false)
  })

  it('is damaged where its table leads out of it or is too short', () => {
    const file = ploop()
    file.writeUInt32LE(0xffff_ffff, 64)
    expect(readGuest(readPloop, file, 0, 1)?.short).toBe('damaged')
    file.writeUInt32LE(0, 64)
    expect(readGuest(readPloop, file, 0, 1)?.short).toBeUndefined()
    file.writeUInt32LE(0, 32)
    expect(readGuest(readPloop, file, 0, 1)?.short).toBe('damaged')
  })

  it('is nothing else', () => {
    expect(factsOf(readPloop, Buffer.from('WithoutFreeSpac'))).toBeUndefined()
    expect(factsOf(readPloop, new Uint8Array(100))).toBeUndefined()
  })
})

describe('a ploop file that qemu-img made', () => {
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ploop-'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  it.runIf(qemu).each([65_536, 2 ** 20])('has the same disk as the raw one: clusters of %i bytes', async (cluster) => {
    const [source, image] = [join(folder, 'source.raw'), join(folder, 'image.hds')]
    const raw = scatteredDisk(5 * 2 ** 20 + 1536)
    await writeFile(source, raw)
    await qemuImg('convert', '-f', 'raw', '-O', 'parallels', '-o', `cluster_size=${cluster}`, source, image)
    const file = await readFile(image)
    expect(factsOf(readPloop, file)?.virtualBytes).toBe((await qemuInfo(image))['virtual-size'])
    expect(factsOf(readPloop, file)?.features).toEqual({})
    expect(promised(file)).toBeLessThanOrEqual(file.length)
    expectSameDisk(readPloop, file, raw)
    const cut = fc.property(fc.integer({ min: 64, max: file.length - cluster - 1 }), (length) => {
      expect(promised(file.subarray(0, length))).toBeGreaterThan(length)
    })
    fc.assert(cut, { numRuns: 50 })
  })
})
