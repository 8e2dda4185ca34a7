import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { gptDisk, qcow2Disk, rawDisk, truncated, vhdxDisk } from '../../demo/disk-images.ts'
import { readDiskImage } from '../../src/inspect/disk-image.ts'
import { isCi } from '../tools.ts'
import { qemu, qemuImg, qemuInfo } from './qemu-img.ts'

const mebibyte = 2 ** 20

describe('the makers', () => {
  // Digests, since a comparison element by element takes seconds for MiB.
  const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
  const makers = [rawDisk, gptDisk, qcow2Disk, vhdxDisk]

  it('make the same bytes for the same options', () => {
    for (const make of makers) expect(digest(make({ label: 'a' }))).toBe(digest(make({ label: 'a' })))
  })

  it('make another disk for another label, from the first bytes of the guest on', () => {
    for (const make of makers) expect(digest(make({ label: 'a' }))).not.toBe(digest(make({ label: 'b' })))
    expect(
      Buffer.from(rawDisk({ label: 'web-1' }))
        .subarray(3, 8)
        .toString(),
    ).toBe('web-1')
  })

  it('stay small, whatever the virtual size', () => {
    expect(qcow2Disk({ virtualBytes: 100 * 2 ** 30 }).length).toBeLessThan(mebibyte)
    expect(vhdxDisk({ virtualBytes: 100 * 2 ** 30 }).length).toBeLessThan(6 * mebibyte)
    expect(rawDisk({ bytes: 128 * 1024 }).length).toBe(128 * 1024)
  })

  it('refuse what cannot be', () => {
    expect(() => rawDisk({ bytes: 1000 })).toThrow(RangeError)
    expect(() => gptDisk({ bytes: 512 })).toThrow(RangeError)
    expect(() => qcow2Disk({ virtualBytes: 2 ** 50 })).toThrow(RangeError)
    expect(() => vhdxDisk({ virtualBytes: 2 ** 50 })).toThrow(RangeError)
    expect(() => rawDisk({ label: 'x'.repeat(500) })).toThrow(RangeError)
  })

  it('cut an image short by a share of its length', () => {
    expect(truncated(new Uint8Array(1000), 0.25).length).toBe(250)
    expect(truncated(new Uint8Array(10), 7).length).toBe(10)
    expect(truncated(new Uint8Array(10), -1).length).toBe(0)
  })
})

// On the build machine the judge must be there; elsewhere its cases are left out, and say so.
it.runIf(isCi)('qemu-img is installed on the build machine', () => {
  expect(qemu).toBe(true)
})

describe('qemu-img as the judge', () => {
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'disk-makers-'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  const stored = async (name: string, bytes: Uint8Array): Promise<string> => {
    const path = join(folder, name)
    await writeFile(path, bytes)
    return path
  }

  it.runIf(qemu).each([
    ['qcow2', qcow2Disk, 16 * mebibyte],
    ['qcow2', qcow2Disk, 100 * 2 ** 30],
    ['vhdx', vhdxDisk, 16 * mebibyte],
    ['vhdx', vhdxDisk, 100 * 2 ** 30],
  ] as const)('accepts %s (case %#)', async (format, make, virtualBytes) => {
    const path = await stored(`${virtualBytes}.${format}`, make({ virtualBytes }))
    expect(await qemuInfo(path)).toMatchObject({ format, 'virtual-size': virtualBytes })
    const report = await qemuImg('check', '-f', format, path)
    expect(report).toContain('No errors were found on the image')
  })

  it.runIf(qemu).each([
    ['qcow2', qcow2Disk],
    ['vhdx', vhdxDisk],
  ] as const)('finds in %s the same disk as in the raw one', async (format, make) => {
    const raw = await stored(`same-${format}.raw`, rawDisk({ bytes: 4 * mebibyte, label: 'same' }))
    const sparse = await stored(`same.${format}`, make({ virtualBytes: 4 * mebibyte, label: 'same' }))
    const report = await qemuImg('compare', '-f', 'raw', '-F', format, raw, sparse)
    expect(report).toContain('Images are identical')
  })

  // A fixed VHD that has lost its footer is a plain disk, and a truncated one by its partition table.
  it.runIf(qemu).each([
    ['qcow2', 'qcow2', 'qcow2', []],
    ['qcow2', 'qcow2', 'qcow2', ['-c']],
    ['qcow2', 'qcow2', 'qcow2', ['-o', 'compat=0.10,cluster_size=512']],
    ['qcow2', 'qcow2', 'qcow2', ['-o', 'extended_l2=on,cluster_size=128k']],
    ['vhdx', 'vhdx', 'vhdx', []],
    ['vpc', 'vhd', 'vhd', []],
    ['vpc', 'vhd', 'raw', ['-o', 'subformat=fixed']],
    ['vdi', 'vdi', 'vdi', []],
    ['vmdk', 'vmdk', 'vmdk', []],
    ['vmdk', 'vmdk', 'vmdk', ['-o', 'subformat=streamOptimized']],
  ] as const)(
    'writes %s, which the reader finds complete as %s, and cut short as %s (%j)',
    async (driver, format, cutFormat, options) => {
      const raw = await stored('source.raw', rawDisk({ bytes: 3 * mebibyte }))
      const path = join(folder, 'converted')
      await qemuImg('convert', '-f', 'raw', '-O', driver, ...options, raw, path)
      const bytes = await readFile(path)
      expect(readDiskImage(bytes)).toMatchObject({ format, truncated: false })
      expect(readDiskImage(truncated(bytes, 0.4))).toMatchObject({ format: cutFormat, truncated: true })
    },
  )
})
