import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { httpClient } from '../../src/http/client.ts'
import { ImageStoreError } from '../../src/model/error.ts'
import { checkStoreOptions } from '../../src/store/adapter-options.ts'
import { supports } from '../../src/store/capabilities.ts'
import { explainLookups } from '../../src/store/explain-lookups.ts'
import type { ImageStore } from '../../src/store/image-store.ts'
import { memberOf, refuseAll } from '../../src/store/member.ts'
import { oneAtATime } from '../../src/store/one-at-a-time.ts'
import type { Operation } from '../../src/store/operation.ts'
import { checkQuery } from '../../src/store/request-shapes.ts'
import { type Runtime, systemRuntime } from '../../src/store/runtime.ts'
import { actionLookups } from './action-lookup.ts'
import { begunCaptures } from './begun-captures.ts'
import { canWith } from './can.ts'
import { capabilities } from './capabilities.ts'
import { captureLookups } from './capture-lookup.ts'
import { capturing } from './capturing.ts'
import { deleting } from './deleting.ts'
import { droplets } from './droplets.ts'
import { readError } from './errors.ts'
import { freshImages } from './fresh-images.ts'
import { freshOperations } from './fresh-operations.ts'
import { imageId, imageIdOrSlug } from './ids.ts'
import { provider } from './image.ts'
import { importing } from './importing.ts'
import { keyedOperations } from './keys.ts'
import { listings } from './listing.ts'
import { operationLookups } from './operations.ts'
import { replicating } from './replicating.ts'
import { updating } from './updating.ts'

/** What a store for a DigitalOcean account is made from. */
export interface DigitalOceanOptions {
  /** A personal access token or an OAuth token. Its scopes decide what works; the errors name the missing one. */
  readonly token: string
  /** Where the API is; `https://api.digitalocean.com` unless told. */
  readonly baseUrl?: string | undefined
  /** The name of the store in refs, where there are several accounts; `digitalocean` unless told. */
  readonly name?: string | undefined
  /** Time and chance; the machine's own unless told. */
  readonly runtime?: Runtime | undefined
}

/**
 * The images of one DigitalOcean account. Fails at once, with a thrown `invalid-argument` error, for options that can
 * never work (an empty token, a base URL that is none). Sends nothing until a member is run.
 */
export const digitalOcean = ({
  token,
  baseUrl = 'https://api.digitalocean.com',
  name = provider,
  runtime = systemRuntime,
}: DigitalOceanOptions): ImageStore => {
  checkStoreOptions({ name, baseUrl, credentials: { token } })
  const http = httpClient({
    baseUrl,
    authorization: `Bearer ${token}`,
    secrets: [token],
    runtime,
    readError,
    // The hour's limit answers without Retry-After; this is when its oldest request expires (fact sheet §11).
    limitResetHeader: 'ratelimit-reset',
  })
  const member = memberOf({ name, capabilities, runtime })
  const unlisted = begunCaptures(runtime)
  const lists = listings(name, http, unlisted.noteListed)
  const actions = actionLookups(name, http)
  const servers = droplets(http)
  const captures = captureLookups(name, servers, runtime)
  const operations = operationLookups(name, http, lists, actions, captures)
  const newImages = freshImages(http, runtime)
  const keys = keyedOperations(name, lists, captures, newImages, unlisted)
  const importFromUrl = importing(name, http, lists, keys, newImages, runtime)
  const createFromServer = capturing(name, http, servers, keys, unlisted, runtime)
  const remove = deleting(name, http, operations.read)
  const update = updating(http, operations.read, runtime)
  const fresh = freshOperations(runtime)
  const noting = TE.tapIO((operation: Operation) => () => fresh.note(operation))
  const inTurn = oneAtATime()
  const { replicate, createFromBackup } = replicating(name, http, operations.read, actions, runtime)

  return {
    name,
    provider,
    capabilities,

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
      member('importFromUrl', options, (call) => noting(inTurn(spec.key, call, importFromUrl(spec)(call)))),

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
              TE.tapIO(() => () => fresh.forget(ref)),
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
          TE.map(explainLookups(call)),
        ),
      ),

    listRegions: (options) => member('listRegions', options, lists.listRegions),

    ...refuseAll(member, ['createFromVolume', 'quota']),
  }
}
