import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readVhd } from '../../src/inspect/formats/vhd.ts'
import { isCi } from '../tools.ts'
import { expectSameDisk, factsOf, isCut, readGuest } from './container-reading.ts'
import { differencingVhd as differencing, dynamicVhd, fixedVhd, signedFooter } from './other-formats.ts'
import { qemu, qemuImg, qemuInfo } from './qemu-img.ts'
import { scatteredDisk } from './scattered-disk.ts'

const mebibyte = 2 ** 20
const at = { creator: 28, size: 48, geometry: 56, type: 60, header: 512, table: 1536, bitmap: 2048, data: 2560 }

/** A dynamic disk whose second block holds `data` in its first sector. */
const changed = (change: (file: Buffer) => void): Buffer => {
  const file = Buffer.from(dynamicVhd())
  file.fill('data', at.data, at.data + 512)
  change(file)
  return file
}
const dynamic = changed(() => undefined)
const secondBlock = 2 * mebibyte

const asOld = (file: Buffer, footer: number): void => {
  file.write('vpc ', footer + at.creator, 'latin1')
  file.writeUInt32BE(0x0004_0000, footer + at.creator + 4)
}

describe('a dynamic VHD', () => {
  it('tells its size, its variant and how long it must be', () => {
    expect(factsOf(readVhd, dynamic)).toEqual({
      format: 'vhd',
      variant: 'dynamic',
      virtualBytes: 4 * mebibyte,
      features: {},
      hasDisk: true,
      promisedBytes: dynamic.length,
    })
  })

  it('gives zeros where no block is, and damage where the table leads out of the file or ends too early', () => {
    expect(readGuest(readVhd, dynamic, 0, 4)).toEqual({ bytes: new Uint8Array(4) })
    expect(Buffer.from(readGuest(readVhd, dynamic, secondBlock, 4)?.bytes ?? []).toString()).toBe('data')
    const outside = changed((file) => file.writeUInt32BE(99_999, at.table + 4))
    const short = changed((file) => file.writeUInt32BE(1, at.header + 28))
    for (const file of [outside, short]) expect(readGuest(readVhd, file, secondBlock, 4)?.short).toBe('damaged')
  })

  it('is noticed where it is cut', () => {
    for (const length of [400, 600, 1700, 5000, dynamic.length - 513, dynamic.length - 1]) {
      expect(isCut(readVhd, dynamic.subarray(0, length)), `${length}`).toBe(true)
    }
    expect(isCut(readVhd, dynamic)).toBe(false)
  })

  it('lacks its end where something else stands in the footer’s place, and not where the file was padded', () => {
    const without = Buffer.concat([dynamic.subarray(0, -512), Buffer.alloc(512)])
    expect(factsOf(readVhd, without)).toMatchObject({ endMissing: true, promisedBytes: without.length })
    const padded = Buffer.concat([dynamic, Buffer.alloc(5000)])
    expect(factsOf(readVhd, padded)).toMatchObject({ endMissing: false, promisedBytes: dynamic.length })
    expect(isCut(readVhd, padded)).toBe(false)
    expect(factsOf(readVhd, without, false)?.endMissing).toBeUndefined()
  })

  it('may lack the last byte of its footer, as those of Virtual PC before 2004 do', () => {
    const old = changed((file) => {
      for (const footer of [0, file.length - 512]) asOld(file, footer)
    }).subarray(0, -1)
    expect(factsOf(readVhd, old)).toMatchObject({ promisedBytes: old.length })
    expect(isCut(readVhd, old)).toBe(false)
  })

  it('tells of a size that no number says exactly the largest that one does', () => {
    const size = changed((file) => file.writeBigUInt64BE(2n ** 63n, at.size))
    expect(factsOf(readVhd, size)).toMatchObject({ virtualBytes: Number.MAX_SAFE_INTEGER })
  })

  it('has no disk where its header is none, or says what cannot be', () => {
    const none = changed((file) => file.fill(0, at.header, at.header + 8))
    const blocks = changed((file) => file.writeUInt32BE(0, at.header + 32))
    for (const file of [none, blocks]) expect(factsOf(readVhd, file)).toMatchObject({ hasDisk: false })
    const type = changed((file) => file.writeUInt32BE(6, at.type))
    expect(factsOf(readVhd, type)).toMatchObject({ hasDisk: false, features: { unknownFeatures: ['disk type 6'] } })
    expect(factsOf(readVhd, Buffer.from('conectix'))).toMatchObject({ format: 'vhd', hasDisk: false })
  })
})

