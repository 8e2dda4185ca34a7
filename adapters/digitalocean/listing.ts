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
import { toRegion } from './regions.ts'
import { decodeTag, tagName } from './tags.ts'
import * as Wire from './wire.ts'

/** The most rows that one request may ask for. Source: openapi parameters.yml. */
export const rowsPerPage = 200

/** A total is the provider's word, and need not be sensible: no more pages than this are named ahead. */
const mostPagesAhead = 50

/** Where a listing that one request asked for stands. */
export interface Rows<A> {
  readonly rows: readonly A[]
  /** The page numbers still to come. */
  readonly pagesAhead: readonly number[]
}

/**
 * The pages that follow. `links` comes in four shapes (absent, empty, `pages` empty, full), so the next page exists where a
 * link says so, or where there are no links to ask and the total says so; an empty page is always the last. Only numbers
 * are taken: a link is never followed, because the credentials would go wherever it points. Source: fact sheet §4.
 */
export const pagesAfter = (page: number, rowCount: number, { links, meta }: Wire.Paging): readonly number[] => {
  const total = meta?.total ?? 0
  const byTotal = Math.ceil(total / rowsPerPage)
  const hasLinks = links?.pages !== undefined && links.pages !== null && Object.keys(links.pages).length > 0
  const hasNext = hasLinks ? typeof links.pages?.next === 'string' : byTotal > page
  if (!hasNext || rowCount === 0) return []
  const known = Math.min(Math.max(byTotal - page, 1), mostPagesAhead)
  return Array.from({ length: known }, (_, index) => page + 1 + index)
}

const catalogues: Partial<Readonly<Record<ImageKind, string>>> = { base: 'distribution', application: 'application' }

/**
 * The account's own spelling of a tag, which alone finds anything (fact sheet §10); absent where the tag does not carry one.
 * Tags that were read carry it where it differs from the one that we would write.
 */
const canonicalName = (tag: Tag): string | undefined =>
  tag.wire !== undefined && tagName.test(tag.wire) && tagEquals(decodeTag(tag.wire), tag) ? tag.wire : undefined

/**
 * The server's own filters for a query. Whether they can be combined is not known, so one is sent at the most, the narrowest;
 * the rest of the query runs here.
 */
const filterFor = ({ scope = 'own', kinds, tags = [] }: ImageQuery): QueryParameters => {
  const [tag_name] = tags.flatMap((tag) => canonicalName(tag) ?? [])
  if (tag_name !== undefined && scope !== 'public') return { tag_name }
  if (scope === 'own') return { private: 'true' }
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

const firstPage = 1

const pageNumber = (at: Cursor | undefined): E.Either<ImageStoreError, number> => {
  if (at === undefined) return E.right(firstPage)
  return /^[1-9]\d{0,6}$/.test(at)
    ? E.right(Number(at))
    : E.left(
        new ImageStoreError('invalid-argument', `"${at}" is no cursor of this store`, {
          hint: 'Pass the `next` of an earlier page of the same query',
        }),
      )
}

/** The listings of one account. */
export const listings = (store: string, http: HttpClient) => {
  const imageRows =
    (filter: QueryParameters, page: number) =>
    (call: Call): StoreTask<Rows<Wire.Image>> =>
      pipe(
        http.get('/v2/images', Wire.ImageList, { ...call, query: { ...filter, page, per_page: rowsPerPage } }),
        TE.map((list) => ({ rows: list.images, pagesAhead: pagesAfter(page, list.images.length, list) })),
      )

  const regionRows =
    (page: number) =>
    (call: Call): StoreTask<readonly Wire.Region[]> =>
      pipe(
        http.get('/v2/regions', Wire.RegionList, { ...call, query: { page, per_page: rowsPerPage } }),
        TE.flatMap((list) => {
          const [next] = pagesAfter(page, list.regions.length, list)
          return next === undefined
            ? TE.right(list.regions)
            : pipe(
                regionRows(next)(call),
                TE.map((rest) => [...list.regions, ...rest]),
              )
        }),
      )

  return {
    /** The rows of one page of the account's own images. */
    ownRows: (page: number) => imageRows({ private: 'true' }, page),

    listPage:
      (query: ImageQuery, at: Cursor | undefined) =>
      (call: Call): StoreTask<Page> => {
        const filter = filterFor(query)
        const catalogue = filter['type'] === undefined ? undefined : query.kinds?.[0]
        return pipe(
          TE.fromEither(
            pipe(
              checkKinds(query),
              E.flatMap(() => pageNumber(at)),
            ),
          ),
          TE.flatMap((page) => imageRows(filter, page)(call)),
          TE.map(({ rows, pagesAhead }) =>
            pageOf(query, {
              images: rows.map((row) => toImage(store, row, catalogue)).filter(isInScope(query)),
              ahead: pagesAhead.map((page) => cursor(String(page))),
            }),
          ),
        )
      },

    listRegions: (call: Call): StoreTask<readonly Region[]> =>
      pipe(
        regionRows(firstPage)(call),
        TE.map((regions) => regions.map(toRegion)),
      ),
  }
}
