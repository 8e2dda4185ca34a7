import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { gptDisk, qcow2Disk, rawDisk, truncated, vhdxDisk } from '../../demo/disk-images.ts'
import { readDiskImage } from '../../src/inspect/disk-image.ts'
import { dynamicVhd, fixedVhd, isoVolume, sparseVmdk, streamVmdk, vdi } from './other-formats.ts'

const text = (content: string): Uint8Array => Buffer.from(content, 'latin1')
const at = (length: number, ...parts: readonly (readonly [number, string])[]): Uint8Array => {
  const bytes = Buffer.alloc(length)
  for (const [offset, content] of parts) bytes.write(content, offset, 'latin1')
  return bytes
}

describe('the format, by bytes', () => {
  it.each([
    ['a plain disk with an MBR', rawDisk(), { format: 'raw', partitionTable: 'mbr', virtualBytes: 1_048_576 }],
    ['a plain disk with a GPT', gptDisk(), { format: 'raw', partitionTable: 'gpt', virtualBytes: 1_048_576 }],
    ['qcow2', qcow2Disk({ virtualBytes: 3 * 2 ** 30 }), { format: 'qcow2', virtualBytes: 3 * 2 ** 30 }],
    ['VHDX', vhdxDisk({ virtualBytes: 3 * 2 ** 30 }), { format: 'vhdx', virtualBytes: 3 * 2 ** 30 }],
    ['a fixed VHD', fixedVhd(), { format: 'vhd', virtualBytes: 1_048_576 }],
    ['a dynamic VHD', dynamicVhd(), { format: 'vhd', virtualBytes: 4 * 2 ** 20 }],
    ['VDI', vdi(), { format: 'vdi', virtualBytes: 4 * 2 ** 20 }],
    ['VMDK', sparseVmdk(), { format: 'vmdk', virtualBytes: 4 * 2 ** 20 }],
    ['a stream-optimised VMDK', streamVmdk(), { format: 'vmdk', virtualBytes: 4 * 2 ** 20 }],
    ['ISO 9660', isoVolume(), { format: 'iso', virtualBytes: 20 * 2048 }],
    ['ploop', at(512, [0, 'WithouFreSpacExt']), { format: 'ploop' }],
  ])('knows %s', (_, bytes, expected) => {
    expect(readDiskImage(bytes)).toMatchObject({ ...expected, truncated: false })
  })

  it('promises exactly the length of a complete image', () => {
    for (const bytes of [
      rawDisk(),
      gptDisk(),
      qcow2Disk(),
      vhdxDisk(),
      fixedVhd(),
      dynamicVhd(),
      vdi(),
      sparseVmdk(),
    ]) {
      expect(readDiskImage(bytes).promisedBytes).toBe(bytes.length)
    }
  })

  it('does not take a longer file for a truncated one', () => {
    expect(readDiskImage(Buffer.concat([rawDisk(), Buffer.alloc(5000)]))).toMatchObject({ truncated: false })
  })

  it('knows a GPT on sectors of 4096 bytes', () => {
    const disk = Buffer.alloc(64 * 4096)
    disk.write('EFI PART', 4096, 'latin1')
    disk.writeBigUInt64LE(1n, 4096 + 24)
    disk.writeBigUInt64LE(63n, 4096 + 32)
    expect(readDiskImage(disk)).toEqual({
      format: 'raw',
      partitionTable: 'gpt',
      virtualBytes: 64 * 4096,
      promisedBytes: 64 * 4096,
      truncated: false,
    })
  })

  it('takes an ISO that boots from a disk too for an ISO, in spite of its partition table', () => {
    const file = Buffer.from(isoVolume())
    file.set(rawDisk().subarray(446, 512), 446)
    expect(readDiskImage(file)).toMatchObject({ format: 'iso', truncated: false })
  })

  it('does not take the boot sector of a file system for a partition table', () => {
    const bootSector = Buffer.alloc(4096, 0x6e)
    bootSector.set([0x55, 0xaa], 510)
    expect(readDiskImage(bootSector)).toEqual({ truncated: false })
  })

  it('has no format for anything else', () => {
    for (const bytes of [
      new Uint8Array(),
      text('x'),
      Buffer.alloc(100_000),
      text('QFI\xfb\0\0\0\x01'),
      text('<Error/>'),
    ]) {
      expect(readDiskImage(bytes)).toEqual({ truncated: false })
    }
  })
})

describe('what is around a disk, or instead of one', () => {
  it.each([
    ['gzip', gzipSync('disk')],
    ['xz', text('\xfd7zXZ\0\0\x04')],
    ['zstd', text('\x28\xb5\x2f\xfd\x24')],
    ['bzip2', text('BZh91AY&SY....')],
    ['bzip2', text('BZh9\x17rE8P\x90\0\0\0\0')],
  ])('knows %s and does not look inside', (compression, bytes) => {
    expect(readDiskImage(bytes)).toEqual({ compression, truncated: false })
  })

  it('knows archives', () => {
    expect(readDiskImage(at(1024, [0, 'disk.ovf'], [257, 'ustar']))).toEqual({ archive: 'tar', truncated: false })
    expect(readDiskImage(text('PK\x03\x04....'))).toEqual({ archive: 'zip', truncated: false })
  })

  it.each(['<!doctype html><p>Log in', '\n <HTML lang="en">', '\xef\xbb\xbf<!DOCTYPE html>', '<!-- x --><html>'])(
    'knows a web page: %j',
    (page) => {
      expect(readDiskImage(text(page))).toEqual({ html: true, truncated: false })
    },
  )
})

