import type { ServerResponse } from 'node:http'
import type { VirtualClock } from './clock.ts'
import type { Fault } from './fault.ts'
import { type EmulatorReply, send, sendEndless, sendHtml, sendTruncated, sendWrongTypes } from './reply.ts'

/** A request on its way to being answered. */
export interface Exchange {
  readonly outgoing: ServerResponse
  readonly clock: VirtualClock
  /** Carries the request out. */
  readonly commit: () => Promise<EmulatorReply>
  /** What the provider answers where only a status is known. */
  readonly errorBody: (status: number) => unknown
  readonly errorHeaders: (status: number) => Readonly<Record<string, string>>
}

const passed = (clock: VirtualClock, ms: number): Promise<void> =>
  new Promise((resolve) => void clock.schedule(clock.now() + ms, resolve))

const garbled = {
  truncated: sendTruncated,
  html: sendHtml,
  'wrong-types': sendWrongTypes,
  endless: sendEndless,
} as const

/** Answers a request as a fault wants it, or as it should be where there is none. Tells the status that was sent; 0 for none. */
export const answerWith = async (
  fault: Fault | undefined,
  { outgoing, clock, commit, errorBody, errorHeaders }: Exchange,
): Promise<number> => {
  if (fault === undefined) {
    const reply = await commit()
    send(outgoing, reply)
    return reply.status
  }
  switch (fault.kind) {
    case 'answer': {
      if (fault.when === 'after-commit') await commit()
      const { status, headers = {}, body = errorBody(status) } = fault
      send(outgoing, { status, headers: { ...errorHeaders(status), ...headers }, body })
      return status
    }
    case 'reset': {
      if (fault.when === 'after-commit') await commit()
      outgoing.destroy()
      return 0
    }
    case 'late-commit': {
      clock.schedule(clock.now() + fault.delayMs, async () => void (await commit()))
      outgoing.destroy()
      return 0
    }
    case 'slow': {
      const reply = await commit()
      await passed(clock, fault.delayMs)
      send(outgoing, reply)
      return reply.status
    }
    default: {
      const reply = await commit()
      garbled[fault.kind](outgoing, reply)
      return reply.status
    }
  }
}
