import { type Channel, channel } from 'node:diagnostics_channel'
import type { StoreEvent, StoreObserver } from './event.ts'

/** Tells an observer, if there is one, and whoever has subscribed to the channel of the event's type. */
export interface Tell {
  (event: StoreEvent): void
  /** Whether anybody hears of events of a type: one that nobody hears of need not be made. */
  readonly isHeard: (type: StoreEvent['type']) => boolean
}

const asIfNothing = (): void => undefined

/** Tells one observer. One that throws is not heard of: the result of a call, of an import above all, must not be lost for it. */
export const telling = (observer: StoreObserver): Tell =>
  Object.assign(
    (event: StoreEvent): void => {
      try {
        // One that is asynchronous fails later, and would end the process where nobody listens.
        const told: unknown = observer(event)
        if (told instanceof Promise) told.catch(asIfNothing)
      } catch {
        // See above.
      }
    },
    { isHeard: () => true },
  )

const channelOf = (type: StoreEvent['type']): Channel => channel(`imageferry:${type}`)

/** Held here: a channel that nobody holds is made anew each time that it is asked for. */
const channels: Readonly<Record<StoreEvent['type'], Channel>> = {
  'call-started': channelOf('call-started'),
  'call-ended': channelOf('call-ended'),
  request: channelOf('request'),
  response: channelOf('response'),
  retry: channelOf('retry'),
  pause: channelOf('pause'),
  'answer-lost': channelOf('answer-lost'),
  reconciled: channelOf('reconciled'),
  duplicate: channelOf('duplicate'),
  drift: channelOf('drift'),
  'wait-tick': channelOf('wait-tick'),
  phase: channelOf('phase'),
  stalled: channelOf('stalled'),
  'wait-ended': channelOf('wait-ended'),
}

/** Tells an observer and `node:diagnostics_channel`, where the channel of an event is `imageferry:` and its type. */
export const tellingEverybody = (observer: StoreObserver | undefined): Tell => {
  const tellObserver = observer === undefined ? asIfNothing : telling(observer)
  return Object.assign(
    (event: StoreEvent): void => {
      tellObserver(event)
      const listened = channels[event.type]
      if (listened.hasSubscribers) listened.publish(event)
    },
    { isHeard: (type: StoreEvent['type']) => observer !== undefined || channels[type].hasSubscribers },
  )
}
