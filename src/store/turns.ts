import { onAbort } from './on-abort.ts'

/** Gives the turn back. To be called once. */
export type EndTurn = () => void

/** Waits for a turn; absent where the signal was aborted first. */
export type TakeTurn = (signal: AbortSignal) => Promise<EndTurn | undefined>

/** Turns of which only so many can be taken at a time. The others wait in a queue and get theirs in order of asking. */
export const turns = (atATime: number): TakeTurn => {
  let taken = 0
  const waiting = new Set<() => void>()

  const end = () => {
    const [next] = waiting
    if (next === undefined) taken -= 1
    else next()
  }

  return (signal) =>
    new Promise((resolve) => {
      if (signal.aborted) {
        resolve(undefined)
        return
      }
      if (taken < atATime) {
        taken += 1
        resolve(end)
        return
      }
      const leave = () => {
        waiting.delete(begin)
        resolve(undefined)
      }
      const begin = () => {
        waiting.delete(begin)
        release()
        resolve(end)
      }
      waiting.add(begin)
      const release = onAbort(signal, leave)
    })
}
