import type { Architecture, Image, ImageKind, Visibility } from './image.ts'
import type { RegionId } from './region.ts'
import type { ImageStatus } from './status.ts'
import { type Tag, tagEquals } from './tag.ts'

/**
 * Which images are asked for. Every part narrows the result; an empty query asks for all of one's own images. A provider
 * filters what it can, and the rest is filtered here, so that the same query means the same everywhere.
 */
export interface ImageQuery {
  /**
   * `own` (the default) is what the account made or imported; `public` is the provider's catalogue; `all` is whatever
   * the account can see. Ownership is the provider's to tell, so this part is the adapter's to apply.
   */
  readonly scope?: 'own' | 'public' | 'all' | undefined
  /** The exact name. Names are not unique. */
  readonly name?: string | undefined
  /** A part of the name, in any capitals. */
  readonly nameContains?: string | undefined
  readonly kinds?: readonly ImageKind[] | undefined
  readonly statuses?: readonly ImageStatus[] | undefined
  readonly visibility?: Visibility | undefined
  /** Images that can be used in at least one of these regions. */
  readonly regions?: readonly (RegionId | string)[] | undefined
  /** Images that carry all of these tags. */
  readonly tags?: readonly Tag[] | undefined
  readonly architecture?: Architecture | undefined
  /** The distribution in the form of `OperatingSystem.distribution`, such as `ubuntu`. */
  readonly distribution?: string | undefined
  /** The operating system's version, such as `24.04`. */
  readonly osVersion?: string | undefined
  /**
   * Has the provider tell what each image costs (`Image.price`), where it can. It narrows nothing; a provider without prices
   * in its images gives none.
   */
  readonly withPrices?: boolean | undefined
  /**
   * What a region that does not answer means, for stores that span regions: `fail` (the default) fails the page;
   * `report` leaves the region out and names it in the page's `failures`.
   */
  readonly onRegionFailure?: 'fail' | 'report' | undefined
}

const foldedIncludes = (text: string, part: string): boolean => text.toLowerCase().includes(part.toLowerCase())

const isWanted = <A>(wanted: A | undefined, actual: A | undefined): boolean => wanted === undefined || wanted === actual

const isAmong = <A>(wanted: readonly A[] | undefined, actual: A | undefined): boolean =>
  wanted === undefined || (actual !== undefined && wanted.includes(actual))

/** Whether an image answers to the query, all parts but `scope`. The same for every provider. */
export const matchesQuery =
  (query: ImageQuery) =>
  (image: Image): boolean =>
    isWanted(query.name, image.name) &&
    (query.nameContains === undefined || foldedIncludes(image.name, query.nameContains)) &&
    isAmong(query.kinds, image.kind) &&
    isAmong(query.statuses, image.status) &&
    isWanted(query.visibility, image.visibility) &&
    (query.regions === undefined || query.regions.some((region) => image.regions.some((id) => id === region))) &&
    (query.tags === undefined || query.tags.every((tag) => image.tags.some((other) => tagEquals(tag, other)))) &&
    isWanted(query.architecture, image.architecture) &&
    isWanted(query.distribution, image.os?.distribution) &&
    isWanted(query.osVersion, image.os?.version)
