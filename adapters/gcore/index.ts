import * as E from 'fp-ts/lib/Either.js'
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
import { type Call, memberOf, refuseAll } from '../../src/store/member.ts'
import { oneAtATime } from '../../src/store/one-at-a-time.ts'
import type { RequestBudget } from '../../src/store/request-budget.ts'
import { checkQuery } from '../../src/store/request-shapes.ts'
import { type Runtime, systemRuntime } from '../../src/store/runtime.ts'
import { budgetOf } from '../../src/store/shared-budget.ts'
import type { StoreTask } from '../../src/store/store-task.ts'
import { tellingEverybody } from '../../src/store/telling.ts'
import { capabilities } from './capabilities.ts'
import { toCapture } from './capture-body.ts'
import { readError } from './errors.ts'
import { imageId, operationId } from './ids.ts'
import { provider } from './image.ts'
import { toImport } from './import-body.ts'
import { checkKey } from './key-tag.ts'
import { knownAnswers } from './known-answers.ts'
import { notLookedUp } from './not-looked-up.ts'
import { quotas } from './quota.ts'
import { checkRegions } from './regional.ts'
import { toRegion } from './regions.ts'
import { checkIdOrName, regionRows, resolving } from './resolving.ts'
import { type Services, servicesOf } from './services.ts'
import { toUpdate } from './update-body.ts'

/** What Gcore can do, as every store of it says, without an API key. */
export { capabilities as gcoreCapabilities } from './capabilities.ts'

