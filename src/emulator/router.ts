import Router from 'find-my-way'

/** The methods that the providers use. */
export type RouteMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** One method on one path. `path` is a find-my-way pattern: `/v2/images/:id`. */
export interface Route<Handler> {
  readonly method: RouteMethod
  readonly path: string
  readonly handler: Handler
}

/** What a path leads to: a handler with the path's decoded parameters, other methods only (for a 405), or nothing. */
export type RouteMatch<Handler> =
  | { readonly kind: 'handler'; readonly handler: Handler; readonly params: Readonly<Record<string, string>> }
  | { readonly kind: 'other-methods'; readonly methods: readonly RouteMethod[] }
  | { readonly kind: 'nothing' }

/** The longest parameter in a path, in characters: a name of 255 percent-encoded ones fits. */
const longestParameter = 4096

/** Looks routes up. A path parameter that cannot be decoded leads to nothing. */
export const router = <Handler>(
  routes: readonly Route<Handler>[],
): ((method: string, path: string) => RouteMatch<Handler>) => {
  const tree = Router({ maxParamLength: longestParameter })
  // The tree's own handlers only stand for the routes, so that theirs can have any type.
  const handlers = new Map<unknown, Handler>()
  for (const { method, path, handler } of routes) {
    const token = () => undefined
    handlers.set(token, handler)
    tree.on(method, path, token)
  }
  const methods = [...new Set(routes.map(({ method }) => method))]

  const find = (method: RouteMethod, path: string): RouteMatch<Handler> => {
    const found = tree.find(method, path)
    const handler = handlers.get(found?.handler)
    if (found === null || handler === undefined) return { kind: 'nothing' }
    const params = Object.entries(found.params).map(([name, value]) => [name, value ?? ''])
    return { kind: 'handler', handler, params: Object.fromEntries(params) }
  }

  return (method, path) => {
    const own = methods.find((known) => known === method)
    const match: RouteMatch<Handler> = own === undefined ? { kind: 'nothing' } : find(own, path)
    if (match.kind === 'handler') return match
    const others = methods.filter((known) => find(known, path).kind === 'handler')
    return others.length === 0 ? match : { kind: 'other-methods', methods: others }
  }
}
