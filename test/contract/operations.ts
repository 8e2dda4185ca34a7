import { at, pointerTo } from './json-pointer.ts'

const methods = ['get', 'post', 'put', 'patch', 'delete']

/** One method on one path of a specification. */
export interface Operation {
  /** Such as `GET /v2/images/{image_id}`. */
  readonly name: string
  readonly method: string
  /** With a group for each parameter. */
  readonly path: RegExp
  /** The names of the path's parameters, in order. */
  readonly parameters: readonly string[]
  /** As a pointer into the specification. */
  readonly pointer: string
}

const operationAt = (method: string, path: string): Operation => ({
  name: `${method} ${path}`,
  method,
  path: new RegExp(`^${path.replaceAll(/[.]/g, '\\$&').replaceAll(/\{[^}]+\}/g, '([^/]+)')}$`),
  parameters: [...path.matchAll(/\{([^}]+)\}/g)].map(([, name = '']) => name),
  pointer: pointerTo('paths', path, method.toLowerCase()),
})

/** The operation of a name such as `GET /v2/images/{image_id}`. */
export const operationOf = (name: string): Operation => {
  const [method = '', path = ''] = name.split(' ')
  return operationAt(method, path)
}

/** All operations of a specification. */
export const operationsOf = (specification: unknown): readonly Operation[] =>
  Object.entries(Object(at(specification, '/paths'))).flatMap(([path, item]) =>
    Object.keys(Object(item))
      .filter((method) => methods.includes(method))
      .map((method) => operationAt(method.toUpperCase(), path)),
  )