/** What a store for a Gcore project is made from. */
export interface GcoreOptions {
  /** A permanent API token, such as `1234$abcdef`. */
  readonly apiKey: string
  /** The project, by its number or its name. A text that has the form of a number is one. */
  readonly project: number | string
  /**
   * The regions to list, by number, name or slug; all that hold images unless told. Other calls go wherever the ref says. A
   * look-up by an operation key reads each of them, so that a store of many keys had better name its few.
   */
  readonly regions?: readonly (number | string)[] | undefined
  /** Where the API is; `https://api.gcore.com` unless told. */
  readonly baseUrl?: string | undefined
  /** The name of the store in refs, where there are several projects; `gcore` unless told. */
  readonly name?: string | undefined
  /**
   * What requests take their turns from. Unless told, that of the API key, for all stores of this process that use it on the same
   * runtime: no limit is published, so it keeps to what the provider asks for. `unlimited` shares not even that with other stores.
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

const projectOf = (store: string, project: unknown): string => {
  const checked = checkIdOrName('project', project)
  if (E.isRight(checked)) return checked.right
  throw new ImageStoreError('invalid-argument', checked.left.message, { store, fields: checked.left.fields })
}

/**
 * The images of one Gcore project, in all its regions as one store. Fails at once, with a thrown `invalid-argument` error,
 * for options that can never work. Sends nothing until a member is run; a project or a region that is called by its name is then
 * looked for, once. Names that none has, or several, are `invalid-argument`.
 */
export const gcore = ({
  apiKey,
  project,
  regions,
  baseUrl = 'https://api.gcore.com',
  name = provider,
  budget,
  observer,
  connection,
  runtime = systemRuntime,
}: GcoreOptions): ImageStore => {
  checkStoreOptions({ name, baseUrl, credentials: { apiKey } })
  checkConnection(name, baseUrl, connection)
  const secrets = storeSecrets([apiKey])
  const requests = budgetOf(budget, baseUrl, apiKey, runtime, {})
  const client = httpClient({
    baseUrl,
    authorization: `APIKey ${apiKey}`,
    secrets,
    connection,
    runtime,
    readError,
    known: knownAnswers,
    budget: requests,
  })
  const http = partsOfLooks(client, runtime)
  const member = memberOf({ name, capabilities, runtime, tell: tellingEverybody(observer) })
  const names = resolving(name, http, projectOf(name, project))
  const quota = quotas(http, runtime)
  const inTurn = oneAtATime()
  const services = servicesOf({ http, runtime, names, quota, regions: checkRegions(name, regions) })
  /** What can be read of a ref before the project is known. */
  const reader = { store: name }

  /** Does something in the project, once what can be checked without it has been. */
  const within = <A>(
    call: Call,
    checked: E.Either<ImageStoreError, unknown>,
    use: (found: Services) => StoreTask<A>,
  ): StoreTask<A> =>
    pipe(
      TE.fromEither(checked),
      TE.flatMap(() => services(call)),
      TE.flatMap(use),
    )

  const store: ImageStore = {
    name,
    provider,
    capabilities,
    requestsLeft: requests.left,

    can: (operation, image) => {
      if (!supports(capabilities, operation)) return false
      if (image === undefined || (operation !== 'delete' && operation !== 'update')) return true
      const isOwn = image.visibility !== 'public'
      return isOwn && image.lockedBy === undefined && image.status !== 'deleted' && image.status !== 'deleting'
    },

    listPage: (query = {}, cursor, options) =>
      member('listPage', options, (call) =>
        within(call, checkQuery(query), ({ listPage }) => listPage(query, cursor)(call)),
      ),

    get: (ref, options) =>
      member('get', options, (call) =>
        within(call, imageId(reader)(ref), ({ account, readImage }) =>
          pipe(
            TE.fromEither(imageId(account)(ref)),
            TE.flatMap((id) => readImage(id, call, options?.withPrices)),
            TE.filterOrElse(
              ({ status }) => status !== 'deleted',
              () => new ImageStoreError('not-found', `${ref} has been deleted`, { status: 200 }),
            ),
          ),
        ),
      ),

    importFromUrl: (spec, options) =>
      member('importFromUrl', options, (call) =>
        within(call, toImport(spec), ({ importFromUrl }) =>
          pipe(
            names.regionOf(spec.region, call),
            TE.flatMap((region) =>
              inTurn(spec.key, call, importFromUrl(spec, region)(secrets.ofSource(call, spec.url))),
            ),
          ),
        ),
      ),

    createFromVolume: (spec, options) =>
      member('createFromVolume', options, (call) =>
        within(call, toCapture(spec), ({ createFromVolume }) =>
          pipe(
            names.regionOf(spec.region ?? '', call),
            TE.flatMap((region) => inTurn(spec.key, call, createFromVolume(spec, region)(call))),
          ),
        ),
      ),

    findOperations: (key, options) =>
      member('findOperations', options, (call) =>
        within(call, checkKey(key), ({ findOperations }) => findOperations(key)(call)),
      ),

    update: (ref, patch, options) =>
      member('update', options, (call) =>
        within(
          call,
          pipe(
            imageId(reader)(ref),
            E.flatMap((id) => toUpdate(patch, id)),
          ),
          ({ account, update }) =>
            pipe(
              TE.fromEither(imageId(account)(ref)),
              TE.flatMap((id) => update(id, patch)(call)),
            ),
        ),
      ),

    delete: (ref, options) =>
      member('delete', options, (call) =>
        within(call, imageId(reader)(ref), (found) =>
          pipe(
            TE.fromEither(imageId(found.account)(ref)),
            TE.flatMap((id) => found.delete(id)(call)),
          ),
        ),
      ),

    getOperations: (refs, options) =>
      member('getOperations', options, (call) => {
        const noneToLookUp = new ImageStoreError('invalid-argument', 'None of these is an operation of Gcore')
        const hasAny = refs.some((ref) => E.isRight(operationId(reader)(ref)))
        return pipe(
          within(call, hasAny ? E.right(refs) : E.left(noneToLookUp), ({ getOperations }) => getOperations(refs)(call)),
          TE.orElse((error) => TE.right(notLookedUp(reader, refs, error))),
          TE.map(explainLookups(call)),
        )
      }),

    listRegions: (options) =>
      member('listRegions', options, (call) =>
        pipe(
          regionRows(http)(call),
          TE.map((rows) => rows.map(toRegion)),
        ),
      ),

    quota: (region, options) =>
      member('quota', options, (call) =>
        pipe(
          names.regionOf(region, call),
          TE.flatMap((id) => quota.readQuota(id, call)),
        ),
      ),

    ...refuseAll(member, ['replicate', 'createFromServer', 'createFromBackup']),
  }
  return shownResults(store, secrets)
}
