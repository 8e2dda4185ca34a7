import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { HttpClient } from '../../src/http/client.ts'
import type { QueryParameters } from '../../src/http/path.ts'
import { ImageStoreError } from '../../src/model/error.ts'
import type { Image, ImageKind } from '../../src/model/image.ts'
import type { ImageQuery } from '../../src/model/query.ts'
import type { Region } from '../../src/model/region.ts'
import { type Tag, tagEquals } from '../../src/model/tag.ts'
import type { Call } from '../../src/store/member.ts'
import { type Cursor, cursor, type Page, pageOf } from '../../src/store/page.ts'
import type { StoreTask } from '../../src/store/store-task.ts'
import { toImage } from './image.ts'
import { allRows, checkEnd, pagesAfter, type Rows, rowsPerPage } from './pages.ts'
import { toRegion } from './regions.ts'
import { decodeTag, tagName } from './tags.ts'
import * as Wire from './wire.ts'

const catalogues: Partial<Readonly<Record<ImageKind, string>>> = { base: 'distribution', application: 'application' }

/**
 * The spelling of a tag in the account that it was read from, which alone finds anything there (fact sheet §10); absent where the
 * tag does not carry one. Tags that were read carry it where it differs from the one that we would write. Another account may
 * spell it otherwise and then finds nothing by it, so that nothing found is no answer yet.
 */
const canonicalName = (tag: Tag): string | undefined =>
  tag.wire !== undefined && tagName.test(tag.wire) && tagEquals(decodeTag(tag.wire), tag) ? tag.wire : undefined

const own: QueryParameters = { private: 'true' }

/**
 * The server's own filters for a query. Whether they can be combined is not known, so one is sent at the most, the narrowest;
 * the rest of the query runs here.
 */
const filterFor = ({ scope = 'own', kinds, tags = [] }: ImageQuery): QueryParameters => {
  const [tag_name] = tags.flatMap((tag) => canonicalName(tag) ?? [])
  if (tag_name !== undefined && scope !== 'public') return { tag_name }
  if (scope === 'own') return own
  const [kind, ...others] = kinds ?? []
  const isCatalogue = kind !== undefined && others.length === 0 && Object.hasOwn(catalogues, kind)
  return scope === 'public' && isCatalogue ? { type: catalogues[kind] } : {}
}

/**
 * Distribution and application images are told apart by the query that found them, and by nothing else (fact sheet §2). A
 * query that mixes one of these kinds with others would miss images without a word, so it is refused.
 */
const checkKinds = ({ scope = 'own', kinds = [] }: ImageQuery): E.Either<ImageStoreError, void> =>
  scope === 'own' || !kinds.includes('application') || (scope === 'public' && kinds.length === 1)
    ? E.right(undefined)
    : E.left(
        new ImageStoreError('invalid-argument', 'DigitalOcean lists application images only by themselves', {
          fields: { kinds: "Ask for scope 'public' and the one kind 'application'" },
          hint: "Make one query with scope 'public' and kinds ['application'], and another for the rest",
        }),
      )

const isInScope =
  ({ scope = 'own' }: ImageQuery) =>
  (image: Image): boolean =>
    scope === 'all' || (scope === 'public') === (image.visibility === 'public')

/** Where a listing stands: at a page of what the query's filter finds, or of what it finds without a tag in it. */
interface Position {
  readonly page: number
  readonly anyTag: boolean
}

const anyTagMark = 'any-'

const position = (at: Cursor | undefined): E.Either<ImageStoreError, Position> => {
  if (at === undefined) return E.right({ page: 1, anyTag: false })
  const [, mark, page] = /^(any-)?([1-9]\d{0,6})$/.exec(at) ?? []
  return page !== undefined
    ? E.right({ page: Number(page), anyTag: mark !== undefined })
    : E.left(
        new ImageStoreError('invalid-argument', `"${at}" is no cursor of this store`, {
          hint: 'Pass the `next` of an earlier page of the same query',
        }),
      )
}

/** The listings of one account. */
export const listings = (store: string, http: HttpClient) => {
  const imageRows =
    (filter: QueryParameters, call: Call) =>
    (page: number): StoreTask<Rows<Wire.Image>> =>
      pipe(
        http.get('/v2/images', Wire.ImageList, { ...call, query: { ...filter, page, per_page: rowsPerPage } }),
        TE.map((list) => ({ rows: list.images, pagesAhead: pagesAfter(page, list.images.length, list) })),
      )

  const regionRows =
    (call: Call) =>
    (page: number): StoreTask<Rows<Wire.Region>> =>
      pipe(
        http.get('/v2/regions', Wire.RegionList, { ...call, query: { page, per_page: rowsPerPage } }),
        TE.map((list) => ({ rows: list.regions, pagesAhead: pagesAfter(page, list.regions.length, list) })),
      )

  return {
    /** The rows of the account's own images, page by page. */
    ownRows: (call: Call) => imageRows(own, call),

    listPage:
      (query: ImageQuery, at: Cursor | undefined) =>
      (call: Call): StoreTask<Page> => {
        const filter = filterFor(query)
        const catalogue = filter['type'] === undefined ? undefined : query.kinds?.[0]

        const read = ({ page, anyTag }: Position): StoreTask<Page> =>
          pipe(
            imageRows(anyTag ? filterFor({ ...query, tags: [] }) : filter, call)(page),
            TE.flatMapEither(checkEnd(page)),
            TE.flatMap(({ rows, pagesAhead }) =>
              page === 1 && rows.length === 0 && filter['tag_name'] !== undefined && !anyTag
                ? read({ page, anyTag: true })
                : TE.right(
                    pageOf(query, {
                      images: rows.map((row) => toImage(store, row, catalogue)).filter(isInScope(query)),
                      ahead: pagesAhead.map((next) => cursor(`${anyTag ? anyTagMark : ''}${next}`)),
                    }),
                  ),
            ),
          )

        return pipe(
          TE.fromEither(
            pipe(
              checkKinds(query),
              E.flatMap(() => position(at)),
            ),
          ),
          TE.flatMap(read),
        )
      },

    listRegions: (call: Call): StoreTask<readonly Region[]> =>
      pipe(
        allRows(regionRows(call)),
        TE.map((regions) => regions.map(toRegion)),
      ),
  }
}
