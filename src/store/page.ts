import type { ImageStoreError } from '../model/error.ts'
import type { Image } from '../model/image.ts'
import { type ImageQuery, matchesQuery } from '../model/query.ts'
import type { RegionId } from '../model/region.ts'

declare const cursorBrand: unique symbol

/** Where a listing goes on: text that another process can use, for the same query and the same store. */
export type Cursor = string & { readonly [cursorBrand]: true }

/** A cursor from text that {@link Page.next} gave earlier. The store checks it when it is used. */
export const cursor = (text: string): Cursor => text as Cursor

/** A region that a page had to leave out, and why. */
export interface RegionFailure {
  readonly region: RegionId
  readonly error: ImageStoreError
}

/** Some of the images of a listing. */
export interface Page {
  readonly images: readonly Image[]
  /** The rest of the listing; absent on the last page. Following `next` alone visits everything once. */
  readonly next?: Cursor | undefined
  /** Cursors that `next` is already known to lead to, in that order and starting with it, for reading ahead. */
  readonly ahead: readonly Cursor[]
  /** The regions left out. Empty unless the query says `onRegionFailure: 'report'`. */
  readonly failures: readonly RegionFailure[]
}

/** What an adapter knows of a page before the query has been applied to it. */
export interface PageParts {
  readonly images: readonly Image[]
  /** The cursors still to come, in order. */
  readonly ahead?: readonly Cursor[] | undefined
  readonly failures?: readonly RegionFailure[] | undefined
}

/**
 * A page from what a provider listed: the query runs over every image, whatever the provider filtered by itself, so that
 * a query means the same everywhere.
 */
export const pageOf = (query: ImageQuery, { images, ahead = [], failures = [] }: PageParts): Page => ({
  images: images.filter(matchesQuery(query)),
  next: ahead[0],
  ahead,
  failures,
})
