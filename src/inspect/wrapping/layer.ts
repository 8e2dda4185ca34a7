import type { Compression } from '../../model/disk-format.ts'
import type { Medium } from '../reading.ts'

/** A compression around a whole file, and what can be told of what is in it. */
export interface Layer {
  readonly compression: Compression
  /** The length of what is inside, in bytes, as the file itself announces it. */
  readonly unpackedBytes?: number | undefined
  /**
   * What `unpackedBytes` is worth: gzip keeps a length only up to 4 GiB and then begins anew, so that a larger file announces the rest
   * (`modulo`). Absent where nothing is announced.
   */
  readonly unpackedBytesAre?: 'exact' | 'modulo' | undefined
  /** More than this cannot be inside, in bytes, whatever the file announces. */
  readonly unpackedBytesAtMost?: number | undefined
  /**
   * How long the run of equal bytes is that what is inside ends with, in bytes, by estimate: 0 for none. Absent where that was not seen.
   */
  readonly endingRunBytes?: number | undefined
  /** The file lacks a part that a complete one ends with, or its end contradicts its beginning. Absent where that cannot be told. */
  readonly truncated?: boolean | undefined
  /** The beginning of what is inside. It has no end that could be known without unpacking everything. */
  readonly inside: Medium
}

/** An archive of files, and what can be told of them at its beginning. */
export interface Archive {
  readonly archive: 'tar' | 'zip' | '7z' | 'rar'
  /** The names of the files in it, as far as they stand at its beginning (or in the list at its end); not more than 20. */
  readonly entries: readonly string[]
}
