import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { gptDisk, rawDisk } from '../../demo/disk-images.ts'
import { conclude } from '../../src/inspect/guest/conclusions.ts'
import type { DiskFacts } from '../../src/inspect/guest/disk-facts.ts'
import { readDisk } from '../../src/inspect/guest/read-disk.ts'
import { type Part, type Shortage, wholeFile } from '../../src/inspect/reading.ts'
import { fatVolume } from './hand-made-disks.ts'

const kibibyte = 1024
const mostBytesOfWish = 256 * kibibyte
const mostWishes = 200

/** Reads the disk, of which some wishes are granted in part only, and checks that every wish is a modest one. */
const look = (
  bytes: Uint8Array,
  length: number | undefined,
  shortages: readonly (Shortage | undefined)[],
): DiskFacts => {
  const reading = readDisk(wholeFile(length))
  let step = reading.next()
  for (let wishes = 0; step.done !== true; wishes += 1) {
    const wish = step.value
    if (wish.kind === 'unpack') throw new Error('Nothing is packed on a disk')
    expect(Number.isSafeInteger(wish.at) && wish.at >= 0).toBe(true)
    expect(Number.isSafeInteger(wish.length) && wish.length >= 0 && wish.length <= mostBytesOfWish).toBe(true)
    expect(wishes).toBeLessThan(mostWishes)
    const short = shortages[wishes]
    const all = bytes.subarray(wish.at, wish.at + wish.length)
    const part: Part =
      short !== undefined
        ? { bytes: all.subarray(0, all.length / 2), short }
        : all.length < wish.length
          ? { bytes: all, short: 'end' }
          : { bytes: all }
    step = reading.next(part)
  }
  return step.value
}

describe('any bytes of a disk', () => {
  it('are told from the whole ones by what is in them', () => {
    expect(look(fatVolume(), 1024 * kibibyte, [])).toMatchObject({
      partitionTable: 'none',
      fileSystem: 'fat12',
      bootLoaders: [
        'EFI/BOOT/BOOTX64.EFI',
        'EFI/Microsoft/BOOT/BOOTMGFW.EFI',
        'EFI/DEBIAN/GRUBX64.EFI',
        'EFI/FEDORA/SHIMX64.EFI',
      ],
    })
  })

  it('give an answer, for few and modest wishes, and nothing that is no plain data', () => {
    const disks = [gptDisk(), rawDisk(), fatVolume()].map((disk) => Buffer.from(disk))
    const places = fc.oneof(
      fc.nat(1100),
      fc.nat(20_000),
      fc
        .constantFrom(440, 446, 510, 512, 584, 1024, 8704, 9216, 17_408)
        .chain((start) => fc.nat(40).map((at) => start + at)),
    )
    const damage = fc.array(fc.tuple(places, fc.constantFrom(0, 1, 5, 0x7f, 0x80, 0xee, 0xff)), { maxLength: 12 })
    const shortages = fc.array(
      fc.option(fc.constantFrom<Shortage>('end', 'unavailable', 'damaged'), { nil: undefined, freq: 4 }),
      {
        maxLength: 8,
      },
    )
    const property = fc.property(
      fc.constantFrom(...disks),
      damage,
      shortages,
      fc.boolean(),
      (disk, hits, short, isKnown) => {
        const bytes = Buffer.from(disk)
        for (const [place, value] of hits) bytes[place] = value
        const facts = look(bytes, isKnown ? bytes.length : undefined, short)
        const all = { facts, conclusions: conclude(facts) }
        expect(JSON.parse(JSON.stringify(all))).toEqual(all)
        for (const { at, bytes: length } of facts.partitions) expect(Number.isSafeInteger(at + length)).toBe(true)
      },
    )
    fc.assert(property, { numRuns: 1000 })
  })

  it('that could not be had in full do not lead to what the whole disk contradicts', () => {
    const disk = gptDisk()
    const whole = conclude(look(disk, disk.length, []))
    const shortages = fc.array(fc.option(fc.constant<Shortage>('unavailable'), { nil: undefined }), { maxLength: 6 })
    const property = fc.property(shortages, (short) => {
      const part = conclude(look(disk, disk.length, short))
      for (const [name, conclusion] of Object.entries(part)) {
        expect(conclusion.value).toBe(Object.entries(whole).find(([other]) => other === name)?.[1].value)
      }
    })
    fc.assert(property, { numRuns: 200 })
  })
})
