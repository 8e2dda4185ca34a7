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
  /** To be told once when the request has ended: whether its answer was lost, so that nobody knows what came of it. */
  readonly ended: (isLost: boolean) => void
}

/** The changes that one call has asked for, as far as they are not known to have been carried out or refused. */
export interface Changes {
  readonly begin: (change: Change, signal: AbortSignal, lastSignal: AbortSignal) => ChangeUnderWay
  /** Counts a change as known, whatever came of it. */
  readonly settle: (change: Change) => void
  /** Whether a request is under way that makes something. */
  readonly isMaking: () => boolean
  readonly unconfirmed: () => readonly UnconfirmedChange[]
}

/** None at first. */
export const changes = (): Changes => {
  const open = new Map<string, UnconfirmedChange>()
  let making = 0
  const settle = ({ change }: Change) => {
    open.delete(change)
  }
  return {
    begin: (change, signal, lastSignal) => {
      const { change: what, key, makesSomething } = change
      open.set(what, key === undefined ? { change: what } : { change: what, key })
      if (makesSomething === true) making += 1
      return {
        signal: makesSomething === true ? lastSignal : signal,
        ended: (isLost) => {
          if (makesSomething === true) making -= 1
          if (!isLost) settle(change)
        },
      }
    },
    settle,
    isMaking: () => making > 0,
    unconfirmed: () => [...open.values()],
  }
}
