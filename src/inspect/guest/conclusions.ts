import { architectureOf } from './architecture.ts'
import type { Conclusions, DiskFacts } from './disk-facts.ts'
import { encryptedOf } from './encrypted.ts'
import { firmwareOf } from './firmware.ts'
import { multipleDisksOf } from './multiple-disks.ts'
import { osFamilyOf } from './os-family.ts'

/** What follows from what stands on a disk. Nothing is concluded from what could not be read. */
export const conclude = (disk: DiskFacts): Conclusions => {
  const firmware = firmwareOf(disk)
  const architecture = architectureOf(disk)
  const osFamily = osFamilyOf(disk)
  const encrypted = encryptedOf(disk)
  const multipleDisks = multipleDisksOf(disk)
  return {
    ...(firmware !== undefined && { firmware }),
    ...(architecture !== undefined && { architecture }),
    ...(osFamily !== undefined && { osFamily }),
    ...(encrypted !== undefined && { encrypted }),
    ...(multipleDisks !== undefined && { multipleDisks }),
  }
}
