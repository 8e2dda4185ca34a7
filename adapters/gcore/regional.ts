import * as E from 'fp-ts/lib/Either.js'
import { ImageStoreError } from '../../src/model/error.ts'
import { type Cursor, cursor } from '../../src/store/page.ts'
import { isIdOrName } from './field-rules.ts'
import { isGpuNamespace, type Place, placeText } from './namespaces.ts'

/**
 * One stop of a listing that goes from list to list: a region, which list of it (that of GPU images in a namespace, or one that
 * holds bare-metal images, or else that of images for virtual machines), and how many of its rows were read before.
 */
export interface Stop extends Place {
  readonly list?: 'bare-metal' | undefined
  readonly offset: number
}

const mostStops = 2000

const stopText = ({ list, offset, ...place }: Stop): string => {
  const text = list === undefined ? placeText(place) : `${placeText(place)}/${list}`
  return offset === 0 ? text : `${text}@${offset}`
}

/** A cursor: all the stops still to come, so that another process can go on without asking for the regions again. */
export const cursorOf = (stops: readonly Stop[]): Cursor => cursor(stops.map(stopText).join(','))

/** The cursors that a listing will come to, the next one first: each stop and all after it. */
export const cursorsAhead = (stops: readonly Stop[]): readonly Cursor[] =>
  stops.map((_, index) => cursorOf(stops.slice(index)))

const stop = /^([1-9]\d{0,15})(?:\/([a-z-]+))?(?:@([1-9]\d{0,8}))?$/

const readStop = (text: string): Stop | undefined => {
  const [, region, list, offset = '0'] = stop.exec(text) ?? []
  if (region === undefined) return undefined
  if (list === undefined) return { region, offset: Number(offset) }
  if (list === 'bare-metal') return { region, list, offset: Number(offset) }
  return isGpuNamespace(list) ? { region, namespace: list, offset: Number(offset) } : undefined
}

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
