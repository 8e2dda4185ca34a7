import type { ImportRequest } from './import-request.ts'

/** What was found out about a file, once it was fetched and looked at. Sizes are in bytes. */
export type FileVerdict =
  | { readonly ok: true; readonly fileBytes: number; readonly virtualBytes: number }
  | { readonly ok: false; readonly error: string }

/** An import that has not ended. Its task tells the rest. */
export interface StoredImport {
  readonly task: string
  readonly request: Omit<ImportRequest, 'fields'>
  /** `waiting` for a place, `fetching` the file, or `fetched`, when nothing but time is missing. */
  phase: 'waiting' | 'fetching' | 'fetched'
  /** How long it takes from its acceptance on, where it need not wait, in virtual ms. */
  readonly durationMs: number
  /** In virtual ms since the epoch. */
  startedAtMs: number | null
  verdict: FileVerdict | null
}
