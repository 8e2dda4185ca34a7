import { at, pointerTo } from './json-pointer.ts'

const methods = ['get', 'post', 'put', 'patch', 'delete']

/** One method on one path of a specification. */
export interface Operation {
  /** Such as `GET /v2/images/{image_id}`. */
  readonly name: string
  readonly method: string
  readonly path: RegExp
  /** As a pointer into the specification. */
  readonly pointer: string
}

/** All operations of a specification. */
export const operationsOf = (specification: unknown): readonly Operation[] =>
  Object.entries(Object(at(specification, '/paths'))).flatMap(([path, item]) =>
    Object.keys(Object(item))
      .filter((method) => methods.includes(method))
      .map((method) => ({
        name: `${method.toUpperCase()} ${path}`,
        method: method.toUpperCase(),
        path: new RegExp(`^${path.replaceAll(/[.]/g, '\\$&').replaceAll(/\{[^}]+\}/g, '([^/]+)')}$`),
        pointer: pointerTo('paths', path, method),
      })),
  )
