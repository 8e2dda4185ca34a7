import type { Medium, Reading } from '../reading.ts'
import type { Completeness } from './container.ts'
import { furthest, promised } from './promise.ts'
import { mostNameBytes, type Qcow2Extensions } from './qcow2-extensions.ts'
import type { Qcow2Header } from './qcow2-header.ts'
import { mappingEnd } from './qcow2-mapping.ts'
import { refcountsEnd } from './qcow2-refcounts.ts'

const leastSnapshotBytes = 40

/**
 * The furthest of the header, the backing file's name, the mapping with its data, the reference counts, the table of snapshots and
 * the encryption's header. L1 and L2 tables are read from `tables`. Where a table could not be had, and nothing else shows that the file was cut, nothing is promised.
 */
export function* qcow2Completeness(
  file: Medium,
  tables: Medium,
  header: Qcow2Header,
  { encryptionHeader }: Qcow2Extensions,
): Reading<Completeness> {
  const { backingName, headerBytes, snapshots } = header
  const mapping = yield* mappingEnd(tables, header)
  const counts = yield* refcountsEnd(file, header, mapping.end)
  const end = furthest(
    headerBytes,
    backingName.at === 0 ? 0 : backingName.at + Math.min(backingName.length, mostNameBytes),
    snapshots.count === 0 ? 0 : snapshots.at + snapshots.count * leastSnapshotBytes,
    encryptionHeader === undefined ? 0 : encryptionHeader.at + encryptionHeader.length,
    mapping.end,
    counts.end,
  )
  return promised(file, end, mapping.isUnread || counts.isUnread)
}
