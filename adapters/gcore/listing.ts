import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { HttpClient } from '../../src/http/client.ts'
import type { QueryParameters } from '../../src/http/path.ts'
import type { Image } from '../../src/model/image.ts'
import type { ImageQuery } from '../../src/model/query.ts'
import { regionId } from '../../src/model/region.ts'
import type { Call } from '../../src/store/member.ts'
import { type Cursor, type Page, pageOf } from '../../src/store/page.ts'
import type { StoreTask } from '../../src/store/store-task.ts'
import { holdingsOf, mayHoldAny, stopsIn } from './holdings.ts'
import type { Account } from './ids.ts'
import { imageLists, type ListedRows } from './image-lists.ts'
import { filtersOf } from './list-filters.ts'
import { checkStops, cursorsAhead, parseCursor, type Stop } from './regional.ts'
import { regionRows } from './resolving.ts'

/** The listings of one project: region after region, since every region has images of its own. */
export const listings = (account: Account, http: HttpClient, chosen: readonly string[] | undefined) => {
  const lists = imageLists(account, http)

  const whole = (rows: StoreTask<readonly Image[]>): StoreTask<ListedRows> =>
    pipe(
      rows,
      TE.map((images) => ({ images })),
    )

  /** The rows of a stop. GPU lists know no filters and no prices, that of own images no filters (fact sheet §2). */
  const rowsOf = (
    { region, namespace, list, ...before }: Stop,
    query: ImageQuery,
    call: Call,
  ): StoreTask<ListedRows> => {
    const prices: QueryParameters = query.withPrices === true ? { include_prices: true } : {}
    const parameters = { ...filtersOf(query), ...prices }
    if (namespace !== undefined) return lists.gpu({ region, namespace }, before, call)
    if ((query.scope ?? 'own') === 'own')
      return whole((list === undefined ? lists.projectImages : lists.withBareMetal)(region, prices, call))
    return (list === undefined ? lists.visible : lists.visibleBareMetal)(region, { ...before, parameters }, call)
  }

  /**
   * The stops of a new listing: in the regions that were chosen, or in all, the lists that may hold what the query asks for. What
   * regions have is asked at the beginning of every listing, also where they were chosen: one request, in place of one for each
   * list that a region might have.
   */
  const firstStops = (query: ImageQuery, call: Call): StoreTask<readonly Stop[]> => {
    const isWanted = (region: string): boolean =>
      query.regions === undefined || query.regions.some((wanted) => wanted === region)
    const named = chosen?.filter(isWanted)
    if (named?.length === 0 || !mayHoldAny(query)) return TE.right([])
    return pipe(
      regionRows(http)(call),
      TE.map((rows) => {
        const known = new Map(rows.map((row) => [String(row.id), row]))
        const regions = named ?? [...known.keys()].filter(isWanted)
        return regions.flatMap((region) => stopsIn(query, region, holdingsOf(known.get(region))))
      }),
      TE.flatMapEither(checkStops),
    )
  }

  /**
   * Whether an image of a stop's rows belongs there. A GPU image that is not public counts as own (see `ownImages`). Whether the
   * list of all images holds those of bare-metal servers too is unconfirmed: where their own list follows, they are left to it.
   */
  const belongs = (query: ImageQuery, stop: Stop, rest: readonly Stop[]): ((image: Image) => boolean) => {
    const scope = query.scope ?? 'own'
    const isLeftToAnother =
      stop.list === undefined && rest.some(({ region, list }) => region === stop.region && list === 'bare-metal')
    return ({ visibility, kind }) => {
      if (scope === 'public') return visibility === 'public' && !(isLeftToAnother && kind === 'bare-metal')
      if (scope === 'own') return stop.namespace === undefined || visibility !== 'public'
      return !(isLeftToAnother && kind === 'bare-metal')
    }
  }

  const pageAt = (stops: readonly Stop[], query: ImageQuery, call: Call): StoreTask<Page> => {
    const [stop, ...rest] = stops
    if (stop === undefined) return TE.right(pageOf(query, { images: [] }))
    return pipe(
      rowsOf(stop, query, call),
      TE.map(({ images, next }) =>
        pageOf(query, {
          images: images.filter(belongs(query, stop, rest)),
          ahead: cursorsAhead(next === undefined ? rest : [{ ...stop, ...next }, ...rest]),
        }),
      ),
      TE.orElse((error) =>
        // Whoever is not let in anywhere is told so, and not shown an empty listing with a note for every region.
        query.onRegionFailure === 'report' && error.kind !== 'unauthenticated' && error.kind !== 'canceled'
          ? TE.right(
              pageOf(query, {
                images: [],
                // The region is left out as a whole, and named once.
                ahead: cursorsAhead(rest.filter(({ region }) => region !== stop.region)),
                failures: [{ region: regionId(stop.region), error: call.explain(error) }],
              }),
            )
          : TE.left(error),
      ),
    )
  }

  return {
    ownImages: lists.ownImages,
    listPage:
      (query: ImageQuery, at: Cursor | undefined) =>
      (call: Call): StoreTask<Page> =>
        pipe(
          at === undefined ? firstStops(query, call) : TE.fromEither(parseCursor(at)),
          TE.flatMap((stops) => pageAt(stops, query, call)),
        ),
  }
}
