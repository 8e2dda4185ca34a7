import * as E from 'fp-ts/lib/Either.js'
import { collect } from 'imageferry'
import { imageOf } from './record.ts'
import type { Changing, Doing, Pursuing } from './scene.ts'

/**
 * Lists all own images: those that could be used and listed from its beginning to its end have to be there, and each once. Pages are
 * counted by rows: each image that is deleted while pages are read can move one of the others out of sight, which no client can see.
 */
export const list = async ({ cloud, call, store, wrong, limits: { cancelAfterMs } }: Doing): Promise<void> => {
  const before = cloud.images()
  const ended = await call('listPage', { cancelAfterMs }, ({ signal }) => collect(store, {}, { signal }))
  if (ended === undefined || E.isLeft(ended.result)) return
  const listed = ended.result.right.map(({ ref }): string => ref)
  const after = new Set(cloud.images().map(({ ref }) => ref))
  const deleted = before.filter(({ ref, isListed }) => isListed && !after.has(ref))
  const missing = before.filter(
    ({ ref, isReady, isListed }) => isReady && isListed && after.has(ref) && !listed.includes(ref),
  )
  if (missing.length > deleted.length)
    wrong(`listing: it succeeded without ${missing.map(({ ref }) => ref).join(', ')}`)
  const repeated = listed.filter((ref, index) => listed.indexOf(ref) !== index)
  if (repeated.length > 0) wrong(`listing: it has ${repeated.join(', ')} twice`)
}

/** Reads an image by its ref. */
export const read = async ({ call, store, wrong, limits, image }: Changing): Promise<void> => {
  const ended = await call('get', limits, (options) => store.get(image, options))
  if (ended !== undefined && E.isRight(ended.result) && ended.result.right.ref !== image)
    wrong(`untrue: ${image} was read, and ${ended.result.right.ref} came`)
}

/** Looks for what a key has begun: the image that it has made is to be among it, as long as it is there. */
export const find = async ({ cloud, call, store, wrong, limits, pursuit }: Pursuing): Promise<void> => {
  const { key } = pursuit.wanted
  if (key === undefined) return
  const ended = await call('findOperations', limits, (options) => store.findOperations(key, options))
  const image = imageOf(cloud, pursuit)
  if (ended === undefined || E.isLeft(ended.result) || image?.isReady !== true || !image.isListed) return
  if (!ended.result.right.some(({ image }) => image === pursuit.image))
    wrong(`untrue: ${key} was looked for without finding ${pursuit.image}`)
}