describe('a differencing VHD', () => {
  it('names its parent, or has its UUID', () => {
    expect(factsOf(readVhd, differencing('Basis für alle.vhd'))).toMatchObject({
      variant: 'differencing',
      features: { backingFile: 'Basis für alle.vhd' },
    })
    expect(factsOf(readVhd, differencing(''))?.features.backingFile).toBe('00112233-4455-6677-8899-aabbccddeeff')
  })

  it('gives the sectors that it holds itself, and nothing of what its parent holds', () => {
    const file = differencing('base.vhd')
    const part = readGuest(readVhd, file, secondBlock, 4096)
    expect([Buffer.from(part?.bytes ?? []).toString('latin1', 0, 4), part?.bytes.length]).toEqual(['data', 512])
    expect(part?.short).toBe('unavailable')
    expect(readGuest(readVhd, file, secondBlock + 8 * 512, 512)).toEqual({ bytes: new Uint8Array(512) })
    expect(readGuest(readVhd, file, secondBlock + 9 * 512, 512)?.short).toBe('unavailable')
    expect(readGuest(readVhd, file, 0, 512)?.short).toBe('unavailable')
  })
})

describe('a VHD whose structures contradict themselves', () => {
  const damageOf = (file: Buffer) => factsOf(readVhd, file)?.features.damage

  it('has a footer with another check sum, wherever it counts', () => {
    const wrong = ['a footer whose check sum is wrong']
    expect(damageOf(changed((file) => file.writeUInt32BE(1, at.size + 4)))).toEqual(wrong)
    const fixed = Buffer.from(fixedVhd())
    fixed.writeUInt8(1, mebibyte + 70)
    expect(damageOf(fixed)).toEqual(wrong)
    // The 512th byte of one that has 511 is none of it.
    const old = changed((file) => {
      asOld(file, 0)
      signedFooter(file, 0)
      file.writeUInt8(9, 511)
    })
    expect(damageOf(old)).toBeUndefined()
  })

  it('has no header of a dynamic disk, or one that does not fit the disk', () => {
    const none = ['no header of a dynamic disk where its footer says']
    expect(damageOf(changed((file) => file.write('CXSPARSE', at.header, 'latin1')))).toEqual(none)
    expect(damageOf(changed((file) => file.writeUInt32BE(3 * 512, at.header + 32)))).toEqual(none)
    expect(damageOf(changed((file) => file.writeUInt32BE(1, at.header + 28)))).toEqual([
      'a block table that is too small for the disk',
    ])
    // What was cut off is not there, and that is another matter.
    expect(damageOf(Buffer.from(dynamic.subarray(0, 600)))).toBeUndefined()
  })

  it('is not larger than 2040 GiB', () => {
    const sized = (bytes: bigint) => {
      const file = Buffer.from(fixedVhd())
      file.writeBigUInt64BE(bytes, mebibyte + at.size)
      signedFooter(file, mebibyte)
      return factsOf(readVhd, file)?.features.unsupported
    }
    expect(sized(2040n * 2n ** 30n)).toBeUndefined()
    expect(sized(2041n * 2n ** 30n)).toEqual(['a disk of more than 2190433320960 bytes'])
  })
})

describe('a fixed VHD', () => {
  it('is the plain disk and a footer', () => {
    const file = Buffer.from(fixedVhd())
    file.write('data', mebibyte - 4)
    expect(factsOf(readVhd, file)).toEqual({
      format: 'vhd',
      variant: 'fixed',
      virtualBytes: mebibyte,
      features: {},
      hasDisk: true,
      promisedBytes: file.length,
    })
    expect(readGuest(readVhd, file, mebibyte - 4, 100)).toEqual({ bytes: Buffer.from('data'), short: 'end' })
  })

  it('may lack the last byte of its footer, as those of Virtual PC before 2004 do', () => {
    const old = Buffer.from(fixedVhd())
    asOld(old, mebibyte)
    expect(factsOf(readVhd, old.subarray(0, -1))).toMatchObject({ variant: 'fixed', promisedBytes: old.length - 1 })
  })

  it('ends before its footer, whatever its geometry says', () => {
    const file = Buffer.from(fixedVhd())
    file.set([1, 0, 4, 17], mebibyte + at.geometry)
    expect(factsOf(readVhd, file)?.virtualBytes).toBe(256 * 4 * 17 * 512)
    expect(readGuest(readVhd, file, mebibyte - 4, 100)).toEqual({ bytes: Buffer.alloc(4), short: 'end' })
  })

  it('is noticed where bytes were lost before the footer', () => {
    expect(isCut(readVhd, fixedVhd().subarray(512))).toBe(true)
  })

  it('cannot be told where the length is not known, the footer is cut, or it is that of a dynamic disk', () => {
    expect(factsOf(readVhd, fixedVhd(), false)).toBeUndefined()
    expect(factsOf(readVhd, fixedVhd().subarray(0, -1))).toBeUndefined()
    expect(factsOf(readVhd, dynamic.subarray(512))).toBeUndefined()
    expect(factsOf(readVhd, new Uint8Array())).toBeUndefined()
  })
})

