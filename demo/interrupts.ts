/** What Ctrl-C does. */
export interface Interrupts {
  /** Where the signals come from, such as `process`. */
  readonly source: NodeJS.EventEmitter
  /** Milliseconds since any moment. */
  readonly now: () => number
  /** The first one: to stop cleanly. */
  readonly stop: () => void
  /** The second one: to end at once. */
  readonly end: () => void
}

/** npm passes on what the terminal has sent to everybody already, so that one Ctrl-C may come twice within this, in milliseconds. */
const echoMs = 500

/** Listens to SIGINT until what it returns is called. */
export const onInterrupts = ({ source, now, stop, end }: Interrupts): (() => void) => {
  let first: number | undefined
  const listener = (): void => {
    if (first === undefined) {
      first = now()
      stop()
    } else if (now() - first > echoMs) end()
  }
  source.on('SIGINT', listener)
  return () => {
    source.off('SIGINT', listener)
  }
}
