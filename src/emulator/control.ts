import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { failure } from 'io-ts/lib/PathReporter.js'
import type { VirtualClock } from './clock.ts'
import { JsonDrawnFaults, JsonScriptedFault } from './fault-json.ts'
import type { FaultPlan } from './fault-plan.ts'
import type { EmulatorReply } from './reply.ts'
import type { RequestBody } from './request-body.ts'
import type { RequestRecord } from './request-log.ts'
import { type Route, router } from './router.ts'

/** Where the paths of every emulator's control endpoint begin. No provider has such a path. */
export const controlPrefix = '/_emulator'

/** What is controlled: the parts of a running emulator. */
export interface Controlled {
  readonly clock: VirtualClock
  readonly faults: FaultPlan
  readonly requests: readonly RequestRecord[]
  /** By the kind of thing, such as `images`: puts one there past the API and tells its id. Throws an Error that says what is wrong. */
  readonly seeds: Readonly<Record<string, (seed: unknown) => string | number>>
  /** Everything the emulator knows, as JSON. */
  readonly saveState: () => unknown
  /** Puts the emulator back to what {@link saveState} gave. Throws an Error that says what is wrong. */
  readonly restoreState: (state: unknown) => void
}

interface ControlRequest {
  readonly params: Readonly<Record<string, string>>
  readonly body: unknown
}

type ControlHandler = (request: ControlRequest) => EmulatorReply | Promise<EmulatorReply>

class Refused extends Error {}

const Advance = t.type({ advanceMs: t.refinement(t.number, (ms) => ms >= 0 && Number.isFinite(ms), 'milliseconds') })

const decoded = <A>(codec: t.Decoder<unknown, A>, body: unknown): A => {
  const result = codec.decode(body)
  if (E.isLeft(result)) throw new Refused(failure(result.left).join('; '))
  return result.right
}

const ok = (body: unknown): EmulatorReply => ({ status: 200, body })

/**
 * The control endpoint of an emulator, for code in any language. All bodies are JSON; what is wrong is answered with 400 and
 * `{message}`.
 *
 * - `GET /_emulator/clock` tells virtual time: `{now, nowMs}`. `POST {advanceMs}` lets so many virtual ms pass first.
 * - `POST /_emulator/faults` with a scripted fault (`{fault, method, path, nth, times}`) or with faults to be drawn (`{seed, rate}`).
 *   `DELETE` lets everything be right again.
 * - `GET /_emulator/requests` is the log.
 * - `POST /_emulator/images`, and whatever else the provider has, puts one there and tells its `{id}`.
 * - `GET /_emulator/state` is everything the emulator knows; `PUT` puts it back.
 */
export const controlOf = (controlled: Controlled) => {
  const { clock, faults, requests, seeds, saveState, restoreState } = controlled

  const time = (): EmulatorReply => ok({ now: new Date(clock.now()).toISOString(), nowMs: clock.now() })

  const seedRoutes = Object.entries(seeds).map(
    ([kind, seed]): Route<ControlHandler> => ({
      method: 'POST',
      path: `${controlPrefix}/${kind}`,
      handler: ({ body }) => ({ status: 201, body: { id: seed(body) } }),
    }),
  )

  const find = router<ControlHandler>([
    { method: 'GET', path: `${controlPrefix}/clock`, handler: time },
    {
      method: 'POST',
      path: `${controlPrefix}/clock`,
      handler: async ({ body }) => {
        await clock.advance(decoded(Advance, body).advanceMs)
        return time()
      },
    },
    {
      method: 'POST',
      path: `${controlPrefix}/faults`,
      handler: ({ body }) => {
        if ('seed' in Object(body)) faults.draw(decoded(JsonDrawnFaults, body))
        else faults.script(decoded(JsonScriptedFault, body))
        return { status: 204 }
      },
    },
    {
      method: 'DELETE',
      path: `${controlPrefix}/faults`,
      handler: () => {
        faults.clear()
        return { status: 204 }
      },
    },
    { method: 'GET', path: `${controlPrefix}/requests`, handler: () => ok({ requests }) },
    { method: 'GET', path: `${controlPrefix}/state`, handler: () => ok(saveState()) },
    {
      method: 'PUT',
      path: `${controlPrefix}/state`,
      handler: ({ body }) => {
        restoreState(body)
        return { status: 204 }
      },
    },
    ...seedRoutes,
  ])

  return async (method: string, path: string, body: RequestBody): Promise<EmulatorReply> => {
    const match = find(method, path)
    if (match.kind === 'nothing') return { status: 404, body: { message: `There is no ${path}` } }
    if (match.kind === 'other-methods')
      return { status: 405, headers: { allow: match.methods.join(', ') }, body: { message: `${method} is not for it` } }
    if (body.kind === 'malformed') return { status: 400, body: { message: 'The body is no JSON' } }
    try {
      return await match.handler({ params: match.params, body: body.kind === 'json' ? body.value : undefined })
    } catch (error) {
      if (error instanceof Error) return { status: 400, body: { message: error.message } }
      throw error
    }
  }
}
