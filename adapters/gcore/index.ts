import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { httpClient } from '../../src/http/client.ts'
import { ImageStoreError } from '../../src/model/error.ts'
import { checkStoreOptions } from '../../src/store/adapter-options.ts'
import { explainLookups } from '../../src/store/explain-lookups.ts'
import type { ImageStore } from '../../src/store/image-store.ts'
import { memberOf, refuseAll } from '../../src/store/member.ts'
import { type Runtime, systemRuntime } from '../../src/store/runtime.ts'
import { capabilities } from './capabilities.ts'
import { deleting } from './deleting.ts'
import { readError } from './errors.ts'
import { type Account, imageId, numericId } from './ids.ts'
import { provider } from './image.ts'
import { importing } from './importing.ts'
import { listings } from './listing.ts'
import { operationLookups } from './operations.ts'
import { quotas } from './quota.ts'
import { checkRegion, checkRegions } from './regional.ts'
import { updating } from './updating.ts'

/** What a store for a Gcore project is made from. */
export interface GcoreOptions {
  /** A permanent API token, such as `1234$abcdef`. */
  readonly apiKey: string
  /** The project's number. */
  readonly projectId: number | string
  /** The numbers of the regions to list; all that hold VM images unless told. Other calls go wherever the ref says. */
  readonly regions?: readonly (number | string)[] | undefined
  /** Where the API is; `https://api.gcore.com` unless told. */
  readonly baseUrl?: string | undefined
  /** The name of the store in refs, where there are several projects; `gcore` unless told. */
  readonly name?: string | undefined
  /** Time and chance; the machine's own unless told. */
  readonly runtime?: Runtime | undefined
}

const projectIdOf = (store: string, projectId: number | string): string => {
  if (numericId.test(String(projectId))) return String(projectId)
  const reason = `${JSON.stringify(projectId)} is not the number of a Gcore project`
  throw new ImageStoreError('invalid-argument', reason, { store, fields: { projectId: reason } })
}

/**
 * The images of one Gcore project, in all its regions as one store. Fails at once, with a thrown `invalid-argument` error,
 * for options that can never work. Sends nothing until a member is run.
 */
export const gcore = ({
  apiKey,
  projectId,
  regions,
  baseUrl = 'https://api.gcore.com',
  name = provider,
  runtime = systemRuntime,
}: GcoreOptions): ImageStore => {
  checkStoreOptions({ name, baseUrl, credentials: { apiKey } })
  const account: Account = { store: name, projectId: projectIdOf(name, projectId) }
  const http = httpClient({
    baseUrl,
    authorization: `APIKey ${apiKey}`,
    secrets: [apiKey],
    runtime,
    readError,
  })
  const member = memberOf({ name, capabilities, runtime })
  const lists = listings(account, http, checkRegions(name, regions))
  const operations = operationLookups(account, http, lists.ownImages)
  const { readQuota, checkRoom } = quotas(http)
  const importFromUrl = importing(account, http, runtime, checkRoom)
  const update = updating(account, http, operations.readImage)
  const deleteImage = deleting(account, http, operations.readImage)

  return {
    name,
    provider,
    capabilities,

    can: (operation, image) => {
      if (!capabilities.operations[operation].supported) return false
      if (image === undefined || (operation !== 'delete' && operation !== 'update')) return true
      const isOwn = image.visibility !== 'public'
      return isOwn && image.lockedBy === undefined && image.status !== 'deleted' && image.status !== 'deleting'
    },

    listPage: (query = {}, cursor, options) => member('listPage', options, lists.listPage(query, cursor)),

    get: (ref, options) =>
      member('get', options, (call) =>
        pipe(
          TE.fromEither(imageId(account)(ref)),
          TE.flatMap(({ region, image }) => operations.readImage(region, image, call)),
          TE.filterOrElse(
            ({ status }) => status !== 'deleted',
            () => new ImageStoreError('not-found', `${ref} has been deleted`, { status: 200 }),
          ),
        ),
      ),

    importFromUrl: (spec, options) => member('importFromUrl', options, importFromUrl(spec)),

    update: (ref, patch, options) =>
      member('update', options, (call) =>
        pipe(
          TE.fromEither(imageId(account)(ref)),
          TE.flatMap((id) => update(id, patch)(call)),
        ),
      ),

    delete: (ref, options) =>
      member('delete', options, (call) =>
        pipe(
          TE.fromEither(imageId(account)(ref)),
          TE.flatMap((id) => deleteImage(id)(call)),
        ),
      ),

    getOperations: (refs, options) =>
      member('getOperations', options, (call) =>
        pipe(operations.getOperations(refs)(call), TE.map(explainLookups(call))),
      ),

    listRegions: (options) => member('listRegions', options, lists.listRegions),

    quota: (region, options) =>
      member('quota', options, (call) =>
        pipe(
          TE.fromEither(checkRegion(region)),
          TE.flatMap((id) => readQuota(id, call)),
        ),
      ),

    ...refuseAll(member, ['findOperations', 'replicate', 'createFromServer', 'createFromVolume', 'createFromBackup']),
  }
}
