import * as E from 'fp-ts/lib/Either.js'
import { ImageStoreError } from '../../src/model/error.ts'
import { type Cursor, cursor } from '../../src/store/page.ts'
import { fullPages } from './all-rows.ts'
import { isIdOrName } from './field-rules.ts'
import { numericId } from './ids.ts'
import type { RowsBefore } from './image-lists.ts'
import { isGpuNamespace, type Place, placeText } from './namespaces.ts'

/**
 * One stop of a listing that goes from list to list: a region, which list of it (that of GPU images in a namespace, or one that
 * holds bare-metal images, or else that of images for virtual machines), and how many of its rows and pages were read before.
 */
export interface Stop extends Place, RowsBefore {
  readonly list?: 'bare-metal' | undefined
}

/** The most stops of one listing: Gcore has about 40 regions, with four lists at the most (fact sheet §8). */
const mostStops = 2000

/** The most cursors that a page names ahead; each holds all stops behind it. */
const mostAhead = 500

const stopText = ({ list, offset, pages, ...place }: Stop): string => {
  const text = list === undefined ? placeText(place) : `${placeText(place)}/${list}`
  if (offset === 0) return text
  return pages === undefined || pages === fullPages(offset) ? `${text}@${offset}` : `${text}@${offset}.${pages}`
}

/** A cursor: all the stops still to come, so that another process can go on without asking for the regions again. */
export const cursorOf = (stops: readonly Stop[]): Cursor => cursor(stops.map(stopText).join(','))

/** The next cursors that a listing will come to, in order: each stop and all after it. */
export const cursorsAhead = (stops: readonly Stop[]): readonly Cursor[] =>
  stops.slice(0, mostAhead).map((_, index) => cursorOf(stops.slice(index)))

const stop = /^([1-9]\d{0,15})(?:\/([a-z-]+))?(?:@([1-9]\d{0,8})(?:\.([1-9]\d{0,3}))?)?$/

const readStop = (text: string): Stop | undefined => {
  const [, region, list, rows = '0', read] = stop.exec(text) ?? []
  if (region === undefined) return undefined
  const before = { offset: Number(rows), ...(read === undefined ? {} : { pages: Number(read) }) }
  if (list === undefined) return { region, ...before }
  if (list === 'bare-metal') return { region, list, ...before }
  return isGpuNamespace(list) ? { region, namespace: list, ...before } : undefined
}

/**
 * The stops of a new listing, as far as they come from a list of regions that can be one. Fails with `unexpected-response` for more
 * than any provider has, and for regions that no cursor could name.
 */
export const checkStops = (stops: readonly Stop[]): E.Either<ImageStoreError, readonly Stop[]> =>
  stops.length <= mostStops && stops.every(({ region }) => numericId.test(region))
    ? E.right(stops)
    : E.left(
        new ImageStoreError('unexpected-response', 'The list of regions names thousands, or such as have no number', {
          hint: 'Name the regions that the store is for in its options, by their numbers',
        }),
      )

/** Reads a cursor. Fails with `invalid-argument`. */
export const parseCursor = (at: Cursor): E.Either<ImageStoreError, readonly Stop[]> => {
  const parts = at.split(',').map(readStop)
  const stops = parts.filter((part) => part !== undefined)
  return stops.length === parts.length && stops.length <= mostStops
    ? E.right(stops)
    : E.left(
        new ImageStoreError('invalid-argument', `"${at}" is no cursor of this store`, {
          hint: 'Pass the `next` of an earlier page of the same query',
        }),
      )
}

/** The regions that an option names, by id or by name. Throws `invalid-argument` for what can be neither. */
export const checkRegions = (
  store: string,
  regions: readonly (string | number)[] | undefined,
): readonly string[] | undefined => {
  const refuse = (reason: string) =>
    new ImageStoreError('invalid-argument', reason, { store, fields: { regions: reason } })
  if (regions === undefined) return undefined
  if (regions.length === 0) throw refuse('There are no regions to list; leave the option out for all of them')
  return regions.map((region) => {
    if (isIdOrName(region)) return String(region)
    throw refuse(`${JSON.stringify(region)} is neither the id of a Gcore region, such as 76, nor its name`)
  })
}
