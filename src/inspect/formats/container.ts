import type { DiskFormat } from '../../model/disk-format.ts'
import type { Medium, Reading } from '../reading.ts'

/** A container format's own words for what kind of it a file is. */
export type FormatVariant =
  | 'qcow2 v2'
  | 'qcow2 v3'
  | 'fixed'
  | 'dynamic'
  | 'differencing'
  /** One file that grows. */
  | 'monolithic-sparse'
  /** One file, compressed, made for streaming: the disk of an OVA. */
  | 'stream-optimised'
  /** A text that describes a disk which lies in other files. */
  | 'descriptor'
  /** A part of a disk that is split over several files. */
  | 'split-extent'

/** What a container holds beside a plain disk, and importers and careful services refuse. Absent fields: nothing of that kind. */
export interface ContainerFeatures {
  /** The image is a layer over another file; the name as it stands in the image. */
  readonly backingFile?: string | undefined
  /** The data lies in another file; its name where the image tells it, else empty. */
  readonly dataFile?: string | undefined
  /** By what the contents are encrypted, such as `aes` or `luks`. */
  readonly encryption?: string | undefined
  /** How many snapshots are inside. */
  readonly snapshots?: number | undefined
  /** The file was not closed properly: its reference counts or its log have yet to be worked off. */
  readonly dirty?: true | undefined
  /** The file itself says that it is corrupt. */
  readonly corrupt?: true | undefined
  /** What was read of its headers contradicts the format or itself, so that a careful reader refuses the file: in words. */
  readonly damage?: readonly string[] | undefined
  /** What the format allows, and qemu-img, by which importers mostly read, does not open: in words. */
  readonly unsupported?: readonly string[] | undefined
  /** Features that a reader has to know, and this one does not: names where the image tells them, else bit numbers. */
  readonly unknownFeatures?: readonly string[] | undefined
  /** The disk consists of several files: their names. */
  readonly furtherFiles?: readonly string[] | undefined
}

/** How long a file must be. */
export interface Completeness {
  /** The least length in bytes that the file must have according to its own headers and tables. */
  readonly promisedBytes?: number | undefined
  /** A part that every complete file has at its very end is missing, wherever that end should have been. */
  readonly endMissing?: boolean | undefined
}

/** What one format's reader found out; the reader of another format's bytes answers `undefined` instead. */
export interface Container {
  readonly format: DiskFormat
  readonly variant?: FormatVariant | undefined
  /** How large the disk is that a guest sees, in bytes. Of a plain disk only where the file's length is known. */
  readonly virtualBytes?: number | undefined
  readonly features: ContainerFeatures
  /** The disk as its guest sees it, through the container's tables. Absent where it cannot be read: encrypted, in another file, unknown features. */
  readonly disk?: Medium | undefined
  /**
   * Finds out how long the file must be. It reads little, whatever the size: of many tables it looks at those that lead furthest, so that a
   * file which was cut is noticed, and one that is damaged in its middle need not be.
   */
  readonly completeness: () => Reading<Completeness>
}

/** Reads one format from the bytes of a file. */
export type FormatReader = (file: Medium) => Reading<Container | undefined>
