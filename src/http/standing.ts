import type { RequestStanding } from '../store/request-budget.ts'
import { retryAfterSeconds, secondsUntil } from './status-kind.ts'
import type { HttpAnswer } from './transport.ts'

/** The headers, by lower-case name, in which a provider tells what is left of its limit. */
export interface LimitHeaders {
  /** How many requests the window holds in all. */
  readonly limit: string
  /** How many are left. */
  readonly remaining: string
  /** When the oldest request in the window expires, in Unix seconds. */
  readonly reset: string
}

const wholeNumber = (text: string | undefined): number | undefined =>
  text !== undefined && /^\s*\d{1,15}\s*$/.test(text) ? Number(text) : undefined

/** What an answer says of the limit; absent where the provider tells nothing of it. */
export const standingOf = (headers: HttpAnswer['headers'], names: LimitHeaders | undefined): RequestStanding => {
  if (names === undefined) return {}
  const resetSeconds = wholeNumber(headers[names.reset])
  const standing = {
    limit: wholeNumber(headers[names.limit]),
    remaining: wholeNumber(headers[names.remaining]),
    resetAt: resetSeconds === undefined ? undefined : resetSeconds * 1000,
  }
  return Object.values(standing).every((value) => value !== undefined) ? standing : {}
}

/**
 * How long an answer asks for no further request, in seconds: what Retry-After says, and on a 429 without one what is left until
 * the limit's oldest request expires. Absent where it asks for nothing.
 */
export const pauseSecondsOf = (
  { status, headers }: HttpAnswer,
  names: LimitHeaders | undefined,
  now: number,
): number | undefined =>
  retryAfterSeconds(headers['retry-after'], now) ??
  (status === 429 && names !== undefined ? secondsUntil(headers[names.reset], now) : undefined)
