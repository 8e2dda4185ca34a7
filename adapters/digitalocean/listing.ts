import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { HttpClient } from '../../src/http/client.ts'
import type { QueryParameters } from '../../src/http/path.ts'
import type { Image } from '../../src/model/image.ts'
import type { ImageQuery } from '../../src/model/query.ts'
import type { Region } from '../../src/model/region.ts'
import type { Call } from '../../src/store/member.ts'
import { type Cursor, type Page, pageOf } from '../../src/store/page.ts'
import type { StoreTask } from '../../src/store/store-task.ts'
import { toImage } from './image.ts'
import { cursorAt, type ListPart, type ListPosition, ownFilter, partAfter, positionAt } from './list-parts.ts'
import { allRows, checkEnd, firstPage, type PagePosition, type Rows, rowsAt, rowsPerPage } from './pages.ts'
import { toRegion } from './regions.ts'
import * as Wire from './wire.ts'

const isOf =
  ({ scope }: ListPart) =>
  (image: Image): boolean =>
    scope === 'all' || (scope === 'public') === (image.visibility === 'public')

/** The listings of one account. What any of them shows is told to `noteListed`. */
export const listings = (store: string, http: HttpClient, noteListed: (rows: readonly Wire.Image[]) => void) => {
  const imageRows =
    (filter: QueryParameters, call: Call) =>
    (at: PagePosition): StoreTask<Rows<Wire.Image>> =>
      pipe(
        http.get('/v2/images', Wire.ImageList, { ...call, query: { ...filter, page: at.page, per_page: rowsPerPage } }),
        TE.tapIO(
          ({ images }) =>
            () =>
              noteListed(images),
        ),
        TE.map((list) => rowsAt(at, list.images, list)),
      )

  const regionRows =
    (call: Call) =>
    (at: PagePosition): StoreTask<Rows<Wire.Region>> =>
      pipe(
        http.get('/v2/regions', Wire.RegionList, { ...call, query: { page: at.page, per_page: rowsPerPage } }),
        TE.map((list) => rowsAt(at, list.regions, list)),
      )

  return {
    /** The rows of the account's own images, page by page. */
    ownRows: (call: Call) => imageRows(ownFilter, call),

    listPage:
      (query: ImageQuery, at: Cursor | undefined) =>
      (call: Call): StoreTask<Page> => {
        const read = ({ part, at }: ListPosition): StoreTask<Page> =>
          pipe(
            imageRows(part.filter, call)(at),
            TE.flatMapEither(checkEnd(at)),
            TE.flatMap(({ rows, ahead }) => {
              if (at.page === 1 && rows.length === 0 && part.ifEmpty !== undefined)
                return read({ part: part.ifEmpty, at: firstPage })
              const positions = ahead.length > 0 ? ahead.map((at) => ({ part, at })) : partAfter(query, part)
              return TE.right(
                pageOf(query, {
                  images: rows.map((row) => toImage(store, row, part.catalogue)).filter(isOf(part)),
                  ahead: positions.map((position) => cursorAt(query, position)),
                }),
              )
            }),
          )

        return pipe(TE.fromEither(positionAt(query, at)), TE.flatMap(read))
      },

    listRegions: (call: Call): StoreTask<readonly Region[]> =>
      pipe(
        allRows(regionRows(call)),
        TE.map((regions) => regions.map(toRegion)),
      ),
  }
}
