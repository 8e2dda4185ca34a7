import * as t from 'io-ts'
import type { DrawnFaults, ScriptedFault } from './fault.ts'

const Moment = t.keyof({ 'before-commit': null, 'after-commit': null }, 'FaultMoment')

const numberThat = (name: string, holds: (value: number) => boolean) =>
  new t.Type<number, unknown>(
    name,
    (value): value is number => t.number.is(value) && holds(value),
    (value, context) => (t.number.is(value) && holds(value) ? t.success(value) : t.failure(value, context)),
    (value) => value,
  )

const Duration = numberThat('milliseconds', (ms) => ms >= 0 && Number.isFinite(ms))
const Status = numberThat('an HTTP status', (status) => Number.isInteger(status) && status >= 200 && status <= 599)
const Count = numberThat('a whole number from 1 on', (count) => Number.isInteger(count) && count >= 1)
const Seed = numberThat('a whole number', Number.isInteger)
const Rate = numberThat('a number from 0 to 1', (rate) => rate >= 0 && rate <= 1)

const Answered = t.intersection([
  t.type({ kind: t.literal('answer'), status: Status }),
  t.partial({ when: Moment, headers: t.record(t.string, t.string), body: t.unknown }),
])

const JsonFault = t.union(
  [
    Answered,
    t.intersection([t.type({ kind: t.literal('reset') }), t.partial({ when: Moment })]),
    t.type({ kind: t.literal('late-commit'), delayMs: Duration }),
    t.type({ kind: t.literal('slow'), delayMs: Duration }),
    t.type({ kind: t.literal('truncated') }),
    t.type({ kind: t.literal('html') }),
    t.type({ kind: t.literal('wrong-types') }),
    t.type({ kind: t.literal('endless') }),
  ],
  'Fault',
)

const Selection = t.partial({ method: t.string, path: t.string })

/** A scripted fault as JSON has it. */
export const JsonScriptedFault: t.Decoder<unknown, ScriptedFault> = t.intersection(
  [t.type({ fault: JsonFault }), Selection, t.partial({ nth: Count, times: Count })],
  'ScriptedFault',
)

/** Drawn faults as JSON has them. */
export const JsonDrawnFaults: t.Decoder<unknown, DrawnFaults> = t.intersection(
  [t.type({ seed: Seed, rate: Rate }), Selection, t.partial({ faults: t.array(JsonFault) })],
  'DrawnFaults',
)
