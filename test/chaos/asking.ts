import * as E from 'fp-ts/lib/Either.js'
import type { ImportSpec } from 'imageferry'
import { claim, type FieldValue, type Pursuing, type Scene, tagged } from './scene.ts'
import { allTags, type Wanted } from './workload.ts'

/** How often what has a key is asked for until it succeeds. */
const mostTries = 3

const specOf = ({ id, key, file, region, tags, description }: Wanted, urlOf: Scene['urlOf']): ImportSpec => ({
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

/** Whether it succeeded, or broke its word so that it is no use to go on. */
const askOnce = async ({ cloud, call, store, wrong, urlOf, limits, pursuit }: Pursuing): Promise<boolean> => {
  const { wanted, asked, claims } = pursuit
  const ended = await call('importFromUrl', limits, (options) => store.importFromUrl(specOf(wanted, urlOf), options))
  if (ended === undefined) return true
  const { result } = ended
  // What is asked for again is found as it is by then.
  const isFirst = !claims.some(({ field, says }) => field === 'there' && says === 'done')
  claim(pursuit, ended, [['there', 'there'], ...(isFirst ? fieldsAskedFor(wanted) : [])])
  if (E.isLeft(result)) {
    asked.push({ error: result.left })
    return false
  }
  const { ref, image } = result.right
  asked.push({ operation: result.right })
  pursuit.image ??= image
  if (cloud.importOf(ref) === undefined) wrong(`untrue: an import succeeded, and the server does not know ${ref}`)
  return true
}

/** Asks for an image: with a key until it is had, without one only once. */
export const ask = async (given: Pursuing & { readonly pauseMs: number }): Promise<void> => {
  const { pursuit, runtime, pauseMs } = given
  const mayRepeat = pursuit.wanted.key !== undefined
  if (!mayRepeat && pursuit.asked.length > 0) return
  let hasEnded = await askOnce(given)
  for (let tries = 1; !hasEnded && mayRepeat && tries < mostTries; tries += 1) {
    await runtime.sleep(pauseMs % 60_000)
    hasEnded = await askOnce({ ...given, limits: {} })
  }
}
