import type { StoreEvent } from 'imageferry'
import { durationText } from './duration.ts'

/** What has held a migration up so far, or was not known to it. */
export interface Notices {
  /** Requests that were sent again. */
  readonly retries: number
  readonly pauses: number
  /** The longest of the pauses, in milliseconds. */
  readonly longestPauseMs: number
  /** Changes whose answer did not come. */
  readonly lostAnswers: number
  /** Values of a provider that this version does not know. */
  readonly unknownValues: number
}

/** At the start. */
export const noNotices: Notices = { retries: 0, pauses: 0, longestPauseMs: 0, lostAnswers: 0, unknownValues: 0 }

/** The event counted among them; those that are not worth a word change nothing. */
export const counted = (notices: Notices, event: StoreEvent): Notices => {
  switch (event.type) {
    case 'retry':
      return { ...notices, retries: notices.retries + 1 }
    case 'pause':
      return {
        ...notices,
        pauses: notices.pauses + 1,
        longestPauseMs: Math.max(notices.longestPauseMs, event.delayMs),
      }
    case 'answer-lost':
      return { ...notices, lostAnswers: notices.lostAnswers + 1 }
    case 'drift':
      return { ...notices, unknownValues: notices.unknownValues + 1 }
    default:
      return notices
  }
}

const countText = (count: number, one: string, more: string): readonly string[] =>
  count === 0 ? [] : [`${count} ${count === 1 ? one : more}`]

/** All of them in one line; empty where there are none. */
export const noticesText = ({ retries, pauses, longestPauseMs, lostAnswers, unknownValues }: Notices): string =>
  [
    countText(retries, 'sent again', 'sent again'),
    countText(pauses, 'pause', 'pauses').map((text) => `${text} of up to ${durationText(longestPauseMs)}`),
    countText(lostAnswers, 'answer lost', 'answers lost'),
    countText(unknownValues, 'unknown value', 'unknown values'),
  ]
    .flat()
    .join(', ')

const pauseReasons = {
  'rate-limited': 'the provider asks for a pause,',
  budget: 'the requests of the minute are used up, a pause',
} as const

const wordsOf = (event: StoreEvent): string | undefined => {
  switch (event.type) {
    case 'retry':
      return `${event.method} ${event.path} failed (${event.error}), again in ${durationText(event.delayMs)}`
    case 'pause':
      return `${pauseReasons[event.reason]} of ${durationText(event.delayMs)} at the least`
    case 'drift':
      return `this version does not know the ${event.of} ${event.what} ${JSON.stringify(event.value)}`
    case 'answer-lost':
      return `the answer to ${event.change} did not come, what came of it is looked up`
    case 'reconciled':
      return event.found ? `${event.change} was carried out` : `nothing has shown up of ${event.change}`
    default:
      return undefined
  }
}

/** What a store tells that holds it up or is not known, in one line; absent where it is not worth one. */
export const noticeLine = (event: StoreEvent): string | undefined => {
  const words = wordsOf(event)
  return words === undefined ? undefined : `${event.store}: ${words}`
}
