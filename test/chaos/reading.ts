import * as E from 'fp-ts/lib/Either.js'
import { collect, waitForAll } from 'imageferry'
import { possibleValues } from './claims.ts'
import { imageOf } from './record.ts'
import type { Changing, Doing, Pursuing } from './scene.ts'

/** Lists all own images: those that could be used from its beginning to its end have to be there, and each once. */
export const list = async ({ cloud, call, store, wrong, limits: { cancelAfterMs } }: Doing): Promise<void> => {
  const before = cloud.images()
  const ended = await call('listPage', { cancelAfterMs }, ({ signal }) => collect(store, {}, { signal }))
  if (ended === undefined || E.isLeft(ended.result)) return
  const listed = ended.result.right.map(({ ref }): string => ref)
  const after = new Set(cloud.images().map(({ ref }) => ref))
  const missing = before.filter(({ ref, isReady }) => isReady && after.has(ref) && !listed.includes(ref))
  if (missing.length > 0) wrong(`listing: it succeeded without ${missing.map(({ ref }) => ref).join(', ')}`)
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
  if (ended === undefined || E.isLeft(ended.result) || imageOf(cloud, pursuit)?.isReady !== true) return
  if (!ended.result.right.some(({ image }) => image === pursuit.image))
    wrong(`untrue: ${key} was looked for without finding ${pursuit.image}`)
}

/** Waits for an image that was asked for, and takes the wait at its word. */
export const wait = async ({ cloud, call, store, runtime, wrong, limits, pursuit }: Pursuing): Promise<void> => {
  const begun = pursuit.asked.flatMap((asked) => ('operation' in asked ? [asked.operation.ref] : [])).at(-1)
  if (begun === undefined) return
  const ended = await call('getOperations', limits, ({ signal, timeoutMs }) =>
    waitForAll(store, [begun], { signal, timeoutMs, runtime }),
  )
  const [outcome] = ended !== undefined && E.isRight(ended.result) ? ended.result.right : []
  if (outcome?.succeeded === true) {
    pursuit.image = outcome.operation.image
    const mayBeGone = possibleValues(pursuit.claims, 'there', 'absent').has('absent')
    if (!mayBeGone && imageOf(cloud, pursuit)?.isReady !== true)
      wrong(`untrue: a wait says that ${begun} has succeeded, and its image cannot be used`)
  }
  const known = cloud.importOf(begun)
  if (outcome?.succeeded === false && outcome.error.kind === 'import-failed' && known?.state !== 'failed')
    if (known !== undefined) wrong(`untrue: a wait says that ${begun} has failed, and it is ${known.state}`)
}
