import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { gptDisk, rawDisk } from '../../demo/disk-images.ts'
import { readIso } from '../../src/inspect/formats/iso.ts'
import { isCi, missingOf, runTool } from '../tools.ts'
import { factsOf, readGuest } from './container-reading.ts'
import { isoVolume } from './other-formats.ts'

const xorriso = missingOf(['xorriso']).length === 0
if (!xorriso) process.stderr.write('xorriso is not installed: the case with a volume that it made is left out\n')

it.runIf(isCi)('xorriso is installed on the build machine', () => {
  expect(xorriso).toBe(true)
})

describe('an ISO 9660 volume', () => {
  it('has as many bytes as its first descriptor says, and is its own disk', () => {
    const file = isoVolume()
    expect(factsOf(readIso, file)).toEqual({
      format: 'iso',
      virtualBytes: 20 * 2048,
      features: {},
      promisedBytes: 20 * 2048,
      hasDisk: true,
    })
    expect(readGuest(readIso, file, 0x8001, 5)?.bytes).toEqual(Buffer.from('CD001'))
  })

  it('reaches to the end of its first descriptor at least', () => {
    const short = 0x8000 + 2048
    expect(factsOf(readIso, isoVolume().subarray(0, 0x8000 + 6))).toMatchObject({ format: 'iso', promisedBytes: short })
    const empty = Buffer.from(isoVolume()).fill(0, 0x8000 + 80, 0x8000 + 84)
    expect(factsOf(readIso, empty)).toMatchObject({ virtualBytes: 0, promisedBytes: short })
  })

  it('has no size that is known where another descriptor comes first', () => {
    const file = Buffer.from(isoVolume())
    file.writeUInt8(0, 0x8000)
    const facts = factsOf(readIso, file)
    expect([facts?.format, facts?.virtualBytes, facts?.promisedBytes]).toEqual(['iso', undefined, 0x8000 + 2048])
  })

  it('that was left on a disk when that was parted anew is none', () => {
    const volume = isoVolume()
    const left = (disk: Uint8Array, blocks: number): Buffer => {
      const bytes = Buffer.from(disk)
      bytes.set(volume.subarray(0x8000, 0x8800), 0x8000)
      bytes.writeUInt32LE(blocks, 0x8000 + 80)
      return bytes
    }
    // Of these disks the one partition begins at sector 34, with the volume in it, or at sector 64, with it.
    const within = [left(gptDisk(), 20), left(rawDisk(), 20)]
    for (const disk of within) expect(factsOf(readIso, disk)).toMatchObject({ format: 'iso' })
    const [gpt, mbr] = within.map((disk) => Buffer.from(disk))
    gpt?.writeBigUInt64LE(100n, 1024 + 32)
    mbr?.writeUInt32LE(100, 446 + 8)
    for (const disk of [gpt, mbr]) expect(factsOf(readIso, disk ?? volume)).toBeUndefined()
    // All partitions lie in the volume, as on discs that start from a disk too.
    for (const disk of [gpt, mbr]) {
      disk?.writeUInt32LE(2 ** 20, 0x8000 + 80)
      expect(factsOf(readIso, disk ?? volume)).toMatchObject({ format: 'iso' })
    }
  })

  it('is nothing else', () => {
    expect(factsOf(readIso, new Uint8Array(100_000))).toBeUndefined()
    expect(factsOf(readIso, isoVolume().subarray(0, 0x8000))).toBeUndefined()
  })

  it.runIf(xorriso)('is known as xorriso makes it, and where it was cut', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'iso-'))
    try {
      const [content, image] = [join(folder, 'content'), join(folder, 'image.iso')]
      await mkdir(content)
      await writeFile(join(content, 'file'), Buffer.alloc(300_000, 'x'))
      await runTool('xorriso', '-as', 'mkisofs', '-quiet', '-o', image, content)
      const file = await readFile(image)
      const facts = factsOf(readIso, file)
      expect(facts?.promisedBytes).toBeLessThanOrEqual(file.length)
      expect(facts?.promisedBytes).toBeGreaterThan(300_000)
      const cut = file.subarray(0, 300_000)
      expect(factsOf(readIso, cut)?.promisedBytes).toBeGreaterThan(cut.length)

      // With further partitions behind it, for those who write it to a disk.
      const appended = join(folder, 'appended')
      await writeFile(appended, Buffer.alloc(2 ** 20))
      for (const table of [[], ['-appended_part_as_gpt'], ['-partition_offset', '16']]) {
        const more = ['-append_partition', '2', '0xef', appended, ...table]
        await runTool('xorriso', '-as', 'mkisofs', '-quiet', '-o', image, ...more, content)
        expect(factsOf(readIso, await readFile(image))?.format, table.join(' ')).toBe('iso')
      }
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  })
})
