import type { UnconfirmedChange } from '../model/error.ts'

/** A request that changes something at the provider. */
export interface Change extends UnconfirmedChange {
  /** Whether it makes something new: its answer is the only sure way to what it has made, so it is waited for a little longer. */
  readonly makesSomething?: true | undefined
}

/** A change on its way. */
export interface ChangeUnderWay {
  /** What its request obeys: the call's own signal, or for one that makes something, that of the call's last moment. */
  readonly signal: AbortSignal
  /** To be told once when the request has ended. */
  readonly ended: (outcome: ChangeOutcome) => void
}

/**
 * How a request for a change ended: it was carried out, it was refused, or its answer was lost, so that nobody knows. A refusal says
 * nothing of an earlier one whose answer was lost.
 */
export type ChangeOutcome = 'done' | 'refused' | 'lost'

/** The changes that one call has asked for, as far as they are not known to have been carried out or refused. */
export interface Changes {
  readonly begin: (change: Change, signal: AbortSignal, lastSignal: AbortSignal) => ChangeUnderWay
  /** Counts a change as known, whatever came of it. */
  readonly settle: (change: Change) => void
  /** Whether a request is under way that makes something. */
  readonly isMaking: () => boolean
  readonly unconfirmed: () => readonly UnconfirmedChange[]
}

/** The requests for one change. */
interface Asked {
  readonly change: UnconfirmedChange
  underWay: number
  lost: number
}

/** None at first. */
export const changes = (): Changes => {
  const asked = new Map<string, Asked>()
  let making = 0
  return {
    begin: ({ change, key, makesSomething = false }, signal, lastSignal) => {
      const one = asked.get(change) ?? {
        change: { change, ...(key === undefined ? {} : { key }) },
        underWay: 0,
        lost: 0,
      }
      asked.set(change, one)
      one.underWay += 1
      if (makesSomething) making += 1
      return {
        signal: makesSomething ? lastSignal : signal,
        ended: (outcome) => {
          one.underWay -= 1
          if (makesSomething) making -= 1
          if (outcome === 'lost') one.lost += 1
          if (outcome === 'done') one.lost = 0
        },
      }
    },
    settle: ({ change }) => {
      const one = asked.get(change)
      if (one !== undefined) one.lost = 0
    },
    isMaking: () => making > 0,
    unconfirmed: () =>
      [...asked.values()].flatMap(({ change, underWay, lost }) => (underWay + lost > 0 ? [change] : [])),
  }
}
