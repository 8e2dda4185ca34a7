import type { ImageStoreError } from 'imageferry'

/** What a call has said of one field of an image: that it has this value now, that it may have, or that it has not got it. */
export interface Claim {
  readonly field: string
  readonly value: string
  /** When the call began and ended, in virtual ms since the epoch. */
  readonly fromMs: number
  readonly toMs: number
  readonly says: 'done' | 'perhaps' | 'not-done'
}

/** The latest that a server carries a request out whose answer was lost, in ms. */
const latestCommitMs = 20_000

/** Errors after which nobody knows what came of it: the others are the provider's word, or nothing was sent. */
const open: ReadonlySet<string> = new Set(['unavailable', 'timeout', 'canceled', 'unexpected-response'])

/** Whether an error tells of something that was done, or may have been. */
export const tellsOfChanges = ({ completed = [], unconfirmed = [] }: ImageStoreError): boolean =>
  completed.length + unconfirmed.length > 0

/** What a call that failed says of the changes that it was asked for. */
export const saidBy = (error: ImageStoreError): Claim['says'] =>
  tellsOfChanges(error) || (open.has(error.kind) && error.notSent !== true) ? 'perhaps' : 'not-done'

/**
 * The values that a field may have after all these claims: that of the last call that succeeded, those of calls after it, and those of
 * calls before it that the server may have carried out later. `first` is what it was before any of them.
 */
export const possibleValues = (claims: readonly Claim[], field: string, first: string): ReadonlySet<string> => {
  const ofField = claims.filter((claim) => claim.field === field && claim.says !== 'not-done')
  const last = ofField.findLast(({ says }) => says === 'done')
  const late = ofField.filter(({ toMs }) => last === undefined || toMs + latestCommitMs >= last.fromMs)
  return new Set([last?.value ?? first, ...late.map(({ value }) => value)])
}
