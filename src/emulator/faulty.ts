import type { ServerResponse } from 'node:http'
import type { VirtualClock } from './clock.ts'
import type { Fault, FaultMoment } from './fault.ts'
import { type EmulatorReply, send, sendEndless, sendHtml, sendTruncated, sendWrongTypes } from './reply.ts'

/** A request on its way to being answered. */
export interface Exchange {
  readonly outgoing: ServerResponse
  readonly clock: VirtualClock
  /** Carries the request out. */
  readonly commit: () => Promise<EmulatorReply>
  /** What the provider answers where only a status is known, to a request that was carried out or was not. */
  readonly errorReply: ErrorReply
  /** Asked now, tells later whether the emulator still has the world that the request came to. */
  readonly sameWorld: () => () => boolean
}

/** An error that is known by its status alone, as the provider writes it: its own body and headers. */
export type ErrorReply = (status: number, when: FaultMoment) => Omit<EmulatorReply, 'status'>

/** Comes when so much virtual time has passed; no time at all passes by itself, even where time stands still. */
const passed = async (clock: VirtualClock, ms: number): Promise<void> => {
  if (ms > 0) await new Promise<void>((resolve) => void clock.schedule(clock.now() + ms, resolve))
}

/** Headers by names that are written alike, so that one of a fault takes the place of the usual one. */
const lowerCased = (headers: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))

const garbled = {
  truncated: sendTruncated,
  html: sendHtml,
  'wrong-types': sendWrongTypes,
  endless: sendEndless,
} as const

/** Answers a request as a fault wants it, or as it should be where there is none. Tells the status that was sent; 0 for none. */
export const answerWith = async (
  fault: Fault | undefined,
  { outgoing, clock, commit, errorReply, sameWorld }: Exchange,
): Promise<number> => {
  if (fault === undefined) {
    const reply = await commit()
    send(outgoing, reply)
    return reply.status
  }
  switch (fault.kind) {
    case 'answer': {
      const { status, when = 'before-commit', headers, body } = fault
      if (when === 'after-commit') await commit()
      const usual = errorReply(status, when)
      send(outgoing, {
        status,
        headers: { ...usual.headers, ...lowerCased(headers) },
        body: body === undefined ? usual.body : body,
      })
      return status
    }
    case 'reset': {
      if (fault.when === 'after-commit') await commit()
      outgoing.destroy()
      return 0
    }
    case 'late-commit': {
      const isSame = sameWorld()
      const carryOut = async (): Promise<void> => {
        if (isSame()) await commit()
      }
      outgoing.destroy()
      if (fault.delayMs === 0) await carryOut()
      else clock.schedule(clock.now() + fault.delayMs, carryOut)
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
