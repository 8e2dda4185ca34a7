import type { Medium, Reading } from '../reading.ts'
import type { Container, FormatReader } from './container.ts'
import { readIso } from './iso.ts'
import { readPloop } from './ploop.ts'
import { readQcow2 } from './qcow2.ts'
import { readRawDisk } from './raw.ts'
import { readVdi } from './vdi.ts'
import { readVhd } from './vhd.ts'
import { readVhdx } from './vhdx.ts'
import { readVmdk } from './vmdk.ts'

// The plain disk comes last: a fixed VHD and a bootable ISO have a partition table too.
const readers: readonly FormatReader[] = [
  readQcow2,
  readVhdx,
  readVmdk,
  readVdi,
  readVhd,
  readPloop,
  readIso,
  readRawDisk,
]

/** The format of a disk image, by its bytes and never by its name; `undefined` for what is none, such as a file system alone. */
export function* recognise(file: Medium): Reading<Container | undefined> {
  for (const read of readers) {
    const container = yield* read(file)
    if (container !== undefined) return container
  }
  return undefined
}
