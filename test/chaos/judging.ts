import { possibleValues, tellsOfChanges } from './claims.ts'
import type { Cloud, ServerImage } from './cloud.ts'
import { fieldsOf, imageOf, type Pursuit } from './record.ts'
import { isGood } from './workload.ts'

/** The wanted image that an image of the server is, by its name: it begins with the wanted image's id whatever it was changed to. */
const isOf = ({ name }: ServerImage, { wanted: { id } }: Pursuit): boolean => name === id || name.startsWith(`${id}-`)

const listed = (images: readonly ServerImage[]): string => images.map(({ ref, name }) => `${ref} (${name})`).join(', ')

/**
 * The images that nobody was told of: no call that succeeded has named them, and there are more of them than calls that failed and
 * said that something may be there.
 */
const unreportedOf = (
  cloud: Cloud,
  { asked, image }: Pursuit,
  images: readonly ServerImage[],
): readonly ServerImage[] => {
  const named = new Set<string | undefined>([
    image,
    ...asked.map((ended) => ('ref' in ended ? cloud.importOf(ended.ref)?.image : undefined)),
  ])
  const hinted = asked.filter((ended) => 'error' in ended && tellsOfChanges(ended.error)).length
  return images.filter(({ ref }) => !named.has(ref)).slice(hinted)
}

/** What is wrong with what those were told who waited until they were: it is the image that is there. */
const wrongInSecured = ({ wanted, secured }: Pursuit, images: readonly ServerImage[]): readonly string[] => {
  const told = [...new Set(secured)].filter((image) => !images.some(({ ref }) => ref === image))
  return told.length === 0
    ? []
    : [`told: who waited for ${wanted.id} was told ${told.join(', ')}, and there is ${listed(images) || 'nothing'}`]
}

/** What is wrong with how many images there are, and with what was said of them. */
const wrongInNumber = (cloud: Cloud, pursuit: Pursuit, images: readonly ServerImage[]): readonly string[] => {
  const { wanted, asked, claims } = pursuit
  const told = wanted.key === undefined ? 'without a key' : `under ${wanted.key}`
  const unreported = unreportedOf(cloud, pursuit, images)
  const foreign = images.filter(({ key }) => key !== wanted.key)
  const there = possibleValues(claims, 'there', 'absent')
  return [
    ...(images.length > 1 ? [`twice: ${wanted.id}, asked for ${told}, is there as ${listed(images)}`] : []),
    ...(unreported.length > 0
      ? [`unreported: ${listed(unreported)}; ${told} ${asked.length} calls ended with ${endingsOf(pursuit)}`]
      : []),
    ...(foreign.length > 0 ? [`key: ${listed(foreign)} has the key ${foreign[0]?.key}, not ${wanted.key}`] : []),
    ...(images.length > 0 && !there.has('there')
      ? [`deleted: ${listed(images)} is there, and its deletion has succeeded`]
      : []),
    ...wrongInSecured(pursuit, images),
  ]
}

const endingsOf = ({ asked }: Pursuit): string =>
  asked.map((ended) => ('ref' in ended ? 'ok' : ended.error.kind)).join(', ') || 'nothing'

/**
 * Whether an import succeeded of which nothing is there, though the file was good, the provider has not given it up, and nobody has
 * deleted it. What a key has begun may have become of another import under it, which is there.
 */
const isLost = (cloud: Cloud, { wanted, claims, asked }: Pursuit, images: readonly ServerImage[]): boolean => {
  const begun = asked.flatMap((ended) => ('ref' in ended ? [cloud.importOf(ended.ref)] : []))
  return (
    isGood(wanted) &&
    begun.some((known) => known?.state !== 'failed') &&
    !possibleValues(claims, 'there', 'absent').has('absent') &&
    images.length === 0
  )
}

/** What is wrong with an image that a call has named: it is not there, or a field of it is not as a call has said. */
const wrongInContent = (cloud: Cloud, pursuit: Pursuit, images: readonly ServerImage[]): readonly string[] => {
  const { wanted, claims } = pursuit
  if (isLost(cloud, pursuit, images)) return [`lost: ${wanted.id} was imported, and nothing of it is there`]
  const image = imageOf(cloud, pursuit)
  if (image === undefined) return []
  const shown = fieldsOf(image)
  return [...new Set(claims.map(({ field }) => field))].flatMap((field) => {
    const possible = possibleValues(claims, field, 'absent')
    const value = shown.get(field) ?? 'absent'
    return field === 'there' || possible.has(value)
      ? []
      : [`changed: ${image.ref} has ${field} ${value}, and calls said ${[...possible].join(' or ')}`]
  })
}

/**
 * What is wrong in the end, when everything that was to come has: a success that the server does not show, an image that is there
 * twice, or one that nobody was told of. Each begins with a word for its sort.
 */
export const judge = (cloud: Cloud, pursuits: readonly Pursuit[]): readonly string[] => {
  const images = cloud.images().filter(({ name }) => !name.startsWith('other-'))
  const nobodys = images.filter((image) => !pursuits.some((pursuit) => isOf(image, pursuit)))
  return [
    ...pursuits.flatMap((pursuit) => {
      const own = images.filter((image) => isOf(image, pursuit))
      return [...wrongInNumber(cloud, pursuit, own), ...wrongInContent(cloud, pursuit, own)]
    }),
    ...(nobodys.length > 0 ? [`unreported: ${listed(nobodys)}, whose names nobody gave`] : []),
    ...cloud.failures.map((failure) => `emulator: ${String(failure)}`),
  ].map((what) => `${cloud.name}: ${what}`)
}