it.runIf(isCi)('qemu-img is installed on the build machine', () => {
  expect(qemu).toBe(true)
})

describe('qemu-img’s VHDs', () => {
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vhd-'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  const virtualSize = async (path: string): Promise<unknown> =>
    JSON.parse(await qemuImg('info', '-f', 'vpc', '--output=json', path))['virtual-size']

  it.runIf(qemu).each([
    ['dynamic', 'subformat=dynamic'],
    ['dynamic', 'subformat=dynamic,force_size=on'],
    ['fixed', 'subformat=fixed'],
    ['fixed', 'subformat=fixed,force_size=on'],
  ] as const)('are %s and hold the raw disk (%s)', async (variant, options) => {
    const raw = scatteredDisk(6 * mebibyte + 1536)
    const [source, target] = [join(folder, 'source.raw'), join(folder, 'target.vhd')]
    await writeFile(source, raw)
    await qemuImg('convert', '-f', 'raw', '-O', 'vpc', '-o', options, source, target)
    const file = await readFile(target)
    const facts = factsOf(readVhd, file)
    expect(facts).toMatchObject({ variant, features: {}, virtualBytes: await virtualSize(target) })
    expect(isCut(readVhd, file)).toBe(false)
    if (variant === 'dynamic') {
      for (const keep of [0.1, 0.5, 0.9, 1 - 1 / file.length]) {
        expect(isCut(readVhd, file.subarray(0, Math.floor(file.length * keep))), `${keep}`).toBe(true)
      }
    }
    // The size by cylinders is rounded up, so that zeros follow.
    expectSameDisk(readVhd, file, Buffer.concat([raw, Buffer.alloc((facts?.virtualBytes ?? 0) - raw.length)]))
  })

  it.runIf(qemu).each(['vpc ', 'vs  ', 'qemu', 'qem2', 'win ', 'd2v ', 'tap\0', 'CTXS', 'vbox', '\0\0\0\0'])(
    'are as large as qemu-img says, whoever made them: %j',
    async (creator) => {
      for (const subformat of ['dynamic', 'fixed']) {
        const path = join(folder, 'creator.vhd')
        await qemuImg('create', '-f', 'vpc', '-o', `subformat=${subformat},force_size=on`, path, '5000000')
        const file = await readFile(path)
        for (const footer of subformat === 'dynamic' ? [0, file.length - 512] : [file.length - 512]) {
          file.write(creator, footer + at.creator, 'latin1')
          // 150 cylinders, 4 heads, 17 sectors.
          file.set([0, 150, 4, 17], footer + at.geometry)
          signedFooter(file, footer)
        }
        await writeFile(path, file)
        expect(factsOf(readVhd, file)?.virtualBytes, subformat).toBe(await virtualSize(path))
      }
    },
  )

  it.runIf(qemu)('are as large as qemu-img says where the geometry is at its limit', async () => {
    const path = join(folder, 'large.vhd')
    await qemuImg('create', '-f', 'vpc', path, '200G')
    expect(factsOf(readVhd, await readFile(path))?.virtualBytes).toBe((await qemuInfo(path))['virtual-size'])
  })
})

describe('a VHD of Azure', () => {
  it('is as large as its footer says, whatever its geometry', () => {
    const file = Buffer.from(fixedVhd())
    file.write('wa\0\0', mebibyte + at.creator, 'latin1')
    file.set([0, 20, 4, 17], mebibyte + at.geometry)
    expect(factsOf(readVhd, file)?.virtualBytes).toBe(mebibyte)
  })
})
