import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { HttpClient } from '../../src/http/client.ts'
import type { ImageQuery } from '../../src/model/query.ts'
import type { ImageRef } from '../../src/model/ref.ts'
import { regionId } from '../../src/model/region.ts'
import { keptOnceKnown } from '../../src/store/kept-once-known.ts'
import { keysInDoubt } from '../../src/store/keys-in-doubt.ts'
import type { Call } from '../../src/store/member.ts'
import type { Cursor, Page } from '../../src/store/page.ts'
import type { Runtime } from '../../src/store/runtime.ts'
import type { StoreTask } from '../../src/store/store-task.ts'
import { accepting } from './accepting.ts'
import { begunTasks } from './begun-tasks.ts'
import { capturing } from './capturing.ts'
import { deleting } from './deleting.ts'
import { followedOperations } from './followed.ts'
import { following } from './following.ts'
import { checkingGuesses, guessedTasks } from './guessed-tasks.ts'
import { type Account, imageId } from './ids.ts'
import { importing } from './importing.ts'
import { keyedWork } from './keys.ts'
import { listings } from './listing.ts'
import type { Making } from './making.ts'
import { operationLookups } from './operations.ts'
import type { quotas } from './quota.ts'
import type { resolving } from './resolving.ts'
import { updating } from './updating.ts'

/** What the work of an account's members is made from. */
export interface ServiceParts {
  readonly http: HttpClient
  readonly runtime: Runtime
  readonly names: ReturnType<typeof resolving>
  readonly quota: ReturnType<typeof quotas>
  /** The regions that the caller has chosen, by id or by name; absent for all. */
  readonly regions: readonly string[] | undefined
}

/** Pages of a listing, with the regions of the options and of the query called by their ids. */
const pagesOf =
  ({ http, names, regions }: ServiceParts, account: Account) =>
  (query: ImageQuery, at: Cursor | undefined) =>
  (call: Call): StoreTask<Page> =>
    pipe(
      TE.Do,
      // A cursor names the regions that are still to come.
      TE.bind('chosen', () =>
        regions === undefined || at !== undefined ? TE.right(undefined) : names.regionsOf(regions, call),
      ),
      TE.bind('wanted', () =>
        query.regions === undefined ? TE.right(undefined) : names.regionsAmong(query.regions, call, at !== undefined),
      ),
      TE.flatMap(({ chosen, wanted }) =>
        listings(account, http, chosen).listPage({ ...query, regions: wanted?.map(regionId) }, at)(call),
      ),
    )

/** What the members of a store do, once it is known which project it is for. */
const servicesFor = (parts: ServiceParts, account: Account) => {
  const { http, runtime, quota } = parts
  const begun = begunTasks()
  const listPage = pagesOf(parts, account)
  const operations = operationLookups(account, http, runtime, listings(account, http, undefined).ownImages)
  const keys = keyedWork({ account, runtime, begun, listPage, ...operations })
  const followed = followedOperations()
  const inDoubt = keysInDoubt(runtime)
  const guessed = guessedTasks()
  const deleteImage = deleting({ account, http, runtime, read: operations.readImage, readTask: operations.readTask })
  const remove = (image: ImageRef, call: Call) =>
    pipe(
      TE.fromEither(imageId(account)(image)),
      TE.flatMap((id) => deleteImage(id)(call)),
    )
  const getOperations = checkingGuesses(
    { account, guessed, read: operations.readImage },
    following({ runtime, followed, keys, remove }, operations.lookUp),
  )
  const making: Making = {
    account,
    checkRoom: quota.checkRoom,
    accept: accepting({ account, http, runtime, begun, guessed, inDoubt }),
    begunBefore: keys.begunBefore,
    begunFirst: keys.begunFirst,
    shownSince: keys.shownSince,
    getOperations,
    followed,
    inDoubt,
    runtime,
  }
  return {
    account,
    listPage,
    ...operations,
    findOperations: keys.findOperations,
    importFromUrl: importing(making),
    createFromVolume: capturing(making),
    update: updating(account, http, runtime, operations.readImage),
    delete: deleteImage,
    getOperations,
  }
}

/** What the members of a store do. */
export type Services = ReturnType<typeof servicesFor>

/** The work of the members, made when the project is known: it is looked for by its name when a member is run first. */
export const servicesOf = (parts: ServiceParts): ((call: Call) => StoreTask<Services>) =>
  keptOnceKnown((call: Call) =>
    pipe(
      parts.names.accountOf(call),
      TE.map((account) => servicesFor(parts, account)),
    ),
  )
