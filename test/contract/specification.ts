import { type Corrections, corrected } from './corrections.ts'
import { at, isNode } from './json-pointer.ts'
import { type Operation, operationOf, operationsOf } from './operations.ts'
import { schemaCheck } from './schema-check.ts'

/** One request and its answer. Bodies are JSON, or absent. */
export interface Exchange {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly requestBody: unknown
  readonly status: number
  readonly responseHeaders: Headers
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
 * Holds exchanges against a specification in OpenAPI 3.0 or 3.1, its mistakes corrected. A request for a path that it does not have
 * has no operation, and is a fault unless the corrections list it.
 */
export const judgeBy = (published: unknown, corrections: Corrections): Judge => {
  const specification = corrected(published, corrections)
  const check = schemaCheck(specification, corrections)
  const operations = operationsOf(specification)
  const unlisted = (corrections.unlisted ?? []).map(({ operation }) => {
    if (operations.some(({ name }) => name === operation)) throw new Error(`${operation} is listed`)
    return operationOf(operation)
  })
  // A path without a parameter goes before one with: `/tasks/acknowledge_all` is no task.
  const sorted = [...operations].sort((a, b) => a.parameters.length - b.parameters.length)

  const jsonSchema = (holder: string): string | undefined => {
    const pointer = `${holder}/content/application~1json/schema`
    return at(specification, pointer) === undefined ? undefined : pointer
  }

  const requestFaults = ({ pointer }: Operation, { requestBody }: Exchange): readonly string[] => {
    const body = resolved(specification, `${pointer}/requestBody`)
    const schema = jsonSchema(body)
    if (requestBody === undefined) return at(specification, `${body}/required`) === true ? ['the body is missing'] : []
    return schema === undefined ? ['a body is sent where none is declared'] : check.json(schema, requestBody, 'request')
  }

  /** The pointers of the parameters that an operation, or its path, declares in one place, by their names. */
  const declaredIn = ({ pointer }: Operation, place: string): ReadonlyMap<string, string> =>
    new Map(
      [pointer.slice(0, pointer.lastIndexOf('/')), pointer]
        .flatMap((holder) => {
          const list = at(specification, `${holder}/parameters`)
          return Array.isArray(list)
            ? list.map((_, index) => resolved(specification, `${holder}/parameters/${index}`))
            : []
        })
        .filter((pointer) => at(specification, `${pointer}/in`) === place)
        .map((pointer) => [String(at(specification, `${pointer}/name`)), pointer]),
    )

  /** What is against the values of parameters, each a text or a list of texts. */
  const parameterFaults = (
    declared: ReadonlyMap<string, string>,
    sent: ReadonlyMap<string, string | readonly string[]>,
  ): readonly string[] => {
    const missing = [...declared].filter(
      ([name, pointer]) => at(specification, `${pointer}/required`) === true && (sent.get(name) ?? '') === '',
    )
    const wrong = [...sent].flatMap(([name, value]) => {
      const pointer = declared.get(name)
      if (pointer === undefined) return [`the parameter ${name} is not declared`]
      return at(specification, `${pointer}/schema`) === undefined
        ? []
        : check.text(`${pointer}/schema`, value, `parameter ${name}`)
    })
    return [...missing.map(([name]) => `the parameter ${name} is missing`), ...wrong]
  }

  const queryFaults = (operation: Operation, { query }: Exchange): readonly string[] => {
    const sent = [...new Set(query.keys())].map((name): [string, string | readonly string[]] => {
      const values = query.getAll(name)
      return [name, values.length > 1 ? values : values.join()]
    })
    return parameterFaults(declaredIn(operation, 'query'), new Map(sent))
  }

  const pathFaults = (operation: Operation, { path }: Exchange): readonly string[] => {
    const values = operation.path.exec(path)?.slice(1) ?? []
    const sent = operation.parameters.map((name, index): [string, string] => [
      name,
      decodeURIComponent(values[index] ?? ''),
    ])
    return parameterFaults(declaredIn(operation, 'path'), new Map(sent))
  }

  /** What is declared of an answer's headers is there, and as it should be. */
  const headerFaults = (response: string, { responseHeaders, status }: Exchange): readonly string[] =>
    Object.keys(Object(at(specification, `${response}/headers`))).flatMap((name) => {
      const value = responseHeaders.get(name)
      if (value === null) return [`the header ${name} is missing with ${status}`]
      const schema = `${resolved(specification, `${response}/headers/${name}`)}/schema`
      return at(specification, schema) === undefined ? [] : check.text(schema, value, `header ${name}`)
    })

  const responseFaults = ({ pointer }: Operation, exchange: Exchange): readonly string[] => {
    const { status, responseBody } = exchange
    const declared = [String(status), 'default'].find(
      (name) => at(specification, `${pointer}/responses/${name}`) !== undefined,
    )
    if (declared === undefined) return [`the status ${status} is not declared`]
    const response = resolved(specification, `${pointer}/responses/${declared}`)
    const headers = headerFaults(response, exchange)
    const schema = jsonSchema(response)
    if (schema === undefined)
      return responseBody === undefined
        ? headers
        : [...headers, `a body is answered with ${status} where none is declared`]
    return responseBody === undefined
      ? [...headers, `no body is answered with ${status}`]
      : [...headers, ...check.json(schema, responseBody, `response ${status}`)]
  }

  return (exchange) => {
    const asks = ({ method, path }: Pick<Operation, 'method' | 'path'>): boolean =>
      method === exchange.method && path.test(exchange.path)
    const operation = sorted.find(asks)
    if (operation === undefined) {
      const isKnown = unlisted.some(asks)
      return { operation: undefined, faults: isKnown ? [] : [`there is no ${exchange.method} ${exchange.path}`] }
    }
    return {
      operation: operation.name,
      faults: [requestFaults, pathFaults, queryFaults, responseFaults].flatMap((faults) => faults(operation, exchange)),
    }
  }
}
