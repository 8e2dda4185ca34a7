import type { CallEvent } from '../store/event.ts'
import type { Call } from '../store/member.ts'
import type { StoreSecrets } from './store-secrets.ts'

type Drift = Extract<CallEvent, { readonly type: 'drift' }>
type Unnamed = Pick<Drift, 'what' | 'of'>

/** A field whose words a version knows, and which words these are. */
export interface KnownWords {
  /** Holds a word, a number, or a list of such. */
  readonly field: string
  readonly isKnown: (word: string) => boolean
}

/** What a version knows of one sort of things that a provider sends. */
export interface KnownSort {
  readonly of: Drift['of']
  /** The names of its fields, those included that the sources name and nobody reads. */
  readonly fields: ReadonlySet<string>
  readonly status?: KnownWords | undefined
  readonly region?: KnownWords | undefined
}

/** Where an answer has such things. */
export interface KnownAnswer {
  readonly sort: KnownSort
  /** The field that holds one, or a list; the answer itself is one unless told. */
  readonly at?: string | undefined
}

/** What a version knows of a provider's answers, by the codec that reads them. */
export type KnownAnswers = ReadonlyMap<unknown, KnownAnswer>

/** Looks through an answer that the codec has taken, and tells what is not known of it. */
export type NoteDrift = (codec: unknown, answer: unknown, call: Call) => void

/** The most values of a sort that are remembered; what comes after them is not told. */
const mostWords = 200

/** What may be shown as it is. No status and no field is a path, a query or longer. */
const shortWord = /^[\w .-]{1,64}$/
const longestWord = 64

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const asList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value])

const lengthOf = (word: string): string => `(${word.length} characters)`

/**
 * Notices what this version of an adapter does not know in a provider's answers: statuses and regions in all rows, fields in the
 * first row alone, since the rows of a list have the same. Costs nothing where nobody hears of it. What is remembered is bounded.
 */
export const driftIn = (known: KnownAnswers, secrets: StoreSecrets): NoteDrift => {
  const met = new Map<string, Set<string>>()

  const metOf = ({ what, of }: Unnamed): Set<string> => {
    // A region is the same one wherever it is met.
    const sort = what === 'region' ? what : `${what} of ${of}`
    const words = met.get(sort) ?? new Set()
    met.set(sort, words)
    return words
  }

  const shown = (word: string, call: Call): string =>
    shortWord.test(word) && secrets.shown(call).text(word) === word ? word : lengthOf(word)

  const notice = (drift: Unnamed, word: string, isKnown: KnownWords['isKnown'], call: Call): void => {
    const words = metOf(drift)
    const remembered = word.length > longestWord ? lengthOf(word) : word
    if (words.has(remembered) || words.size >= mostWords || word.trim() === '') return
    words.add(remembered)
    if (!isKnown(word)) call.tell({ type: 'drift', ...drift, value: shown(word, call) })
  }

  const noticeFields = ({ of, fields }: KnownSort, row: unknown, call: Call): void => {
    if (!isRecord(row)) return
    for (const field in row) if (!fields.has(field)) notice({ what: 'field', of }, field, () => false, call)
  }

  const noticeWords = (drift: Unnamed, { field, isKnown }: KnownWords, rows: readonly unknown[], call: Call): void => {
    const words = metOf(drift)
    for (const row of rows)
      for (const value of asList(isRecord(row) ? row[field] : undefined)) {
        const word = typeof value === 'number' ? String(value) : value
        if (typeof word === 'string' && !words.has(word)) notice(drift, word, isKnown, call)
      }
  }

  return (codec, answer, call) => {
    const { sort, at } = known.get(codec) ?? {}
    if (sort === undefined || !call.isHeard('drift')) return
    const { of, status, region } = sort
    const rows = asList(at === undefined ? answer : isRecord(answer) ? answer[at] : undefined)
    noticeFields(sort, rows[0], call)
    if (status !== undefined) noticeWords({ what: 'status', of }, status, rows, call)
    if (region !== undefined) noticeWords({ what: 'region', of }, region, rows, call)
  }
}
