import { getEventListeners } from 'node:events'

/** What goes wrong in a process beside the calls that it makes. */
export interface ProcessWatch {
  readonly stop: () => readonly string[]
}

/** Watches for rejections that nobody handles, exceptions that nobody catches, and warnings, such as of too many listeners. */
export const watchProcess = (): ProcessWatch => {
  const seen: string[] = []
  const watched = ['unhandledRejection', 'uncaughtException', 'warning'] as const
  const listeners = watched.map((event) => (what: unknown) => {
    // That something is experimental says nothing of this run.
    if (what instanceof Error && what.name === 'ExperimentalWarning') return
    seen.push(`${event}: ${what instanceof Error ? `${what.name}: ${what.message}` : String(what)}`)
  })
  watched.forEach((event, index) => void process.on(event, listeners[index] ?? (() => undefined)))
  return {
    stop: () => {
      watched.forEach((event, index) => void process.off(event, listeners[index] ?? (() => undefined)))
      return seen
    },
  }
}

/** How many listeners are left on signals of calls that have ended. */
export const listenersLeft = (signals: readonly AbortSignal[]): number =>
  signals.reduce((sum, signal) => sum + getEventListeners(signal, 'abort').length, 0)
