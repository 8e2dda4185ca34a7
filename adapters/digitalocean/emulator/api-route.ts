import type { Route } from '../../../src/emulator/router.ts'
import type { ApiHandler } from './reply.ts'
import type { DigitalOceanScope } from './scopes.ts'

/** A route of the API and the scopes that a token needs for it, all of them. */
export interface ApiRoute extends Route<ApiHandler> {
  readonly scopes: readonly DigitalOceanScope[]
}
