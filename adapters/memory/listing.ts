import * as E from 'fp-ts/lib/Either.js'
import { ImageStoreError } from '../../src/model/error.ts'
import type { Image } from '../../src/model/image.ts'
import type { ImageQuery } from '../../src/model/query.ts'
import { type Cursor, cursor, type Page, pageOf } from '../../src/store/page.ts'
import { checkQuery } from '../../src/store/request-shapes.ts'

const isVisible =
  (query: ImageQuery) =>
  ({ visibility }: Image): boolean =>
    query.scope === 'all' || (query.scope === 'public') === (visibility === 'public')

/** Throws `invalid-argument` for a number of images that no page can have. */
export const checkPageSize = (store: string, pageSize: number): void => {
  if (Number.isSafeInteger(pageSize) && pageSize >= 1) return
  const reason = `${pageSize} images are no page: it has to be a whole number from 1`
  throw new ImageStoreError('invalid-argument', reason, { store, fields: { pageSize: reason } })
}

/** One page of the images, in the order in which they were made; a cursor says how many come before it. */
export const pageAt = (
  images: readonly Image[],
  pageSize: number,
  query: ImageQuery,
  at: Cursor | undefined,
): E.Either<ImageStoreError, Page> => {
  const checked = checkQuery(query)
  if (E.isLeft(checked)) return checked
  if (at !== undefined && !/^\d{1,9}$/.test(at))
    return E.left(new ImageStoreError('invalid-argument', `"${at}" is no cursor of this store`))
  // Failed imports have left the listing, as they do at real providers; they can still be read.
  const listed = images.filter(({ status }) => status !== 'failed' && status !== 'deleted')
  const start = Number(at ?? 0)
  const pagesAhead = Math.max(0, Math.ceil((listed.length - start) / pageSize) - 1)
  return E.right(
    pageOf(query, {
      images: listed.slice(start, start + pageSize).filter(isVisible(query)),
      ahead: Array.from({ length: pagesAhead }, (_, index) => cursor(String(start + (index + 1) * pageSize))),
    }),
  )
}
