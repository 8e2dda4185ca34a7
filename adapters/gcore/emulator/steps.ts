/**
 * Something that will happen by itself. It is data, and names what it works on by id, so that it can be saved with everything
 * else and be gone on with elsewhere.
 */
export type Step =
  /** A task that waits for nothing begins to run. */
  | { readonly kind: 'begin-task'; readonly task: string }
  /** As many waiting imports start as there are places. */
  | { readonly kind: 'start-imports' }
  /** An import's file is fetched, once more where it was being fetched when the state was saved. */
  | { readonly kind: 'fetch'; readonly task: string }
  /** An import that has not started is given up. */
  | { readonly kind: 'give-up'; readonly task: string }
  | { readonly kind: 'finish-import'; readonly task: string }
  /** A task that tells an error already comes to its end. */
  | { readonly kind: 'fail-import'; readonly task: string }
  | { readonly kind: 'settle'; readonly image: string; readonly status: string; readonly size: number | null }
  | { readonly kind: 'finish-capture'; readonly task: string }
  | { readonly kind: 'finish-deletion'; readonly task: string }

/** A step and when it is due, in virtual ms since the epoch. */
export interface PendingStep {
  readonly atMs: number
  readonly step: Step
}
