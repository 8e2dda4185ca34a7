import type { Image } from '../../src/model/image.ts'
import { type Description, readTrailer } from './description.ts'
import { holdsNameTrailer, toImage } from './image.ts'
import { importOf } from './operations.ts'
import type * as Wire from './wire.ts'

/** An image that was begun under a key. */
export interface KeyedImage {
  readonly image: Image
  readonly trailer: Description
  readonly isCapture: boolean
  readonly id: number
}

/** By the time of creation, which is given in whole seconds, and by the id within one: ids ascend. The same in every process. */
export const oldestFirst = (a: KeyedImage, b: KeyedImage): number => {
  const [earlier = '', later = ''] = [a.image.createdAt, b.image.createdAt]
  return earlier === later ? a.id - b.id : earlier < later ? -1 : 1
}

/** A row as one of a key's; empty where it is not. An import has its key behind the description, a capture behind the name. */
export const keyedUnder =
  (store: string, key: string) =>
  (row: Wire.Image): readonly KeyedImage[] => {
    const described = readTrailer(row.description ?? '')
    const named = holdsNameTrailer(row) ? readTrailer(row.name ?? '') : undefined
    const isCapture = described?.key !== key
    const trailer = isCapture ? named : described
    return trailer?.key === key ? [{ image: toImage(store, row), trailer, isCapture, id: Number(row.id) }] : []
  }

/** Whether an image is one, or is still to be: what failed leaves its key to another attempt. */
export const isLive =
  (store: string) =>
  ({ image }: KeyedImage): boolean =>
    importOf(store, image).state !== 'failed'
