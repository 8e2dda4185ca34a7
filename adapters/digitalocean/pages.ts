import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { ImageStoreError } from '../../src/model/error.ts'
import type { StoreTask } from '../../src/store/store-task.ts'
import type * as Wire from './wire.ts'

/** The most rows that one request may ask for. Source: openapi parameters.yml. */
export const rowsPerPage = 200

/** The rows that a page has unless asked otherwise. No server is taken to cut its pages shorter. Source: openapi parameters.yml. */
const usualRowsPerPage = 20

/** A total is the provider's word, and need not be sensible: no more pages than this are named ahead. */
const mostPagesAhead = 50

/** What reads page after page gives up after this many: ten thousand rows of pages cut as short as can be, a hundred thousand of full ones. */
const mostPages = 500

/** What reads page after page gives up where it holds more rows than this. */
const mostRows = mostPages * rowsPerPage

/** Where a list stands before a page of it. */
export interface PagePosition {
  /** From 1. */
  readonly page: number
  /** How many rows the pages before had: a server may cut them shorter than was asked, so their number does not tell. */
  readonly rowsBefore: number
}

export const firstPage: PagePosition = { page: 1, rowsBefore: 0 }

/** One page of a list, and where the list stands after it. */
export interface Rows<A> {
  readonly rows: readonly A[]
  /** The pages to come that are known already, the next one first. Empty at the end of the list. */
  readonly ahead: readonly PagePosition[]
  /** How many pages are to come, at the least. */
  readonly pagesLeft: number
  /** How many rows a total promises that no page has; 0 nearly always. */
  readonly lacking: number
}

/**
 * Whether rows may follow that no link tells of. A total that says so is believed, also against the links: the next page is then
 * asked for, and where it is empty and its total still says so, rows are lacking. Without a total, or with one that is less than
 * what has been read, a full page or one that could have been cut is not taken for the last, unless there are links, which would
 * tell.
 */
const mayFollow = (rowCount: number, seen: number, total: number | undefined, hasLinks: boolean): boolean => {
  if (rowCount === 0) return false
  return total === undefined || total < seen ? !hasLinks && rowCount >= usualRowsPerPage : total > seen
}

/**
 * A page and what follows. `links` comes in four shapes (absent, empty, `pages` empty, full) and `meta` may be missing: a list is
 * at its end only where nothing speaks for more, since a listing that ends early would not be noticed. Only numbers are taken: a
 * link is never followed, because the credentials would go wherever it points. Source: fact sheet §4.
 */
export const rowsAt = <A>(
  { page, rowsBefore }: PagePosition,
  rows: readonly A[],
  { links, meta }: Wire.Paging,
): Rows<A> => {
  const total = typeof meta?.total === 'number' && meta.total > 0 ? meta.total : undefined
  const pages = links?.pages ?? {}
  const seen = rowsBefore + rows.length
  const isLinked = typeof pages.next === 'string'
  if (!isLinked && !mayFollow(rows.length, seen, total, Object.keys(pages).length > 0))
    return { rows, ahead: [], pagesLeft: 0, lacking: rowsBefore === 0 ? 0 : Math.max((total ?? 0) - seen, 0) }
  const pagesLeft = Math.max(Math.ceil(((total ?? 0) - seen) / rowsPerPage), 1)
  // Where pages are cut short, nobody knows how many rows those before the next but one will have. Each names the next one again.
  const known = rows.length < rowsPerPage ? 1 : Math.min(pagesLeft, mostPagesAhead)
  return {
    rows,
    pagesLeft,
    lacking: 0,
    ahead: Array.from({ length: known }, (_, index) => ({
      page: page + 1 + index,
      rowsBefore: seen + index * rowsPerPage,
    })),
  }
}

const endless = (): ImageStoreError =>
  new ImageStoreError('unexpected-response', `The list has not ended after ${mostPages} pages or ${mostRows} rows`, {
    hint: 'The provider names a next page over and over: nothing can be said of what the list lacks',
  })

const short = (lacking: number): ImageStoreError =>
  new ImageStoreError('unexpected-response', `The list ends ${lacking} rows before the total that it tells`, {
    hint: 'Read it again: a list that changes may end early once, and one that always does lacks something',
  })

/** Fails with `unexpected-response` where a list goes on after more pages than any has, or ends before its total. */
export const checkEnd =
  ({ page }: PagePosition) =>
  <A>(rows: Rows<A>): E.Either<ImageStoreError, Rows<A>> => {
    if (page >= mostPages && rows.ahead.length > 0) return E.left(endless())
    return rows.lacking > 0 ? E.left(short(rows.lacking)) : E.right(rows)
  }

/** Reads a list page by page. */
export type ReadPage<A> = (at: PagePosition) => StoreTask<Rows<A>>

/** A row by what tells it from the others: regions have a slug, everything else an id. */
interface Row {
  readonly id?: number | string
  readonly slug?: string | null | undefined
}

const nameOf = ({ id, slug }: Row): string => String(id ?? slug)

const repeated = (): ImageStoreError =>
  new ImageStoreError('unexpected-response', 'The list shows a page of rows that it has shown before, and no end', {
    hint: 'The provider, or something on the way, ignores which page is asked for',
  })

/** Whether a page that is not the last brings nothing new: then the next one will not either. */
const isRepeated = <A extends Row>(before: readonly A[], { rows, ahead }: Rows<A>): boolean => {
  if (ahead.length === 0 || rows.length === 0) return false
  const known = new Set(before.map(nameOf))
  return rows.every((row) => known.has(nameOf(row)))
}

/**
 * The rows of a list, page after page to its end, or until `isEnough` says so of what has been read and of how many pages would
 * follow at the least. Fails with `unexpected-response` where the list does not end.
 */
export const rowsUntil = <A extends Row>(
  read: ReadPage<A>,
  isEnough: (rows: readonly A[], pagesAhead: number) => boolean,
  at: PagePosition = firstPage,
  before: readonly A[] = [],
): StoreTask<readonly A[]> =>
  pipe(
    read(at),
    TE.flatMapEither(checkEnd(at)),
    TE.flatMap((page) => {
      const all = [...before, ...page.rows]
      const [next] = page.ahead
      if (next === undefined || isEnough(all, page.pagesLeft)) return TE.right(all)
      if (all.length > mostRows) return TE.left(endless())
      return isRepeated(before, page) ? TE.left(repeated()) : rowsUntil(read, isEnough, next, all)
    }),
  )

/** All rows of a list. Fails with `unexpected-response` where it does not end, or ends before its total. */
export const allRows = <A extends Row>(read: ReadPage<A>): StoreTask<readonly A[]> => rowsUntil(read, () => false)
