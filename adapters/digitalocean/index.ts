import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { httpClient } from '../../src/http/client.ts'
import { type Connection, checkConnection } from '../../src/http/connection.ts'
import { partsOfLooks } from '../../src/http/parts-of-looks.ts'
import { shownResults } from '../../src/http/shown-results.ts'
import { storeSecrets } from '../../src/http/store-secrets.ts'
import { ImageStoreError } from '../../src/model/error.ts'
import { checkStoreOptions } from '../../src/store/adapter-options.ts'
import { supports } from '../../src/store/capabilities.ts'
import type { StoreObserver } from '../../src/store/event.ts'
import { explainLookups } from '../../src/store/explain-lookups.ts'
import type { ImageStore } from '../../src/store/image-store.ts'
import { keysInDoubt } from '../../src/store/keys-in-doubt.ts'
import { memberOf, refuseAll } from '../../src/store/member.ts'
import { oneAtATime } from '../../src/store/one-at-a-time.ts'
import type { Operation } from '../../src/store/operation.ts'
import type { RequestBudget } from '../../src/store/request-budget.ts'
import { checkQuery } from '../../src/store/request-shapes.ts'
import { type Runtime, systemRuntime } from '../../src/store/runtime.ts'
import { budgetOf } from '../../src/store/shared-budget.ts'
import { tellingEverybody } from '../../src/store/telling.ts'
import { actionLookups } from './action-lookup.ts'
import { begunCaptures } from './begun-captures.ts'
import { begunUnderKeys } from './begun-under-keys.ts'
import { canWith } from './can.ts'
import { capabilities } from './capabilities.ts'
import { captureLookups } from './capture-lookup.ts'
import { capturing } from './capturing.ts'
import { converging } from './converging.ts'
import { deleting } from './deleting.ts'
import { droplets } from './droplets.ts'
import { readError } from './errors.ts'
import { freshImages } from './fresh-images.ts'
import { freshOperations } from './fresh-operations.ts'
import { imageId, imageIdOrSlug } from './ids.ts'
import { provider } from './image.ts'
import { importing } from './importing.ts'
import { keyedOperations } from './keys.ts'
import { knownAnswers } from './known-answers.ts'
import { listings } from './listing.ts'
import { operationLookups } from './operations.ts'
import { replicating } from './replicating.ts'
import { updating } from './updating.ts'

/** What DigitalOcean can do, as every store of it says, without a token. */
export { capabilities as digitalOceanCapabilities } from './capabilities.ts'

/** What a store for a DigitalOcean account is made from. */
export interface DigitalOceanOptions {
  /** A personal access token or an OAuth token. Its scopes decide what works; the errors name the missing one. */
  readonly token: string
  /** Where the API is; `https://api.digitalocean.com` unless told. */
  readonly baseUrl?: string | undefined
  /** The name of the store in refs, where there are several accounts; `digitalocean` unless told. */
  readonly name?: string | undefined
  /**
   * What requests take their turns from. Unless told, that of the token: 240 in any 60 seconds, fewer where the hour's limit runs
   * short, for all stores of this process that use it on the same runtime. `unlimited` only keeps to what the provider asks for.
   */
  readonly budget?: RequestBudget | 'unlimited' | undefined
  /**
   * Is told of what the store does: calls, requests, retries, pauses, lost answers, and what the provider sends that is not known
   * (docs/events.md). Everything goes to `node:diagnostics_channel` as well.
   */
  readonly observer?: StoreObserver | undefined
  /** How requests leave this machine: a proxy, further authorities, or an agent of the caller's; by its own settings unless told. */
  readonly connection?: Connection | undefined
  /** Time and chance; the machine's own unless told. */
  readonly runtime?: Runtime | undefined
}

/** Ten a minute below the provider's limit, for others who use the token. Source: fact sheet §11. */
const requestsPerMinute = 240

/** Source: fact sheet §11. */
const limitHeaders = { limit: 'ratelimit-limit', remaining: 'ratelimit-remaining', reset: 'ratelimit-reset' }

/**
 * The images of one DigitalOcean account. Fails at once, with a thrown `invalid-argument` error, for options that can
 * never work (an empty token, a base URL that is none). Sends nothing until a member is run.
 */
