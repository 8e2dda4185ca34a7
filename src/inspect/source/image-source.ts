import type { Cost, FileSource, FullPass, UrlSource } from '../facts.ts'
import type { NotKnown } from '../not-known.ts'
import type { Part } from '../reading.ts'

/** How far a full pass has come. */
export interface FullPassProgress {
  /** Bytes of the file that came in so far. */
  readonly bytes: number
  /** The length of the file in bytes, where it is known. */
  readonly totalBytes?: number | undefined
}

/** A file that was opened for looking at: over HTTP or on this machine. */
export interface ImageSource {
  /** What is known of where it lies, as of now. */
  readonly facts: () => UrlSource | FileSource
  /** The length of the file, in bytes; absent where the server does not tell. */
  readonly length?: number | undefined
  /**
   * Bytes from `at` on. It fetches at most what its allowance has left and keeps what it has fetched; what cannot be had is
   * `unavailable`. Rejects with an `InspectError` of kind `changed` where the file is no longer the one that was opened, and of kind
   * `canceled` or `timeout`.
   */
  readonly read: (at: number, length: number) => Promise<Part>
  /**
   * Does some other work of the look, within what is left of its time, under a signal that is aborted when the look ends. Rejects in the same
   * tick with an `InspectError` of kind `canceled` or `timeout`, whether or not the work notices.
   */
  readonly within: <A>(work: (signal: AbortSignal) => Promise<A>) => Promise<A>
  readonly cost: () => Cost
  /** What could not be had; each reason once. */
  readonly unavailable: () => readonly NotKnown[]
  /**
   * Reads the whole file once, in constant memory. Rejects with an `InspectError`, `changed` as soon as more comes than the length that was
   * told. Where no length is told nothing limits how much may come: only the file's end, 30 seconds without a byte and the caller's
   * signal end it.
   */
  readonly fullPass: (onProgress?: (progress: FullPassProgress) => void) => Promise<FullPass>
  /** Ends what is under way. Never rejects. */
  readonly close: () => Promise<void>
}
