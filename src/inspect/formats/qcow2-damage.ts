import type { Qcow2Extensions } from './qcow2-extensions.ts'
import { incompatibleBit, leastHeaderBytes, type Qcow2Header } from './qcow2-header.ts'

/** QEMU's limits of the tables, in bytes. */
const mostL1Bytes = 32 * 2 ** 20
const mostRefcountTableBytes = 8 * 2 ** 20

/**
 * What contradicts itself in the header of a qcow2 file whose clusters have an allowed size, in words. Every reader that keeps to the format
 * refuses such a file before it looks at anything else, and so does QEMU.
 */
export const qcow2Damage = (header: Qcow2Header, extensions: Qcow2Extensions): readonly string[] => {
  const { clusterBytes, l1Table, l2EntryBytes, refcountTable, snapshots, version, virtualBytes } = header
  const bytesPerL1Entry = (clusterBytes / l2EntryBytes) * clusterBytes
  const isMisplaced = ({ at }: { readonly at: number }): boolean => at % clusterBytes !== 0
  return [
    ...(header.toldHeaderBytes < leastHeaderBytes[version] ? [`a header of ${header.toldHeaderBytes} bytes`] : []),
    ...(extensions.areOverlong ? ['a header extension that is longer than its room'] : []),
    ...((l1Table.length / 8) * bytesPerL1Entry < virtualBytes ? ['an L1 table that is too small for the disk'] : []),
    ...(refcountTable.length === 0 ? ['no table of reference counts'] : []),
    ...(isMisplaced(l1Table) ? ['an L1 table within a cluster'] : []),
    ...(isMisplaced(refcountTable) ? ['a table of reference counts within a cluster'] : []),
    ...(isMisplaced(snapshots) ? ['a table of snapshots within a cluster'] : []),
    ...(header.isRawExternal && !header.incompatible.includes(incompatibleBit.externalData)
      ? ['raw data in another file, which it does not have']
      : []),
  ]
}

/** What is larger than QEMU reads, in words. */
export const qcow2Unsupported = ({ l1Table, refcountTable }: Qcow2Header): readonly string[] => [
  ...(l1Table.length > mostL1Bytes ? [`an L1 table of ${l1Table.length} bytes`] : []),
  ...(refcountTable.length > mostRefcountTableBytes
    ? [`a table of reference counts of ${refcountTable.length} bytes`]
    : []),
]
