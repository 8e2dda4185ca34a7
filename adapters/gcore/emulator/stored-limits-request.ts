/** A request for higher limits as the emulator keeps it. Nobody decides on it: it stays `in progress`. */
export interface StoredLimitsRequest {
  /** From 1 on. */
  readonly id: number
  readonly description: string
  /** By `global_limits` and `regional_limits`, as it was sent. */
  readonly requested: Readonly<Record<string, unknown>>
  /** In virtual ms since the epoch. */
  readonly createdAtMs: number
  /** Whether it was taken back. Its id is not given to another. */
  readonly deleted: boolean
}
