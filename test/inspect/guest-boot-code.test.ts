import { describe, expect, it } from 'vitest'
import { rawDisk } from '../../demo/disk-images.ts'
import { readDisk } from '../../src/inspect/guest/read-disk.ts'
import { readInMemory } from '../../src/inspect/in-memory.ts'
import { wholeFile } from '../../src/inspect/reading.ts'

const activeAt = 446

/** A disk with an MBR whose first sector begins with this code. */
const withCode = (code: string, active = false): Buffer => {
  const disk = Buffer.from(rawDisk())
  disk.fill(0, 0, 440)
  disk.write(code, 0, 'latin1')
  disk[activeAt] = active ? 0x80 : 0
  return disk
}
const look = (disk: Uint8Array) => readInMemory(readDisk(wholeFile(disk.length)), disk)
const bootCode = (disk: Uint8Array) => look(disk).bootCode

describe('boot code', () => {
  it('is anything in the first sector that is not the disk identifier or the table', () => {
    expect(bootCode(withCode('\xeb\x63\x90'))).toBe(true)
    expect(bootCode(withCode(`${'\0'.repeat(439)}\x01`))).toBe(true)
    const disk = withCode('')
    disk.writeUInt32LE(0x1234_5678, 440)
    expect(bootCode(disk)).toBe(false)
  })

  it.each([
    '\xfa\xb8\x00\x10\x8e\xd0\xbc\x00\xb0\xb8\x00\x00\x8e\xd8',
    '3\xc0\x8e\xd0 Invalid partition table Error loading operating system Missing operating system',
  ])('that starts the active partition is none without one (case %#)', (code) => {
    expect(bootCode(withCode(code))).toBe(false)
    expect(bootCode(withCode(code, true))).toBe(true)
    expect(look(withCode(code, true)).startsActive).toBe(true)
    expect(look(withCode(code))).not.toHaveProperty('startsActive')
    expect(look(withCode('\xeb\x63\x90', true))).not.toHaveProperty('startsActive')
  })

  it('is not the message that a file system begins with', () => {
    expect(bootCode(withCode('\xeb\x3c\x90mkfs.fat This is not a bootable disk.  Please insert a floppy'))).toBe(false)
  })

  it('of a disk without partitions stands behind the parameters of its file system, in a sector with the mark', () => {
    const disk = Buffer.alloc(2 ** 20)
    disk.write('XFSB with many numbers', 'latin1')
    disk[300] = 1
    expect(bootCode(disk)).toBe(false)
    disk.set([0x55, 0xaa], 510)
    expect(bootCode(disk)).toBe(true)
    disk[300] = 0
    expect(bootCode(disk)).toBe(false)
  })

  it('of a disk that is too short for a sector is not known', () => {
    expect(bootCode(Buffer.alloc(100))).toBeUndefined()
  })
})
