import * as E from 'fp-ts/lib/Either.js'
import { type ImageStoreError, ImageStoreError as StoreError } from '../model/error.ts'
import type { Image } from '../model/image.ts'
import type { ImageQuery } from '../model/query.ts'
import type { ImageRef } from '../model/ref.ts'
import type { ImageStore } from '../store/image-store.ts'
import { onAbort } from '../store/on-abort.ts'
import type { Cursor, Page, RegionFailure } from '../store/page.ts'
import type { StoreTask } from '../store/store-task.ts'
import { gather } from './gather.ts'

/** How a whole listing is read. */
export interface ListOptions {
  /** Stops the listing: it fails with `canceled`. */
  readonly signal?: AbortSignal | undefined
  /** How many pages are asked for before they are needed, where the store knows them; 3 unless told. */
  readonly readAhead?: number | undefined
  /**
   * Called for each region that does not answer, whose images are then left out. Without it such a region fails the
   * listing: nothing is left out unnoticed.
   */
  readonly onRegionFailure?: ((failure: RegionFailure) => void) | undefined
}

/** A query as a listing takes it: what to do about a failed region is said by the options. */
export type ListQuery = Omit<ImageQuery, 'onRegionFailure'>

const goesInCircles = (store: ImageStore): ImageStoreError =>
  new StoreError('unexpected-response', 'The listing leads back to a page that was read already', {
    store: store.name,
    operation: 'listPage',
  })

/** Whether a page holds the very images of the one before: a server that ignores the page number would do so for ever. */
const isRepetition = ({ images }: Page, previous: Page | undefined): boolean =>
  images.length > 0 &&
  images.length === previous?.images.length &&
  images.every(({ ref }, index) => ref === previous.images[index]?.ref)

async function* pagesOf(store: ImageStore, query: ImageQuery, signal: AbortSignal, readAhead: number) {
  const requested = new Map<Cursor, Promise<E.Either<ImageStoreError, Page>>>()
  const visited = new Set<Cursor>()
  const request = (cursor?: Cursor) => store.listPage(query, cursor, { signal })()

  let result = await request()
  let previous: Page | undefined
  while (true) {
    if (E.isLeft(result)) throw result.left
    const page = result.right
    for (const cursor of page.ahead.slice(0, readAhead))
      if (!requested.has(cursor) && !visited.has(cursor)) requested.set(cursor, request(cursor))
    yield page
    if (page.next === undefined) return
    if (visited.has(page.next) || isRepetition(page, previous)) throw goesInCircles(store)
    previous = page
    visited.add(page.next)
    const next = requested.get(page.next) ?? request(page.next)
    requested.delete(page.next)
    result = await next
  }
}

/**
 * All images that answer to a query, one after the other, each once, while further pages are read ahead. Ends with the
 * store's {@link ImageStoreError} (thrown by the iterator) where a page cannot be read; leaving the loop early cancels
 * what was asked for ahead. Providers count pages by rows: an image that is deleted while pages are read can move another
 * one out of sight, which nothing in their answers tells.
 */
export async function* listImages(
  store: ImageStore,
  query: ListQuery = {},
  { signal, readAhead = 3, onRegionFailure }: ListOptions = {},
): AsyncGenerator<Image, void, undefined> {
  const listing = new AbortController()
  const stop = () => listing.abort()
  if (signal?.aborted === true) stop()
  const release = onAbort(signal, stop)
  try {
    const asked: ImageQuery = { ...query, onRegionFailure: onRegionFailure === undefined ? 'fail' : 'report' }
    // An image that is made while pages are read moves those after it on, so that one of them may come again.
    const listed = new Set<ImageRef>()
    for await (const page of pagesOf(store, asked, listing.signal, readAhead)) {
      for (const failure of page.failures) onRegionFailure?.(failure)
      for (const image of page.images) {
        if (listed.has(image.ref)) continue
        listed.add(image.ref)
        yield image
      }
    }
  } finally {
    release()
    stop()
  }
}

/** {@link listImages} gathered into an array. Fails like the store's `listPage`. */
export const collect = (store: ImageStore, query?: ListQuery, options?: ListOptions): StoreTask<readonly Image[]> =>
  gather(() => listImages(store, query, options))
