import type { VirtualClock } from '../../../src/emulator/clock.ts'
import type { Settings } from './settings.ts'

/** Requests an hour. [O:description.yml] */
const perHour = 5000
/** Requests a minute: 5 % of those of an hour. [O:description.yml] */
const perMinute = 250
const hour = 3_600_000
const minute = 60_000

/** Where a token stands: the headers of the answer, and whether the request is one too many. */
export interface RateStanding {
  readonly headers: Readonly<Record<string, string>>
  readonly exceeded: boolean
}

/** The limits of one token: sliding windows over virtual time. */
export interface RateLimit {
  /** Counts a request; whether those that are one too many count as well is unconfirmed. */
  readonly take: () => RateStanding
  /** Where the token stands, without counting. */
  readonly look: () => RateStanding
}

/**
 * Both limits, over the moments of the requests so far, in virtual ms since the epoch. `ratelimit-reset` is when the oldest request leaves the hour, in Unix seconds. `retry-after`, in seconds, comes
 * only where the minute is exceeded; `ratelimit-remaining` reads 0 then as well. [O:shared/headers.yml, description.yml; oc:555f840b #818]
 */
export const rateLimit = (
  clock: Pick<VirtualClock, 'now'>,
  { rateLimit: mode, refusedRequests }: Pick<Settings, 'rateLimit' | 'refusedRequests'>,
  times: number[] = [],
): RateLimit => {
  const headers = (remaining: number, now: number): Record<string, string> => ({
    'ratelimit-limit': String(perHour),
    'ratelimit-remaining': String(Math.max(0, remaining)),
    'ratelimit-reset': String(Math.ceil(((times[0] ?? now) + hour) / 1000)),
  })

  const look = (): RateStanding => {
    const now = clock.now()
    const kept = times.findIndex((time) => time > now - hour)
    times.splice(0, kept === -1 ? times.length : kept)
    if (mode === 'headers-only') return { headers: headers(perHour - times.length, now), exceeded: false }
    if (times.length >= perHour) return { headers: headers(0, now), exceeded: true }
    // The request that must leave the minute before there is room for another.
    const blocking = times.at(-perMinute)
    if (times.length < perMinute || blocking === undefined || blocking <= now - minute) {
      return { headers: headers(perHour - times.length, now), exceeded: false }
    }
    const retryAfter = Math.max(1, Math.ceil((blocking + minute - now) / 1000))
    return { headers: { ...headers(0, now), 'retry-after': String(retryAfter) }, exceeded: true }
  }

  return {
    look,
    take: () => {
      const standing = look()
      if (standing.exceeded && refusedRequests === 'not-counted') return standing
      const now = clock.now()
      times.push(now)
      if (standing.exceeded) return standing
      return { headers: headers(perHour - times.length, now), exceeded: false }
    },
  }
}
