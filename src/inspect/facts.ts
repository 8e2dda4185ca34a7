import type { Compression, DiskFormat } from '../model/disk-format.ts'
import type { ContainerFeatures, FormatVariant } from './formats/container.ts'
import type { Conclusions, DiskFacts } from './guest/disk-facts.ts'
import type { NotKnown } from './not-known.ts'

/** How HEAD was answered, which both importers send before they fetch. */
export interface HeadFacts {
  /** The HTTP status; absent where no answer came. */
  readonly status?: number | undefined
  /** The length it tells, in bytes. */
  readonly bytes?: number | undefined
  /** What differs from the answer to GET, in words; empty where nothing does. */
  readonly differences: readonly string[]
}

/** One address that was asked, without user info, query and fragment, which may be secrets. */
export interface Hop {
  readonly url: string
  /** The HTTP status of the answer to GET. */
  readonly status: number
}

/** The file at a URL, as a server gives it to somebody without credentials. */
export interface UrlSource {
  readonly kind: 'url'
  /** Without user info, query and fragment, which may be secrets. */
  readonly url: string
  /** The last segment of the URL's path, decoded; empty where the path ends in a slash. */
  readonly fileName: string
  /** Whether the URL has a query, as signed links do. */
  readonly hasQuery: boolean
  /** Whether it has user info. Importers send no credentials. */
  readonly hasUserInfo: boolean
  readonly head: HeadFacts
  /** From the URL itself to the one that gave the file, so that its length is one more than the number of redirects. */
  readonly hops: readonly Hop[]
  /** Whether the server gives parts of the file. */
  readonly ranges: boolean
  /**
   * The server ended or cut an answer, the first one or a later one, before what it told was there: what it tells of the file's length
   * may be wrong, and an importer may come to the same. Absent where that was not seen.
   */
  readonly brokenOff?: true | undefined
  readonly contentType?: string | undefined
  readonly contentEncoding?: string | undefined
  readonly etag?: string | undefined
  readonly lastModified?: string | undefined
}

/** A file on this machine. */
export interface FileSource {
  readonly kind: 'file'
  readonly path: string
  readonly fileName: string
}

/** What it cost to look. */
export interface Cost {
  /** HTTP requests, redirects included; of a file the number of reads. */
  readonly requests: number
  /** Bytes of bodies that came in, or were read. */
  readonly bytes: number
}

/** What a look at every byte told, where it was asked for. */
export interface FullPass {
  /** Of the file as it is, in hexadecimal digits. */
  readonly sha256: string
  /** The length of what came, in bytes. */
  readonly bytes: number
  /** The exact length of what is in a compressed file, in bytes, where it was unpacked on the way. */
  readonly unpackedBytes?: number | undefined
  /** What is compressed in the file does not unpack to its end: it is damaged, or cut short. */
  readonly damaged?: true | undefined
}

/**
 * What is known of an image file. It is plain data. What is not known is absent, and where something could not be looked at,
 * `unknown` says so: nothing here is a guess.
 */
export interface ImageFacts {
  readonly source: UrlSource | FileSource
  /** The length of the file, in bytes. */
  readonly bytes?: number | undefined
  /** The compressions around the file, the outermost first. */
  readonly compressions: readonly Compression[]
  /** The length of what is in a compressed file, in bytes, as it announces it (see `unpackedBytesAre`), or as a full pass has found. */
  readonly unpackedBytes?: number | undefined
  /** `modulo`: the announced length is the true one less a multiple of 4 GiB, which is all that gzip keeps. */
  readonly unpackedBytesAre?: 'exact' | 'modulo' | undefined
  /** More than this cannot be in the compressed file, in bytes: by its own length, and the most that its compression can save. */
  readonly unpackedBytesAtMost?: number | undefined
  /** The archive that the file is, or that is in the compression. */
  readonly archive?: { readonly kind: 'tar' | 'zip' | '7z' | 'rar'; readonly entries: readonly string[] } | undefined
  /** The file is a web page or another text, such as a server's error message: its beginning, without what may be secret. */
  readonly text?: 'html' | 'xml' | 'json' | undefined
  /** By the bytes, never by the name. `raw` is a plain disk with a partition table. Absent for what is none of these. */
  readonly format?: DiskFormat | undefined
  readonly variant?: FormatVariant | undefined
  /** How large the disk is that a guest sees, in bytes (see `virtualBytesAre`). */
  readonly virtualBytes?: number | undefined
  /**
   * What `virtualBytes` is worth. `by-table`: the disk ends there by its partition table, and nothing that was seen of the file speaks for
   * more, as it would of most disks that were grown. `at-least`: it may be larger by any number of bytes; 2^53 - 1, which is no disk's size,
   * stands for all that no number says exactly.
   */
  readonly virtualBytesAre?: 'exact' | 'by-table' | 'at-least' | undefined
  readonly features: ContainerFeatures
  /** The least length in bytes that the file (or what is in the compression) must have according to its own headers and tables. */
  readonly promisedBytes?: number | undefined
  /** Whether the file is shorter than it promises, or does not unpack to its end. Absent where that cannot be told. */
  readonly truncated?: boolean | undefined
  /** Why the file is probably cut short, in words, where that is not certain. */
  readonly truncationSuspected?: string | undefined
  /** What stands on the disk. Absent where the format's contents cannot be read. */
  readonly disk?: DiskFacts | undefined
  readonly conclusions: Conclusions
  /** What could not be found out. */
  readonly unknown: readonly NotKnown[]
  readonly cost: Cost
  /** Where it was asked for. */
  readonly fullPass?: FullPass | undefined
}
