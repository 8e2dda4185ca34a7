import { validateHeaderName, validateHeaderValue } from 'node:http'
import type { DrawnFaults, Fault, ScriptedFault } from './fault.ts'
import {
  type Check,
  isAmong,
  isAnything,
  isListOf,
  isNumberFrom,
  isRecordOf,
  isString,
  isThat,
  isWhole,
  isWholeFrom,
} from './shape.ts'

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const

const isMethod: Check = (value) => isAmong(...methods)(typeof value === 'string' ? value.toUpperCase() : value)

const isPath: Check = isThat(
  (value) => typeof value === 'string' && /^\/[^?#]*$/.test(value),
  'should be what a path begins with, from its slash on and without a query',
)

const isHeaders: Check = (value) => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'should be an object'
  for (const [name, text] of Object.entries(value)) {
    const problem = isString(text)
    if (problem !== undefined) return `${name}: ${problem}`
    try {
      validateHeaderName(name)
      validateHeaderValue(name, text)
    } catch {
      return `${name}: HTTP cannot carry it with that name or value`
    }
  }
  return undefined
}

/** A body is sent as JSON, so that it has to have such a form. */
const isBody: Check = (value) => {
  try {
    return JSON.stringify(value) === undefined ? 'should be what JSON can hold' : undefined
  } catch {
    return 'should be what JSON can hold'
  }
}

const when = isAmong('before-commit', 'after-commit')
const delayMs = isNumberFrom(0)
const kind = isAnything

const kinds: Readonly<Record<Fault['kind'], Check>> = {
  answer: isRecordOf({ kind, status: isWholeFrom(200, 599), when, headers: isHeaders, body: isBody }, ['status']),
  reset: isRecordOf({ kind, when }, []),
  'late-commit': isRecordOf({ kind, delayMs }),
  slow: isRecordOf({ kind, delayMs }),
  truncated: isRecordOf({ kind }),
  html: isRecordOf({ kind }),
  'wrong-types': isRecordOf({ kind }),
  endless: isRecordOf({ kind }),
}

const isKind = (value: unknown): value is Fault['kind'] => typeof value === 'string' && Object.hasOwn(kinds, value)

const isFault: Check = (value) => {
  if (typeof value !== 'object' || value === null) return 'should be an object'
  const named: unknown = 'kind' in value ? value.kind : undefined
  return isKind(named) ? kinds[named](value) : `kind: ${isAmong(...Object.keys(kinds))(named)}`
}

const selection = { method: isMethod, path: isPath }

const scriptedProblem = isRecordOf({ ...selection, fault: isFault, nth: isWholeFrom(1), times: isWholeFrom(1) }, [
  'fault',
])

const someFaults: Check = (value) =>
  Array.isArray(value) && value.length === 0 ? 'should have a fault at least' : isListOf(isFault)(value)

const drawnProblem = isRecordOf({ ...selection, seed: isWhole, rate: isNumberFrom(0, 1), faults: someFaults }, [
  ...['seed', 'rate'],
])

// A check says yes or no to a value; this says which type a yes stands for.
const isOf =
  <A>(check: Check) =>
  (value: unknown): value is A =>
    check(value) === undefined

const isScripted = isOf<ScriptedFault>(scriptedProblem)
const isDrawn = isOf<DrawnFaults>(drawnProblem)

/** The same with its method in capitals, as requests have it. */
const folded = <A extends { readonly method?: string | undefined }>(selected: A): A =>
  selected.method === undefined ? selected : { ...selected, method: selected.method.toUpperCase() }

/** A scripted fault, from JSON or from a caller. Throws an Error that names what is wrong or unknown in it. */
export const readScriptedFault = (value: unknown): ScriptedFault => {
  if (isScripted(value)) return folded(value)
  throw new Error(`scripted fault: ${scriptedProblem(value)}`)
}

/** Drawn faults, likewise. */
export const readDrawnFaults = (value: unknown): DrawnFaults => {
  if (isDrawn(value)) return folded(value)
  throw new Error(`drawn faults: ${drawnProblem(value)}`)
}
