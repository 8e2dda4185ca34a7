import type { NotKnown } from '../not-known.ts'

/** What could not be had, by the reason. All offsets are in bytes. */
export interface Missed {
  /** Notes that the bytes from `at` to before `end` could not be had. */
  readonly add: (at: number, end: number, reason: string) => void
  /** One entry for each reason. */
  readonly told: () => readonly NotKnown[]
}

interface Gap {
  readonly at: number
  readonly end: number
}

const mostShown = 3

/** The gaps in order, those that touch each other as one. */
const merged = (gaps: readonly Gap[]): readonly Gap[] => {
  const done: Gap[] = []
  for (const gap of [...gaps].sort((a, b) => a.at - b.at)) {
    const last = done.at(-1)
    if (last === undefined || gap.at > last.end) done.push(gap)
    else done[done.length - 1] = { at: last.at, end: Math.max(last.end, gap.end) }
  }
  return done
}

const inWords = (gaps: readonly Gap[]): string => {
  const shown = gaps.slice(0, mostShown).map(({ at, end }) => `${at} to ${end - 1}`)
  const all = gaps.length > mostShown ? [...shown, 'more'] : shown
  return [all.slice(0, -1).join(', '), ...all.slice(-1)].filter((part) => part !== '').join(' and ')
}

/** Nothing missed yet. */
export const nothingMissed = (): Missed => {
  const gaps = new Map<string, readonly Gap[]>()
  return {
    add: (at, end, reason) => void gaps.set(reason, merged([...(gaps.get(reason) ?? []), { at, end }])),
    told: () =>
      [...gaps].map(([reason, missed]) => ({ about: 'bytes', what: `bytes ${inWords(missed)} of the file`, reason })),
  }
}
