import type { Shortage } from '../reading.ts'

/** What a thread is given to unpack. `most` is how many unpacked bytes are wanted, at the most; of bzip2 the block that reaches it is given whole. */
export type Task =
  | { readonly packing: 'bzip2' | 'xz'; readonly packed: Uint8Array; readonly most: number }
  | {
      readonly packing: 'zstd'
      /** Frames behind each other. */
      readonly packed: Uint8Array
      /** Where each of them ends, in bytes. */
      readonly ends: Uint32Array
      /** Whether the last one lacks its end. */
      readonly isCut: boolean
      readonly most: number
    }

/** How a task ended. */
export interface Outcome {
  /** Why there is no more; `unavailable` also where there is as much as was wanted. */
  readonly ending: Shortage
  /** The number of the error that the library for xz told, where it told one. */
  readonly code?: number | undefined
}

/** What a thread tells of a task, and hands over. */
export interface Done extends Outcome {
  readonly bytes: Uint8Array<ArrayBuffer>
}

/** Why there is no more of what was unpacked, in the words of a `Part`. */
export interface Explained {
  readonly short: Shortage
  readonly reason?: string | undefined
}

/** The memory that a thread shares with its owner, who finds in it what was unpacked where the thread was ended within a task. */
export interface SharedOutput {
  /** One number: how many bytes of the room are unpacked and right. */
  readonly count: Int32Array
  readonly room: Uint8Array
}
