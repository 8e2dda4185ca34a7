import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { ImageStoreError } from '../../src/model/error.ts'
import type { StoreTask } from '../../src/store/store-task.ts'

/** The most rows that one request may ask for. Source: fact sheet §2.1, §8. */
export const rowsPerPage = 1000

/** The pages before an offset where none was cut short. */
export const fullPages = (offset: number): number => Math.ceil(offset / rowsPerPage)

/** The most pages of such a list that are read: an account has dozens of regions and projects, not thousands. */
const mostPages = 20

/** A page of a list; `count` is the total over all pages. */
export interface RowsPage<A> {
  readonly results: readonly A[]
  readonly count?: number | null | undefined
}

const senseless = (what: string, rows: number, count: number): ImageStoreError =>
  new ImageStoreError('unexpected-response', `The list of ${what} says that it has ${count} rows and shows ${rows}`)

interface Progress<A> {
  readonly offset: number
  readonly pages: number
  readonly known: ReadonlyMap<string, A>
}

/**
 * All rows of a list that has an offset, each once. Fails with `unexpected-response` where the list never comes to the end that
 * it tells: a page brings nothing new although rows are missing, or there is no end to the pages.
 */
export const allRows = <A extends { readonly id: string | number }>(
  what: string,
  pageAt: (offset: number) => StoreTask<RowsPage<A>>,
  { offset, pages, known }: Progress<A> = { offset: 0, pages: 0, known: new Map() },
): StoreTask<readonly A[]> =>
  pipe(
    pageAt(offset),
    TE.flatMap(({ results, count }): StoreTask<readonly A[]> => {
      const rows = new Map([...known, ...results.map((row): [string, A] => [String(row.id), row])])
      const after = offset + results.length
      const total = count ?? (results.length < rowsPerPage ? after : after + 1)
      if (after >= total) return TE.right([...rows.values()])
      if (rows.size === known.size || pages + 1 >= mostPages) return TE.left(senseless(what, rows.size, total))
      return allRows(what, pageAt, { offset: after, pages: pages + 1, known: rows })
    }),
  )
