import * as E from 'fp-ts/lib/Either.js'
import { ImageStoreError } from '../../src/model/error.ts'
import { type Cursor, cursor } from '../../src/store/page.ts'
import { numericId } from './ids.ts'

/** One stop of a listing that goes from region to region: a region, and how many of its rows were read before. */
export interface Stop {
  readonly region: string
  readonly offset: number
}

const mostStops = 500

/** A cursor: all the stops still to come, so that another process can go on without asking for the regions again. */
export const cursorOf = (stops: readonly Stop[]): Cursor =>
  cursor(stops.map(({ region, offset }) => (offset === 0 ? region : `${region}@${offset}`)).join(','))

/** The cursors that a listing will come to, the next one first: each stop and all after it. */
export const cursorsAhead = (stops: readonly Stop[]): readonly Cursor[] =>
  stops.map((_, index) => cursorOf(stops.slice(index)))

const stop = /^([1-9]\d{0,15})(?:@([1-9]\d{0,8}))?$/

/** Reads a cursor. Fails with `invalid-argument`. */
export const parseCursor = (at: Cursor): E.Either<ImageStoreError, readonly Stop[]> => {
  const parts = at.split(',').map((part) => stop.exec(part))
  const stops = parts.flatMap((match) =>
    match?.[1] === undefined ? [] : [{ region: match[1], offset: Number(match[2] ?? 0) }],
  )
  return stops.length === parts.length && stops.length <= mostStops
    ? E.right(stops)
    : E.left(
        new ImageStoreError('invalid-argument', `"${at}" is no cursor of this store`, {
          hint: 'Pass the `next` of an earlier page of the same query',
        }),
      )
}

const notARegion = (region: unknown): string => `${JSON.stringify(region)} is not the id of a Gcore region, such as 76`

/** A region that a call names, as an id. Fails with `invalid-argument` for what can be none. */
export const checkRegion = (region: string): E.Either<ImageStoreError, string> =>
  numericId.test(region)
    ? E.right(region)
    : E.left(new ImageStoreError('invalid-argument', notARegion(region), { fields: { region: notARegion(region) } }))

/** The regions that a caller named, as ids. Throws `invalid-argument` for one that can be none. */
export const checkRegions = (
  store: string,
  regions: readonly (string | number)[] | undefined,
): readonly string[] | undefined => {
  const refuse = (reason: string) =>
    new ImageStoreError('invalid-argument', reason, { store, fields: { regions: reason } })
  if (regions === undefined) return undefined
  if (regions.length === 0) throw refuse('There are no regions to list; leave the option out for all of them')
  const ids = regions.map((region) => {
    const id = String(region)
    if (numericId.test(id)) return id
    throw refuse(notARegion(region))
  })
  return [...new Set(ids)]
}
