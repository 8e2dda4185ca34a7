import { isListed } from './image-lookup.ts'
import { type Refusal, unprocessable } from './reply.ts'
import type { Settings } from './settings.ts'
import type { StoredImage } from './stored-image.ts'
import type { World } from './world.ts'

const catalogues: readonly string[] = ['distribution', 'application'] satisfies StoredImage['catalogue'][]

type Order = (a: StoredImage, b: StoredImage) => number

/** Public images by ascending id and then one's own: the order that was seen; none is documented. [facts 4] */
const inSeenOrder: Order = (a, b) => (a.public === b.public ? a.id - b.id : Number(b.public) - Number(a.public))

const sorted = (images: readonly StoredImage[], { settings, ids }: World): readonly StoredImage[] => {
  switch (settings.listOrder) {
    case 'seen':
      return [...images].sort(inSeenOrder)
    case 'newest-first':
      return [...images].sort((a, b) => b.id - a.id)
    case 'oldest-first':
      return [...images].sort((a, b) => a.id - b.id)
    case 'changing':
      return images
        .map((image) => ({ image, place: ids.integer(0, 1e6) }))
        .sort((a, b) => a.place - b.place)
        .map(({ image }) => image)
  }
}

const fold = (name: string): string => name.toLowerCase()

type Filter = readonly [name: 'private' | 'type' | 'tag', matches: (image: StoredImage) => boolean]

const filtersOf = (query: URLSearchParams, { tagFilterCase }: Settings): readonly Filter[] => {
  const type = query.get('type')
  const tag = query.get('tag_name')
  const isTag = (name: string): boolean =>
    tagFilterCase === 'any' && tag !== null ? fold(name) === fold(tag) : name === tag
  const filters: readonly (Filter | undefined)[] = [
    query.get('private') === 'true' ? ['private', (image) => !image.public] : undefined,
    type === null ? undefined : ['type', (image) => image.catalogue === type],
    tag === null ? undefined : ['tag', (image) => image.tags.some(isTag)],
  ]
  return filters.filter((filter) => filter !== undefined)
}

/** Of several filters those that are heeded; `undefined` where there must not be several. That is not known. [facts 4] */
const heeded = (filters: readonly Filter[], { combinedFilters }: Settings): readonly Filter[] | undefined => {
  if (filters.length < 2 || combinedFilters === 'all') return filters
  if (combinedFilters === 'refused') return undefined
  const alone = filters.filter(([name]) => `${name}-alone` === combinedFilters)
  return alone.length > 0 ? alone : filters
}

/**
 * The images of GET /v2/images. Deleted and failed ones are in no list; those still being imported are.
 * [O:images_list.yml; TF:resource_custom_image.go Read; I:coreos/fedora-coreos-tracker#1586]
 *
 * Unconfirmed: that another `type` is refused.
 */
export const filterImages = (
  world: World,
  query: URLSearchParams,
): { readonly images: readonly StoredImage[] } | Refusal => {
  const type = query.get('type')
  if (type !== null && !catalogues.includes(type)) return unprocessable('type must be distribution or application')
  const filters = heeded(filtersOf(query, world.settings), world.settings)
  if (filters === undefined) return unprocessable('private, type and tag_name can not be combined')
  const found = [...world.images.values()]
    .filter((image) => isListed(image, world))
    .filter((image) => filters.every(([, matches]) => matches(image)))
  return { images: sorted(found, world) }
}
