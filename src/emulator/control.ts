import type { VirtualClock } from './clock.ts'
import { readDrawnFaults, readScriptedFault } from './fault-json.ts'
import type { FaultPlan } from './fault-plan.ts'
import type { EmulatorReply } from './reply.ts'
import type { RequestBody } from './request-body.ts'
import type { RequestRecord } from './request-log.ts'
import { type Route, router } from './router.ts'
import { isNumberFrom, isRecordOf } from './shape.ts'

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
  /** What the provider has beside that which all have. */
  readonly further?: readonly ControlRoute[]
}

/** A request to the control endpoint: the decoded parts of its path, and its JSON, `undefined` where there is none. */
export interface ControlRequest {
  readonly params: Readonly<Record<string, string>>
  readonly body: unknown
}

type ControlHandler = (request: ControlRequest) => EmulatorReply | Promise<EmulatorReply>

/** A route of the control endpoint. An Error that its handler throws is answered with 400 and its message. */
export interface ControlRoute extends Route<ControlHandler> {
  /** What it does, and with which body, for those who ask what there is. */
  readonly what: string
}

const advanceProblem = isRecordOf({ advanceMs: isNumberFrom(0) })

const isAdvance = (body: unknown): body is { readonly advanceMs: number } => advanceProblem(body) === undefined

const ok = (body: unknown): EmulatorReply => ({ status: 200, body })

/** Whether a body means faults to be drawn: those have a seed and a rate, and no fault of their own. */
const isToDraw = (body: unknown): boolean => {
  const fields = Object.keys(Object(body))
  return !fields.includes('fault') && (fields.includes('seed') || fields.includes('rate'))
}

const at = (path: string): string => `${controlPrefix}/${path}`

const seedRoutes = ({ seeds }: Controlled): readonly ControlRoute[] =>
  Object.entries(seeds).map(([kind, seed]) => ({
    method: 'POST',
    path: at(kind),
    what: `${kind}: puts one there past the API and tells its {id}; the body has any of its fields`,
    handler: ({ body }) => ({ status: 201, body: { id: seed(body) } }),
  }))

const faultRoutes = ({ faults }: Controlled): readonly ControlRoute[] => [
  {
    method: 'POST',
    path: at('faults'),
    what: 'scripts a fault, {fault, method, path, nth, times}, or draws them, {seed, rate, method, path, faults}',
    handler: ({ body }) => {
      if (isToDraw(body)) faults.draw(readDrawnFaults(body))
      else faults.script(readScriptedFault(body))
      return { status: 204 }
    },
  },
  {
    method: 'DELETE',
    path: at('faults'),
    what: 'lets everything be right again',
    handler: () => {
      faults.clear()
      return { status: 204 }
    },
  },
]

const timeRoutes = ({ clock }: Controlled): readonly ControlRoute[] => {
  const time = (): EmulatorReply => ok({ now: new Date(clock.now()).toISOString(), nowMs: clock.now() })
  return [
    { method: 'GET', path: at('clock'), what: 'virtual time, {now, nowMs}', handler: time },
    {
      method: 'POST',
      path: at('clock'),
      what: 'lets {advanceMs} virtual milliseconds pass, and tells virtual time',
      handler: async ({ body }) => {
        if (!isAdvance(body)) throw new Error(`clock: ${advanceProblem(body)}`)
        await clock.advance(body.advanceMs)
        return time()
      },
    },
  ]
}

const stateRoutes = ({ requests, saveState, restoreState }: Controlled): readonly ControlRoute[] => [
  { method: 'GET', path: at('requests'), what: 'the newest 10 000 requests', handler: () => ok({ requests }) },
  { method: 'GET', path: at('state'), what: 'everything the emulator knows', handler: () => ok(saveState()) },
  {
    method: 'PUT',
    path: at('state'),
    what: 'puts the emulator back to such a state',
    handler: ({ body }) => {
      restoreState(body)
      return { status: 204 }
    },
  },
]

/**
 * The control endpoint of an emulator, for code in any language. All bodies are JSON; what is wrong is answered with 400 and
 * `{message}`. `GET /_emulator` lists what there is: time, faults, the log, the state, seeds, and what the provider has beside.
 */
export const controlOf = (controlled: Controlled) => {
  const routes = [timeRoutes, faultRoutes, stateRoutes, seedRoutes]
    .flatMap((routesFor) => routesFor(controlled))
    .concat(controlled.further ?? [])

  const list = (): EmulatorReply => ok({ routes: routes.map(({ method, path, what }) => ({ method, path, what })) })

  const find = router<ControlHandler>([...routes, { method: 'GET', path: controlPrefix, handler: list }])

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
