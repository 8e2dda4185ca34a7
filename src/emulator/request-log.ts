/** What is remembered of a request that was answered. Of its headers nothing is, so no credentials are. */
export interface RequestRecord {
  readonly method: string
  readonly path: string
  readonly query: Readonly<Record<string, readonly string[]>>
  /** The JSON body; absent where there was none or it was malformed. */
  readonly body?: unknown
  /** The status that was answered; 0 where the connection was cut before one could be. */
  readonly status: number
  /** The kind of fault that the answer suffered, where one was scripted or drawn. */
  readonly fault?: string
  /** When it came, in virtual ms since the epoch. */
  readonly at: number
}

/** How many requests are remembered: an emulator may run for days. */
const usualLimit = 10_000

/** The requests that were answered lately. */
export interface RequestLog {
  /** The newest 10 000 requests, or as many as it was told to keep, oldest first. A live view, always the same array. */
  readonly records: readonly RequestRecord[]
  readonly add: (record: RequestRecord) => void
}

/** An empty log that forgets the oldest request when it has more than `limit`. */
export const requestLog = (limit = usualLimit): RequestLog => {
  const records: RequestRecord[] = []
  return {
    records,
    add: (record) => {
      records.push(record)
      if (records.length > limit) records.shift()
    },
  }
}
