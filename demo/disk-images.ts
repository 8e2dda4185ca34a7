/**
 * Makers of small disk images that are real ones: partition tables, qcow2 and VHDX as the formats' specifications want them,
 * made in memory. The same options give the same bytes; another label gives another disk.
 */
export type { SparseDiskOptions } from './disk-images/qcow2.ts'
export { qcow2Disk } from './disk-images/qcow2.ts'
export type { RawDiskOptions } from './disk-images/raw.ts'
export { gptDisk, rawDisk } from './disk-images/raw.ts'
export { vhdxDisk } from './disk-images/vhdx.ts'

/** The start of a file, as after a transfer that broke off. `keepRatio` is the share that arrived, between 0 and 1. */
export const truncated = (bytes: Uint8Array, keepRatio: number): Uint8Array =>
  bytes.slice(0, Math.floor(bytes.length * Math.min(1, Math.max(0, keepRatio))))
