import { guestDisk } from './guest-disk.ts'

/** What a disk in a growing format is to be like. */
export interface SparseDiskOptions {
  /** The size of the disk that the guest sees, in bytes; whole sectors. 16 MiB by default. */
  readonly virtualBytes?: number
  /** Goes into the first bytes of the disk, so that two disks differ. */
  readonly label?: string
}

const clusterBits = 16
const clusterBytes = 2 ** clusterBits
const entriesPerTable = clusterBytes / 8
const bytesPerTable = entriesPerTable * clusterBytes
const onlyReference = 1n << 63n
const headerBytes = 104

/** The largest disk that fits the single cluster which the L1 table has here, in bytes. */
const mostVirtualBytes = entriesPerTable * bytesPerTable

/**
 * A qcow2 image, version 3: header, refcount table, one refcount block, L1 table, one L2 table, and the clusters that the
 * guest has written to. About half a MiB, whatever the virtual size.
 */
export const qcow2Disk = ({
  virtualBytes = 16 * 2 ** 20,
  label = 'imageferry',
}: SparseDiskOptions = {}): Uint8Array => {
  if (virtualBytes > mostVirtualBytes) throw new RangeError(`At most ${mostVirtualBytes} bytes`)
  const extents = guestDisk(virtualBytes, label)
  // All of the guest's data lies in the reach of the first L2 table.
  const written = [...new Set(extents.map(({ at }) => Math.floor(at / clusterBytes)))]
  const at = { refcountTable: 1, refcountBlock: 2, l1: 3, l2: 4, data: 5 }
  const clusters = at.data + written.length
  const file = Buffer.alloc(clusters * clusterBytes)
  const byteOf = (cluster: number): number => cluster * clusterBytes

  file.write('QFI\xfb', 0, 'latin1')
  file.writeUInt32BE(3, 4)
  file.writeUInt32BE(clusterBits, 20)
  file.writeBigUInt64BE(BigInt(virtualBytes), 24)
  file.writeUInt32BE(Math.ceil(virtualBytes / bytesPerTable), 36)
  file.writeBigUInt64BE(BigInt(byteOf(at.l1)), 40)
  file.writeBigUInt64BE(BigInt(byteOf(at.refcountTable)), 48)
  file.writeUInt32BE(1, 56)
  // Reference counts of 16 bits.
  file.writeUInt32BE(4, 96)
  file.writeUInt32BE(headerBytes, 100)

  file.writeBigUInt64BE(BigInt(byteOf(at.refcountBlock)), byteOf(at.refcountTable))
  for (let cluster = 0; cluster < clusters; cluster += 1) file.writeUInt16BE(1, byteOf(at.refcountBlock) + cluster * 2)

  file.writeBigUInt64BE(onlyReference | BigInt(byteOf(at.l2)), byteOf(at.l1))
  for (const [index, guestCluster] of written.entries()) {
    file.writeBigUInt64BE(onlyReference | BigInt(byteOf(at.data + index)), byteOf(at.l2) + guestCluster * 8)
  }
  for (const extent of extents) {
    const cluster = written.indexOf(Math.floor(extent.at / clusterBytes))
    file.set(extent.bytes, byteOf(at.data + cluster) + (extent.at % clusterBytes))
  }
  return file
}
