import type { ByteReader } from '../byte-reader.ts'
import type { Partition } from './disk-facts.ts'

const codeBytes = 440

/** A file system's boot sector has its parameters before its code: exFAT, which has most, this many bytes. */
const parameterBytes = 120

/** What the tools that make file systems put there: a message to whoever starts from it. */
const message = 'This is not a bootable disk'

// The first bytes of the code that parted writes into every MBR, and what Windows' and SYSLINUX's code says.
const partedCode = '\xfa\xb8\x00\x10\x8e\xd0\xbc\x00\xb0\xb8\x00\x00'
const missingSystem = 'Missing operating system'

/** Code that starts the active partition and, without one, stops. */
const needsActive = (code: string): boolean => code.startsWith(partedCode) || code.includes(missingSystem)

/** Whether a disk's first sector holds code that starts the partition which is marked as active, and looks at no other. */
export const startsActiveOnly = (sector: ByteReader): boolean =>
  sector.has(510, '\x55\xaa') && needsActive(sector.latin1(0, codeBytes))

/** Whether a disk's first sector holds code that a BIOS would run, and that has something to start. Absent where the sector was not read. */
export const hasBootCode = (sector: ByteReader, partitions: readonly Partition[] | 'none'): boolean | undefined => {
  if (sector.length < 512) return undefined
  // Without this mark a BIOS does not run it: other first sectors begin with a superblock.
  if (!sector.has(510, '\x55\xaa')) return false
  const code = sector.latin1(0, codeBytes)
  if (code.includes(message)) return false
  if (partitions !== 'none' && needsActive(code)) return partitions.some(({ active }) => active)
  return /[^\0]/.test(partitions === 'none' ? code.slice(parameterBytes) : code)
}
