import { byteReader } from '../byte-reader.ts'
import type { Medium, Reading } from '../reading.ts'
import { sizeInBytes } from '../size.ts'
import type { Completeness, Container, FormatReader } from './container.ts'
import { describedFeatures, fileNamesOf, isDescriptor, mostTextBytes, readDescriptor } from './vmdk-descriptor.ts'
import { sectorBytes, sparseHeaderAt } from './vmdk-header.ts'
import { readSparse } from './vmdk-sparse.ts'

const headerBytes = 512

/**
 * VMware's VMDK: a sparse extent (`KDMV`), hosted or stream-optimised, or the text that describes a disk in other files. ESX's own sparse
 * extents are known by name alone. An extent without a descriptor in it is a part of a disk, and which part is told elsewhere, so that
 * no disk can be read from it.
 */
export const readVmdk: FormatReader = function* (file) {
  const beginning = yield* file.read(0, headerBytes)
  const reader = byteReader(beginning.bytes)
  const header = sparseHeaderAt(reader, 0)
  if (header !== undefined) return yield* readSparse(file, header)
  if (isDescriptor(reader.latin1(0, 32))) return yield* ofText(file)
  if (reader.has(0, 'COWD')) return ofUnknown('COWD', (reader.u32le(12) ?? 0) * sectorBytes)
  const isSeSparse = reader.has(0, '\xbe\xba\xfe\xca\0\0\0\0') && reader.has(8, '\x01\0\0\0\x02\0\0\0')
  return isSeSparse ? ofUnknown('SESPARSE', (reader.u64le(16) ?? 0) * sectorBytes) : undefined
}

// biome-ignore lint/correctness/useYield: there is nothing to read.
const nothingPromised = function* (): Reading<Completeness> {
  return {}
}

const ofUnknown = (name: string, bytes: number): Container => ({
  format: 'vmdk',
  virtualBytes: sizeInBytes(bytes),
  features: { unknownFeatures: [name] },
  completeness: nothingPromised,
})

function* ofText(file: Medium): Reading<Container> {
  const part = yield* file.read(0, mostTextBytes)
  const descriptor = readDescriptor(new TextDecoder().decode(part.bytes))
  const sectors = descriptor.extents.reduce((sum, extent) => sum + extent.sectors, 0)
  return {
    format: 'vmdk',
    variant: 'descriptor',
    // A text that goes on may name more extents.
    virtualBytes: part.short === 'end' ? sizeInBytes(sectors * sectorBytes) : undefined,
    features: describedFeatures(descriptor, fileNamesOf(descriptor.extents)),
    completeness: nothingPromised,
  }
}