describe('truncation', () => {
  const images = { raw: rawDisk(), gpt: gptDisk(), qcow2: qcow2Disk(), vhdx: vhdxDisk() }

  it.each(Object.entries(images))('is seen wherever %s is cut', (name, bytes) => {
    const format = name === 'gpt' ? 'raw' : name
    for (const keep of [0.05, 0.2, 0.5, 0.75, 0.9, 0.99, 1 - 1 / bytes.length]) {
      expect(readDiskImage(truncated(bytes, keep)), `${keep}`).toMatchObject({ format, truncated: true })
    }
    expect(readDiskImage(truncated(bytes, 1)).truncated).toBe(false)
  })

  it('is seen in a stream-optimised VMDK by its missing footer', () => {
    expect(readDiskImage(truncated(streamVmdk(), 0.7))).toMatchObject({ format: 'vmdk', truncated: true })
  })

  it('counts of the last qcow2 cluster only what the guest sees', () => {
    const whole = qcow2Disk({ virtualBytes: 128 * 1024 + 512 })
    // The guest's cluster 2, of which one sector is inside the disk, is put at the end of the file.
    const file = Buffer.concat([whole, Buffer.alloc(512)])
    file.writeBigUInt64BE((1n << 63n) | BigInt(whole.length), 4 * 65_536 + 2 * 8)
    expect(readDiskImage(file)).toMatchObject({ promisedBytes: file.length, truncated: false })
  })

  it('counts of a compressed qcow2 cluster the sectors that it touches, the last with one byte', () => {
    const file = Buffer.from(qcow2Disk())
    const offset = BigInt(file.length + 100)
    file.writeBigUInt64BE((1n << 62n) | (3n << 54n) | offset, 4 * 65_536 + 8 * 8)
    expect(readDiskImage(file)).toMatchObject({ promisedBytes: file.length + 3 * 512 + 1, truncated: true })
  })
})

describe('any bytes', () => {
  const check = (bytes: Uint8Array): void => {
    const facts = readDiskImage(bytes)
    if (facts.promisedBytes !== undefined && facts.promisedBytes > bytes.length) expect(facts.truncated).toBe(true)
    expect([facts.format, facts.compression, facts.archive, facts.html].filter((fact) => fact).length).toBeLessThan(2)
  }

  it('give an answer', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 2048 }), check), { numRuns: 500 })
  })

  it('give an answer behind every magic number', () => {
    const magics = [
      'QFI\xfb\0\0\0\x03',
      'QFI\xfb\0\0\0\x02',
      'vhdxfile',
      'conectix',
      'KDMV',
      `${'x'.repeat(64)}\x7f\x10\xda\xbe`,
    ]
    const property = fc.property(fc.constantFrom(...magics), fc.uint8Array({ maxLength: 3000 }), (magic, rest) => {
      check(Buffer.concat([text(magic), rest]))
    })
    fc.assert(property, { numRuns: 1000 })
  })

  it('give an answer where real images are damaged', () => {
    const small = { virtualBytes: 128 * 1024 }
    const originals = [rawDisk({ bytes: 131_072 }), gptDisk({ bytes: 131_072 }), qcow2Disk(small), vhdxDisk(small)]
    originals.push(dynamicVhd(), vdi(), sparseVmdk(), streamVmdk(), isoVolume())
    // Damage hits the places where headers and tables stand, not only the wide data areas between them.
    const places = fc.oneof(
      fc.nat(1024),
      fc.nat(0x5_0000),
      fc
        .constantFrom(65_536, 131_072, 196_608, 262_144, 2 ** 21, 3 * 2 ** 20)
        .chain((start) => fc.nat(200).map((step) => start + step)),
    )
    const damage = fc.array(fc.tuple(places, fc.constantFrom(0, 1, 0x7f, 0x80, 0xff)), { minLength: 1, maxLength: 12 })
    const property = fc.property(
      fc.constantFrom(...originals),
      damage,
      fc.double({ min: 0, max: 1 }),
      (image, hits, keep) => {
        const bytes = Buffer.from(image)
        for (const [place, value] of hits) bytes[place % bytes.length] = value
        check(bytes)
        check(truncated(bytes, Number.isNaN(keep) ? 1 : keep))
      },
    )
    fc.assert(property, { numRuns: 400 })
  })

  it('take no longer for tables that point at each other', () => {
    const file = Buffer.from(qcow2Disk())
    // An L1 table of a million entries over the whole file, all of which name the same few L2 tables.
    file.writeUInt32BE(1_000_000, 36)
    file.writeBigUInt64BE(0n, 40)
    const started = performance.now()
    expect(readDiskImage(file).truncated).toBe(true)
    expect(performance.now() - started).toBeLessThan(2000)
  })
})
