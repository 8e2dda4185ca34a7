import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { HttpClient } from '../../src/http/client.ts'
import { ImageStoreError } from '../../src/model/error.ts'
import { presentText } from '../../src/model/text.ts'
import { keptOnceKnown } from '../../src/store/kept-once-known.ts'
import type { Call } from '../../src/store/member.ts'
import type { StoreTask } from '../../src/store/store-task.ts'
import { allRows, rowsPerPage } from './all-rows.ts'
import { isIdOrName } from './field-rules.ts'
import { type Account, numericId } from './ids.ts'
import { idByName, idIfNamed, type Named, type NamedThing } from './names.ts'
import * as Wire from './wire.ts'

/** The regions as the list of them tells them. Source: fact sheet §8. */
export const regionRows =
  (http: HttpClient) =>
  (call: Call): StoreTask<readonly Wire.Region[]> =>
    allRows('regions', (offset) =>
      http.get('/cloud/v1/regions', Wire.RegionList, { ...call, query: { limit: rowsPerPage, offset } }),
    )

/** What is about to go, or has gone, is not called by its name any more. Source: RegionState. */
const isGone = (state: string | null | undefined): boolean => /^delet(ed|ing)$/i.test(state ?? '')

/** Of the states of a project only `ACTIVE` is published; a word that nobody knows keeps none from being used. */
const isProject = ({ state, deleted_at }: Wire.Project): boolean =>
  !isGone(state) && state?.toUpperCase() !== 'INACTIVE' && presentText(deleted_at) === undefined

const named = (id: string | number, ...names: readonly (string | null | undefined)[]): Named => ({
  id: String(id),
  names: names.flatMap((name) => presentText(name) ?? []),
})

/** The server's own filter by name is not used: what it takes for the same name is not published. Source: fact sheet §8. */
const projectRows = (http: HttpClient, call: Call): StoreTask<readonly Wire.Project[]> =>
  allRows('projects', (offset) =>
    http.get('/cloud/v1/projects', Wire.ProjectList, { ...call, query: { limit: rowsPerPage, offset } }),
  )

/** Why a text can be neither an id nor a name, as the error of a call. */
export const checkIdOrName = (what: NamedThing, given: unknown): E.Either<ImageStoreError, string> => {
  if (isIdOrName(given)) return E.right(String(given))
  const reason = `${JSON.stringify(given)} is neither the id of a Gcore ${what}, such as 76, nor its name`
  return E.left(new ImageStoreError('invalid-argument', reason, { fields: { [what]: reason } }))
}

const isMissing = (what: NamedThing, given: string, all: readonly Named[]): boolean => {
  const found = idIfNamed(what, given, all)
  return E.isRight(found) && found.right === undefined
}

/**
 * Finds projects and regions by what callers call them: an id (a text that has the form of one is one), or a name; of a region
 * also the slug. Ids are taken as they are. For the first name of either kind all of that kind are listed; they are
 * kept, and listed once more where a name is not among them.
 */
export const resolving = (store: string, http: HttpClient, project: string) => {
  const projects = keptOnceKnown((call) =>
    pipe(
      projectRows(http, call),
      TE.map((rows) => rows.filter(isProject).map(({ id, name }) => named(id, name))),
    ),
  )
  const regions = keptOnceKnown((call) =>
    pipe(
      regionRows(http)(call),
      TE.map((rows) =>
        rows.filter(({ state }) => !isGone(state)).map(({ id, display_name, slug }) => named(id, display_name, slug)),
      ),
    ),
  )

  /**
   * All among which a name is looked for. A name that was not there when they were listed may be there by now: before it is said to
   * be none, they are listed once more, unless that has just been done.
   */
  const allFor = (what: NamedThing, given: string, call: Call): StoreTask<readonly Named[]> => {
    const kept = what === 'project' ? projects : regions
    return pipe(
      TE.fromIO<readonly Named[] | undefined, ImageStoreError>(kept.known),
      TE.flatMap((before) =>
        pipe(
          kept(call),
          TE.flatMap((all) =>
            before === all && isMissing(what, given, all) ? kept.renewed(all, call) : TE.right(all),
          ),
        ),
      ),
    )
  }

  const idOf = (what: NamedThing, given: string, call: Call): StoreTask<string> =>
    numericId.test(given)
      ? TE.right(given)
      : pipe(
          allFor(what, given, call),
          TE.flatMapEither((all) => idByName(what, given, all)),
        )

  const regionOf = (region: string, call: Call): StoreTask<string> =>
    pipe(
      TE.fromEither(checkIdOrName('region', region)),
      TE.flatMap((given) => idOf('region', given, call)),
    )

  /** The id of a region that a query names; absent where none has the name. */
  const idAmong = (region: string, call: Call, isGoingOn: boolean): StoreTask<string | undefined> =>
    numericId.test(region)
      ? TE.right(region)
      : pipe(
          // To look again at every page of a listing would not change what it visits: its cursor says that.
          isGoingOn ? regions(call) : allFor('region', region, call),
          TE.flatMapEither((all) => idIfNamed('region', region, all)),
        )

  return {
    /** The account, with the project's id. */
    accountOf: (call: Call): StoreTask<Account> =>
      pipe(
        idOf('project', project, call),
        TE.map((projectId) => ({ store, projectId })),
      ),

    /** The id of a region. Fails with `invalid-argument` for a name that none has, or several. */
    regionOf,

    /** The ids of regions, each once. */
    regionsOf: (wanted: readonly string[], call: Call): StoreTask<readonly string[]> =>
      pipe(
        wanted,
        TE.traverseSeqArray((region) => regionOf(region, call)),
        TE.map((ids) => [...new Set(ids)]),
      ),

    /**
     * The ids of the regions that a query names, each once; `isGoingOn` where a cursor has decided what is visited. A name that none
     * has narrows the listing to nothing, as an id that none has does: the same query may go to stores of other providers. Fails
     * with `invalid-argument` for a name that several have.
     */
    regionsAmong: (wanted: readonly string[], call: Call, isGoingOn: boolean): StoreTask<readonly string[]> =>
      pipe(
        wanted,
        TE.traverseSeqArray((region) => idAmong(region, call, isGoingOn)),
        TE.map((ids) => [...new Set(ids.flatMap((id) => id ?? []))]),
      ),
  }
}
