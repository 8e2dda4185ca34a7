import * as E from 'fp-ts/lib/Either.js'
import type { CallOptions, ImportSpec, Operation, StoreTask } from 'imageferry'
import type { Ended } from './calling.ts'
import { saidBy } from './claims.ts'
import type { Cloud } from './cloud.ts'
import { metFault } from './met-faults.ts'
import type { Asked, Pursuit } from './record.ts'
import { claim, type FieldValue, type Pursuing, type Scene, tagged } from './scene.ts'
import { allTags, type Wanted } from './workload.ts'

/** How often what has a key is asked for until it succeeds. */
const mostTries = 3

/** What a file's import is asked for by. */
export const specOf = (
  { id, key, region, tags, description }: Wanted,
  file: string,
  urlOf: Scene['urlOf'],
): ImportSpec => ({
  name: id,
  url: urlOf(file),
  region,
  tags: tags.map(tagged),
  key,
  description,
})

const fieldsAskedFor = ({ id, tags, description = '' }: Wanted): readonly FieldValue[] => [
  ['name', id],
  ['description', description],
  ...allTags.map((tag): FieldValue => [`tag ${tag}`, tags.includes(tag) ? 'there' : 'absent']),
]

/** What is known of an operation that has been begun. */
type Begun = Pick<Operation, 'ref' | 'image'>

/**
 * Whether there is something that the asking for an image could conflict with: what is there of it, or may be, or is being made. Where tasks
 * do not tell their keys, any that a lagging list still shows as under way is enough.
 */
const mayConflict = (cloud: Cloud, { wanted: { id }, asked }: Pursuit, { fromMs, toMs }: Ended<unknown>): boolean =>
  metFault(cloud, fromMs, toMs) ||
  !cloud.tellsKeys ||
  cloud.isBusy() ||
  cloud.images().some(({ name }) => name === id || name.startsWith(`${id}-`)) ||
  asked.some((before) => 'error' in before && saidBy(before.error) === 'perhaps')

/** Whether another process may have removed what a call has made, as a duplicate of what is there under its key. */
const mayBeRemoved = (cloud: Cloud, { wanted: { key } }: Pursuit): boolean =>
  key !== undefined && cloud.stores.length > 1 && cloud.images().some((image) => image.key === key)

/** Puts down what came of asking for an image. */
export const noteAsked = (
  { cloud, wrong }: Pick<Scene, 'cloud' | 'wrong'>,
  pursuit: Pursuit,
  ended: Ended<Begun>,
): Asked => {
  const { wanted, asked, claims } = pursuit
  const { result } = ended
  // What is asked for again is found as it is by then.
  const isFirst = !claims.some(({ field, says }) => field === 'there' && says === 'done')
  claim(pursuit, ended, [['there', 'there'], ...(isFirst ? fieldsAskedFor(wanted) : [])])
  if (E.isLeft(result)) {
    const failed = { error: result.left }
    if (result.left.kind === 'conflict' && !mayConflict(cloud, pursuit, ended))
      wrong(`untrue: asking for ${wanted.id} failed with conflict, and there is nothing that it conflicts with`)
    asked.push(failed)
    return failed
  }
  const { ref, image } = result.right
  const begun = { ref }
  asked.push(begun)
  pursuit.image ??= image
  if (cloud.importOf(ref) === undefined && !mayBeRemoved(cloud, pursuit))
    wrong(`untrue: an import succeeded, and the server does not know ${ref}`)
  return begun
}

/** The member by which a wanted image is asked for. */
const memberFor = ({ cloud, pursuit: { wanted } }: Pursuing) => {
  if (wanted.file !== undefined) return 'importFromUrl'
  return cloud.name === 'digitalocean' ? 'createFromServer' : 'createFromVolume'
}

const asking =
  (member: ReturnType<typeof memberFor>, { store, urlOf, pursuit: { wanted, machine = '' } }: Pursuing) =>
  (options: CallOptions): StoreTask<Operation> => {
    const { id, key, file, region } = wanted
    if (member === 'importFromUrl') return store.importFromUrl(specOf(wanted, file ?? '', urlOf), options)
    return store[member]({ name: id, source: machine, region, key }, options)
  }

/** Asks for an image once. Nothing comes back of a call that broke its word. */
export const askOnce = async (given: Pursuing): Promise<Asked | undefined> => {
  const member = memberFor(given)
  const ended = await given.call(member, given.limits, asking(member, given))
  return ended && noteAsked(given, given.pursuit, ended)
}

/** Asks for an image: with a key until it is had, without one only once. */
export const ask = async (given: Pursuing & { readonly pauseMs: number }): Promise<void> => {
  const { pursuit, runtime, pauseMs } = given
  const mayRepeat = pursuit.wanted.key !== undefined
  if (!mayRepeat && pursuit.asked.length > 0) return
  let asked = await askOnce(given)
  for (let tries = 1; asked !== undefined && 'error' in asked && mayRepeat && tries < mostTries; tries += 1) {
    await runtime.sleep(pauseMs % 60_000)
    asked = await askOnce({ ...given, limits: {} })
  }
}
