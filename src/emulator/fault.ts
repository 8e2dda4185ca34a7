/** Whether the emulator has carried a request out when its answer goes wrong. */
export type FaultMoment = 'before-commit' | 'after-commit'

/** What goes wrong with one request. Durations are virtual milliseconds. */
export type Fault =
  /** An answer of that status in place of the right one; unless told the request is not carried out. */
  | {
      readonly kind: 'answer'
      readonly status: number
      readonly when?: FaultMoment | undefined
      readonly headers?: Readonly<Record<string, string>> | undefined
      /** JSON; the provider's own error for the status unless told. */
      readonly body?: unknown
    }
  /** The connection is cut; unless told before the request is carried out. */
  | { readonly kind: 'reset'; readonly when?: FaultMoment | undefined }
  /** The connection is cut at once, and the request is carried out so much later, unless another state was restored by then. */
  | { readonly kind: 'late-commit'; readonly delayMs: number }
  /** The request is carried out, and its answer held back for so long. */
  | { readonly kind: 'slow'; readonly delayMs: number }
  /** The request is carried out, and its answer breaks off in the middle. */
  | { readonly kind: 'truncated' }
  /** The request is carried out, and a page of HTML is answered with the right status. */
  | { readonly kind: 'html' }
  /** The request is carried out, and every value of its answer is of another type. */
  | { readonly kind: 'wrong-types' }
  /** The request is carried out, and its answer never ends. */
  | { readonly kind: 'endless' }

/** Which requests a fault is for. */
export interface FaultSelection {
  /** In any case; any unless told. */
  readonly method?: string | undefined
  /** What the path begins with, without a query; any unless told. */
  readonly path?: string | undefined
}

/** A fault for certain requests: the 3rd POST, say. */
export interface ScriptedFault extends FaultSelection {
  readonly fault: Fault
  /** Which of the requests that are selected is the first to fail, from 1 on; the next one unless told. */
  readonly nth?: number | undefined
  /** How many of them fail in a row: 1 unless told. */
  readonly times?: number | undefined
}

/**
 * Faults drawn from a seed: the same seed and the same requests fail in the same way, in whichever order they come. Requests are the
 * same by method and path; the second of them is drawn for anew.
 */
export interface DrawnFaults extends FaultSelection {
  /** A whole number. */
  readonly seed: number
  /** How many requests of all fail, from 0 to 1. */
  readonly rate: number
  /** What to draw from; one of every sort that ends by itself unless told. */
  readonly faults?: readonly Fault[] | undefined
}
