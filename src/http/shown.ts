import type { ErrorDetails } from '../model/error.ts'
import { quoted } from '../store/quoted.ts'
import type { Redaction } from './redact.ts'

/** The most fields that an error names one by one. */
const mostFields = 50

/** How texts of a provider are shown. */
export interface Shown {
  readonly text: (said: string) => string
  readonly fields: (said: ErrorDetails['fields']) => ErrorDetails['fields']
}

/**
 * What a provider says, as it may be shown: it may quote the credentials it refuses and the source it could not fetch, and be as long as
 * an answer. Secrets go first, since a URL is shown in another spelling than it came in.
 */
export const shownBy = (redact: Redaction): Shown => {
  const text = (said: string): string => quoted(redact(said))
  return {
    text,
    fields: (said) => {
      if (said === undefined) return undefined
      const all = Object.entries(said)
      const more = all.length - mostFields
      return Object.fromEntries([
        ...all.slice(0, mostFields).map(([field, reason]) => [text(field), text(reason)]),
        ...(more > 0 ? [['…', `${more} more fields`]] : []),
      ])
    },
  }
}
