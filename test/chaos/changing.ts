import * as E from 'fp-ts/lib/Either.js'
import { type Operation, type Outcome, waitForAll } from 'imageferry'
import { saidBy } from './claims.ts'
import { imageOf } from './record.ts'
import { type Changing, checkShown, claim, type FieldValue, tagged } from './scene.ts'
import type { Action } from './workload.ts'

/** What an update shall change. */
export type Update = Pick<Extract<Action, { readonly kind: 'update' }>, 'name' | 'description' | 'put' | 'drop'>

const fieldsOfUpdate = ({ name, description, put, drop }: Update): readonly FieldValue[] => [
  ...(name === undefined ? [] : [['name', name] as const]),
  ...(description === undefined ? [] : [['description', description] as const]),
  ...put.map((tag): FieldValue => [`tag ${tag}`, 'there']),
  ...drop.map((tag): FieldValue => [`tag ${tag}`, 'absent']),
]

/** Changes an image, which the server shows as soon as that has succeeded. */
export const update = async (given: Changing, patch: Update): Promise<void> => {
  const { call, store, limits, image, pursuit } = given
  const { name, description, put, drop } = patch
  const tags = { put: put.map(tagged), drop: drop.map(tagged) }
  const ended = await call('update', limits, (options) => store.update(image, { name, description, tags }, options))
  if (ended === undefined) return
  const fields = fieldsOfUpdate(patch)
  claim(pursuit, ended, fields)
  if (E.isRight(ended.result)) checkShown(given, pursuit, fields)
}

/** How operations ended, as far as a wait could tell. */
const ended = async (
  { call, store, runtime }: Changing,
  operations: readonly Operation[],
): Promise<readonly Outcome[]> => {
  const refs = operations.map(({ ref }) => ref)
  const waited = await call('getOperations', {}, ({ signal }) => waitForAll(store, refs, { signal, runtime }))
  return waited !== undefined && E.isRight(waited.result) ? waited.result.right : []
}

/** Makes an image usable in further regions, where the server has it when that has ended. */
export const replicate = async (given: Changing, regions: readonly string[]): Promise<void> => {
  const { cloud, call, store, wrong, limits, image, pursuit } = given
  const begun = await call('replicate', limits, (options) => store.replicate(image, regions, options))
  if (begun === undefined || E.isLeft(begun.result)) return
  const outcomes = await ended(given, begun.result.right)
  const shown = imageOf(cloud, pursuit)
  for (const [index, region] of regions.entries())
    if (outcomes[index]?.succeeded === true && shown?.regions.includes(region) === false)
      wrong(`untrue: a replication of ${image} to ${region} has succeeded, and it is not there`)
}

/** Deletes an image, which is gone when that has ended. */
export const remove = async (given: Changing): Promise<void> => {
  const { cloud, runtime, call, store, wrong, limits, image, pursuit } = given
  const begun = await call('delete', limits, (options) => store.delete(image, options))
  if (begun === undefined) return
  const outcomes = E.isRight(begun.result) ? await ended(given, [begun.result.right]) : []
  const isDone = outcomes[0]?.succeeded === true
  pursuit.claims.push({
    field: 'there',
    value: 'absent',
    fromMs: begun.fromMs,
    toMs: runtime.now(),
    says: isDone ? 'done' : E.isLeft(begun.result) ? saidBy(begun.result.left) : 'perhaps',
  })
  if (isDone && imageOf(cloud, pursuit) !== undefined)
    wrong(`untrue: the deletion of ${image} has succeeded, and it is there`)
}
