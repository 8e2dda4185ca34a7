import type { LookupAddress } from 'node:dns'
import { type Runtime, systemRuntime } from '../../store/runtime.ts'

/** Finds all addresses that a name has. Rejects where it has none. */
export type Lookup = (hostname: string) => Promise<readonly LookupAddress[]>

/** How an image file may be looked at. */
export interface SourceOptions {
  /**
   * Whether addresses are asked that no provider could reach: of this machine, of a private network, and the like. `false` unless told.
   */
  readonly allowPrivate?: boolean | undefined
  /** Ends the look, a full pass too, with an `InspectError` of kind `canceled`. */
  readonly signal?: AbortSignal | undefined
  /**
   * The longest that a look may take from its opening on, in milliseconds: 20,000 unless told. A full pass does not count; it ends
   * when nothing has come in for 30 seconds.
   */
  readonly timeoutMs?: number | undefined
  /** How many HTTP requests a look may send, redirects included: 12 unless told. Reads of a local file are not limited. */
  readonly maximumRequests?: number | undefined
  /** How many bytes of bodies, or of a local file, a look may take in: 1 MiB unless told. */
  readonly maximumBytes?: number | undefined
  /** Time; the machine's own unless told. */
  readonly runtime?: Runtime | undefined
  /** How names are resolved; as the system does unless told. What it gives is checked like anything else. */
  readonly lookup?: Lookup | undefined
}

/** How long a look takes at the most, and what it may spend. */
export interface LookLimits {
  readonly runtime: Runtime
  readonly signal: AbortSignal | undefined
  readonly timeoutMs: number
  readonly maximumRequests: number
  readonly maximumBytes: number
}

/** The limits that options give. */
export const limitsOf = ({
  runtime = systemRuntime,
  signal,
  timeoutMs = 20_000,
  maximumRequests = 12,
  maximumBytes = 2 ** 20,
}: SourceOptions): LookLimits => ({ runtime, signal, timeoutMs, maximumRequests, maximumBytes })
