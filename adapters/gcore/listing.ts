import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { HttpClient } from '../../src/http/client.ts'
import { path } from '../../src/http/path.ts'
import { ImageStoreError } from '../../src/model/error.ts'
import type { Image } from '../../src/model/image.ts'
import type { ImageQuery } from '../../src/model/query.ts'
import { type Region, regionId } from '../../src/model/region.ts'
import type { Call } from '../../src/store/member.ts'
import { type Cursor, type Page, pageOf } from '../../src/store/page.ts'
import type { StoreTask } from '../../src/store/store-task.ts'
import type { Account } from './ids.ts'
import { imagesIn } from './image.ts'
import { filtersOf } from './list-filters.ts'
import { cursorsAhead, parseCursor, type Stop } from './regional.ts'
import { holdsImages, toRegion } from './regions.ts'
import * as Wire from './wire.ts'

/** The most rows that one request may ask for. Source: fact sheet §2.1. */
const rowsPerPage = 1000

interface RegionRows {
  readonly images: readonly Image[]
  /** Where the region's own rows go on; absent where all were read. */
  readonly nextOffset?: number | undefined
}

/** The list of own images has no pages, so one that is shorter than it says cannot be completed. */
const cutShort = (region: string, rows: number, count: number): ImageStoreError =>
  new ImageStoreError('unexpected-response', `The list of the region ${region} holds ${rows} of ${count} images`)

/** The listings of one project: region after region, since every region has images of its own. */
export const listings = (account: Account, http: HttpClient, chosen: readonly string[] | undefined) => {
  const { projectId } = account

  /**
   * The project's own images. Ownership is not told by an image (its visibility may read `shared` or `private`, and
   * `project_id` is that of the request), so this is asked of the list that is made for it (fact sheet §3.1, §9.2).
   */
  const ownImages = (region: string, call: Call): StoreTask<RegionRows> =>
    pipe(
      http.get(path`/cloud/v1/projectimages/${projectId}/${region}`, Wire.ImageList, call),
      TE.filterOrElse(
        ({ results, count }) => (count ?? 0) <= results.length,
        ({ results, count }) => cutShort(region, results.length, count ?? 0),
      ),
      TE.map(({ results }) => ({ images: results.map(imagesIn(account, region)) })),
    )

  /**
   * Everything the project can see in a region. An older server ignores limit and offset and answers with all rows every
   * time: then there are as many rows as `count` says, or more than were asked for, and no page follows.
   */
  const visibleImages = ({ region, offset }: Stop, query: ImageQuery, call: Call): StoreTask<RegionRows> =>
    pipe(
      http.get(path`/cloud/v1/images/${projectId}/${region}`, Wire.ImageList, {
        ...call,
        query: { limit: rowsPerPage, offset, ...filtersOf(query) },
      }),
      TE.map(({ results, count }) => {
        const total = count ?? results.length
        const after = offset + results.length
        const isWhole =
          results.length === 0 || results.length >= total || results.length > rowsPerPage || after >= total
        return {
          images: results.map(imagesIn(account, region)),
          nextOffset: isWhole ? undefined : after,
        }
      }),
    )

  const rowsOf = (stop: Stop, query: ImageQuery, call: Call): StoreTask<RegionRows> =>
    (query.scope ?? 'own') === 'own' ? ownImages(stop.region, call) : visibleImages(stop, query, call)

  const regionRows = (call: Call, offset = 0): StoreTask<readonly Wire.Region[]> =>
    pipe(
      http.get('/cloud/v1/regions', Wire.RegionList, { ...call, query: { limit: rowsPerPage, offset } }),
      TE.flatMap(({ results, count }) => {
        const after = offset + results.length
        return results.length === 0 || after >= (count ?? after)
          ? TE.right(results)
          : pipe(
              regionRows(call, after),
              TE.map((rest) => [...results, ...rest]),
            )
      }),
    )

  const listRegions = (call: Call): StoreTask<readonly Region[]> =>
    pipe(
      regionRows(call),
      TE.map((regions) => {
        const once = new Map(regions.map((region) => [String(region.id), region]))
        return [...once.values()].map(toRegion)
      }),
    )

  /** The stops of a new listing: the regions that were chosen, or all that hold VM images; of those, the query's. */
  const firstStops = (query: ImageQuery, call: Call): StoreTask<readonly Stop[]> =>
    pipe(
      chosen === undefined
        ? pipe(
            regionRows(call),
            TE.map((regions) => [...new Set(regions.filter(holdsImages).map(({ id }) => String(id)))]),
          )
        : TE.right(chosen),
      TE.map((regions: readonly string[]) =>
        regions
          .filter((region) => query.regions === undefined || query.regions.some((wanted) => wanted === region))
          .map((region) => ({ region, offset: 0 })),
      ),
    )

  const isInScope = (query: ImageQuery) => (image: Image) => query.scope !== 'public' || image.visibility === 'public'

  const pageAt = (stops: readonly Stop[], query: ImageQuery, call: Call): StoreTask<Page> => {
    const [stop, ...rest] = stops
    if (stop === undefined) return TE.right(pageOf(query, { images: [] }))
    return pipe(
      rowsOf(stop, query, call),
      TE.map(({ images, nextOffset }) =>
        pageOf(query, {
          images: images.filter(isInScope(query)),
          ahead: cursorsAhead(nextOffset === undefined ? rest : [{ region: stop.region, offset: nextOffset }, ...rest]),
        }),
      ),
      TE.orElse((error) =>
        // Whoever is not let in anywhere is told so, and not shown an empty listing with a note for every region.
        query.onRegionFailure === 'report' && error.kind !== 'unauthenticated' && error.kind !== 'canceled'
          ? TE.right(
              pageOf(query, {
                images: [],
                ahead: cursorsAhead(rest),
                failures: [{ region: regionId(stop.region), error: call.explain(error) }],
              }),
            )
          : TE.left(error),
      ),
    )
  }

  return {
    ownImages,
    listRegions,
    listPage:
      (query: ImageQuery, at: Cursor | undefined) =>
      (call: Call): StoreTask<Page> =>
        pipe(
          at === undefined ? firstStops(query, call) : TE.fromEither(parseCursor(at)),
          TE.flatMap((stops) => pageAt(stops, query, call)),
        ),
  }
}
