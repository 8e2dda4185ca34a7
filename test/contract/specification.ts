import { Ajv, type ValidateFunction } from 'ajv'
import { Ajv2020 } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'

import { type Corrections, corrected } from './corrections.ts'
import { at, isNode } from './json-pointer.ts'
import { type Operation, operationsOf } from './operations.ts'

/** One request and its answer. Bodies are JSON, or absent. */
export interface Exchange {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly requestBody: unknown
  readonly status: number
  readonly responseBody: unknown
}

/** Follows references of the specification to where the thing itself stands. */
const resolved = (specification: unknown, pointer: string): string => {
  const node = at(specification, pointer)
  const reference = isNode(node) ? node['$ref'] : undefined
  return typeof reference === 'string' ? resolved(specification, reference.slice(1)) : pointer
}

/** What an exchange has against a specification: nothing, or one line for each thing. */
export type Judge = (exchange: Exchange) => {
  readonly operation: string | undefined
  readonly faults: readonly string[]
}

/**
 * Holds exchanges against a specification in OpenAPI 3.0 or 3.1, its mistakes corrected. A request for a path that it does not
 * have has no operation.
 */
export const judgeBy = (published: unknown, corrections: Corrections): Judge => {
  const specification = corrected(published, corrections)
  const id = 'specification'
  const Validator = String(at(specification, '/openapi')).startsWith('3.0') ? Ajv : Ajv2020
  const options = { strict: false, allErrors: true, coerceTypes: false, validateSchema: false } as const
  const bodies = new Validator(options)
  const parameters = new Validator({ ...options, coerceTypes: 'array' })
  for (const ajv of [bodies, parameters]) {
    formats.default(ajv)
    for (const [name, { pattern }] of Object.entries(corrections.formats ?? {}))
      ajv.addFormat(name, new RegExp(pattern))
    ajv.addSchema(Object(specification), id)
  }
  const operations = operationsOf(specification)
  // A path without a parameter goes before one with: `/tasks/acknowledge_all` is no task.
  const sorted = [...operations].sort((a, b) => a.pointer.split('{').length - b.pointer.split('{').length)

  const validators = new Map<string, ValidateFunction>()
  const validator = (ajv: Ajv | Ajv2020, pointer: string): ValidateFunction => {
    const key = `${ajv === bodies ? 'body' : 'parameter'} ${pointer}`
    const known = validators.get(key) ?? ajv.compile({ $ref: `${id}#${encodeURI(pointer)}` })
    validators.set(key, known)
    return known
  }

  const faultsOf = (ajv: Ajv | Ajv2020, pointer: string, value: unknown, what: string): readonly string[] => {
    const validate = validator(ajv, pointer)
    if (validate(value)) return []
    return (validate.errors ?? []).map(
      ({ instancePath, message, params }) => `${what}${instancePath} ${message} ${JSON.stringify(params)}`,
    )
  }

  const jsonSchema = (holder: string): string | undefined => {
    const pointer = `${holder}/content/application~1json/schema`
    return at(specification, pointer) === undefined ? undefined : pointer
  }

  const requestFaults = ({ pointer }: Operation, { requestBody }: Exchange): readonly string[] => {
    const body = resolved(specification, `${pointer}/requestBody`)
    const schema = jsonSchema(body)
    if (requestBody === undefined) return at(specification, `${body}/required`) === true ? ['the body is missing'] : []
    return schema === undefined
      ? ['a body is sent where none is declared']
      : faultsOf(bodies, schema, requestBody, 'request')
  }

  const parameterPointers = ({ pointer }: Operation): readonly string[] =>
    [pointer, pointer.slice(0, pointer.lastIndexOf('/'))].flatMap((holder) => {
      const list = at(specification, `${holder}/parameters`)
      return Array.isArray(list) ? list.map((_, index) => resolved(specification, `${holder}/parameters/${index}`)) : []
    })

  const queryFaults = (operation: Operation, { query }: Exchange): readonly string[] => {
    const declared = new Map(
      parameterPointers(operation)
        .filter((pointer) => at(specification, `${pointer}/in`) === 'query')
        .map((pointer) => [String(at(specification, `${pointer}/name`)), pointer]),
    )
    return [...new Set(query.keys())].flatMap((name) => {
      const pointer = declared.get(name)
      if (pointer === undefined) return [`the parameter ${name} is not declared`]
      const values = query.getAll(name)
      const value = values.length > 1 ? values : values[0]
      return at(specification, `${pointer}/schema`) === undefined
        ? []
        : faultsOf(parameters, `${pointer}/schema`, value, `parameter ${name}`)
    })
  }

  const responseFaults = ({ pointer }: Operation, { status, responseBody }: Exchange): readonly string[] => {
    const declared = [String(status), 'default'].find(
      (name) => at(specification, `${pointer}/responses/${name}`) !== undefined,
    )
    if (declared === undefined) return [`the status ${status} is not declared`]
    const schema = jsonSchema(resolved(specification, `${pointer}/responses/${declared}`))
    if (schema === undefined)
      return responseBody === undefined ? [] : [`a body is answered with ${status} where none is declared`]
    return responseBody === undefined
      ? [`no body is answered with ${status}`]
      : faultsOf(bodies, schema, responseBody, `response ${status}`)
  }

  return (exchange) => {
    const operation = sorted.find(({ method, path }) => method === exchange.method && path.test(exchange.path))
    if (operation === undefined) return { operation: undefined, faults: [] }
    return {
      operation: operation.name,
      faults: [
        ...requestFaults(operation, exchange),
        ...queryFaults(operation, exchange),
        ...responseFaults(operation, exchange),
      ],
    }
  }
}