export const digitalOcean = ({
  token,
  baseUrl = 'https://api.digitalocean.com',
  name = provider,
  budget,
  observer,
  connection,
  runtime = systemRuntime,
}: DigitalOceanOptions): ImageStore => {
  checkStoreOptions({ name, baseUrl, credentials: { token } })
  checkConnection(name, baseUrl, connection)
  const secrets = storeSecrets([token])
  const requests = budgetOf(budget, baseUrl, token, runtime, { requests: requestsPerMinute })
  const client = httpClient({
    baseUrl,
    authorization: `Bearer ${token}`,
    secrets,
    connection,
    runtime,
    readError,
    known: knownAnswers,
    budget: requests,
    limitHeaders,
  })
  const http = partsOfLooks(client, runtime)
  const member = memberOf({ name, capabilities, runtime, tell: tellingEverybody(observer) })
  const unlisted = begunCaptures(runtime)
  const lists = listings(name, http, unlisted.noteListed)
  const actions = actionLookups(name, http)
  const servers = droplets(http)
  const captures = captureLookups(name, servers, runtime)
  const operations = operationLookups(name, http, lists, actions, captures)
  const newImages = freshImages(http, runtime)
  const remove = deleting(name, http, operations.read, newImages, runtime)
  const keys = keyedOperations(name, lists, captures, newImages, unlisted, converging(name, remove))
  const begun = begunUnderKeys(keys, runtime)
  const inDoubt = keysInDoubt(runtime)
  const importFromUrl = importing(name, http, lists, keys, newImages, begun, inDoubt, runtime)
  const createFromServer = capturing(name, http, servers, keys, unlisted, begun, inDoubt, runtime)
  const update = updating(http, operations.read, runtime)
  const fresh = freshOperations(runtime)
  const noting = TE.tapIO((operation: Operation) => () => fresh.note(operation))
  const inTurn = oneAtATime()
  const { replicate, createFromBackup } = replicating(name, http, operations.read, actions, runtime)

  const store: ImageStore = {
    name,
    provider,
    capabilities,
    requestsLeft: requests.left,

    can: (operation, image) => supports(capabilities, operation) && (image === undefined || canWith(operation, image)),

    listPage: (query = {}, cursor, options) =>
      member('listPage', options, (call) =>
        pipe(
          TE.fromEither(checkQuery(query)),
          TE.flatMap(() => lists.listPage(query, cursor)(call)),
        ),
      ),

    get: (ref, options) =>
      member('get', options, (call) =>
        pipe(
          TE.fromEither(imageIdOrSlug(name)(ref)),
          TE.flatMap((id) => operations.read(id, call)),
          // A deleted image may still be read for a while, with status `deleted` and no reason (fact sheet §3).
          TE.filterOrElse(
            ({ status }) => status !== 'deleted',
            () => new ImageStoreError('not-found', `${ref} has been deleted`, { status: 200 }),
          ),
        ),
      ),

    importFromUrl: (spec, options) =>
      member('importFromUrl', options, (call) =>
        noting(inTurn(spec.key, call, importFromUrl(spec)(secrets.ofSource(call, spec.url)))),
      ),

    findOperations: (key, options) => member('findOperations', options, keys.findOperations(key)),

    update: (ref, patch, options) =>
      member('update', options, (call) =>
        pipe(
          TE.fromEither(imageId(name)(ref)),
          TE.flatMap((id) => update(id, patch)(call)),
        ),
      ),

    replicate: (ref, regions, options) =>
      member('replicate', options, (call) =>
        pipe(
          TE.fromEither(imageId(name)(ref)),
          TE.flatMap((id) => replicate(id, regions)(call)),
          TE.tapIO((begun) => () => begun.forEach(fresh.note)),
        ),
      ),

    createFromServer: (spec, options) =>
      member('createFromServer', options, (call) => noting(inTurn(spec.key, call, createFromServer(spec)(call)))),

    createFromBackup: (ref, options) =>
      member('createFromBackup', options, (call) =>
        pipe(
          TE.fromEither(imageId(name)(ref)),
          TE.flatMap((id) => noting(createFromBackup(id)(call))),
        ),
      ),

    delete: (ref, options) =>
      member('delete', options, (call) =>
        pipe(
          TE.fromEither(imageId(name)(ref)),
          TE.flatMap((id) =>
            pipe(
              remove(id)(call),
              TE.tapIO(() => () => {
                fresh.forget(ref)
                begun.forget(ref)
              }),
            ),
          ),
        ),
      ),

    getOperations: (refs, options) =>
      member('getOperations', options, (call) =>
        pipe(
          operations.getOperations(refs)(call),
          TE.tapIO((lookups) => () => lookups.forEach(unlisted.noteSeen)),
          TE.map((lookups) => lookups.map(fresh.orAsBegun)),
          TE.flatMapTask((lookups) => begun.settled(lookups)(call)),
          TE.map(explainLookups(call)),
        ),
      ),

    listRegions: (options) => member('listRegions', options, lists.listRegions),

    ...refuseAll(member, ['createFromVolume', 'quota']),
  }
  return shownResults(store, secrets)
}
