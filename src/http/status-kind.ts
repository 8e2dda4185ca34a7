import type { ImageStoreErrorKind } from '../model/error.ts'

const kinds: Readonly<Record<number, ImageStoreErrorKind>> = {
  400: 'invalid-argument',
  401: 'unauthenticated',
  403: 'permission-denied',
  404: 'not-found',
  408: 'unavailable',
  409: 'conflict',
  410: 'not-found',
  413: 'invalid-argument',
  414: 'invalid-argument',
  415: 'invalid-argument',
  422: 'invalid-argument',
  423: 'locked',
  429: 'rate-limited',
}

/** The one table from HTTP status to error kind. An adapter refines it by the provider's own code, never replaces it. */
export const kindOfStatus = (status: number): ImageStoreErrorKind =>
  kinds[status] ?? (status >= 500 ? 'unavailable' : 'unexpected-response')

/** The seconds of a `Retry-After` header, which holds seconds or a date; absent where it holds neither. */
export const retryAfterSeconds = (header: string | undefined, now: number): number | undefined => {
  if (header === undefined) return undefined
  if (/^\s*\d+(\.\d+)?\s*$/.test(header)) return Number(header)
  const at = Date.parse(header)
  return Number.isNaN(at) ? undefined : Math.max(0, Math.ceil((at - now) / 1000))
}

/** The seconds until a moment that a header gives in Unix seconds; absent where it gives none. */
export const secondsUntil = (header: string | undefined, now: number): number | undefined =>
  header !== undefined && /^\s*\d+\s*$/.test(header) ? Math.max(0, Math.ceil(Number(header) - now / 1000)) : undefined
