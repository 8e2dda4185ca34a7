import type { Settings } from './settings.ts'
import { innerFields, type StoredImage } from './stored-image.ts'

const statusWord = ({ status }: StoredImage, { statusCase }: Settings): string =>
  status === 'NEW' && statusCase === 'lower' ? 'new' : status

const inOrder = (tags: readonly string[], { tagOrder }: Settings): readonly string[] =>
  tagOrder === 'alphabetical' ? [...tags].sort() : tags

/** Tags as an image and a snapshot have them. */
export const tagsBody = ({ tags }: StoredImage, settings: Settings): readonly string[] | null =>
  settings.noTags === 'null' && tags.length === 0 ? null : inOrder(tags, settings)

const later = (distribution: string, { unknownDistribution }: Settings): string =>
  distribution === 'Unknown' && unknownDistribution === 'Unknown OS' ? 'Unknown OS' : distribution

const atFirst = (distribution: string, { unknownDistribution }: Settings): string =>
  distribution === 'Unknown' && unknownDistribution !== 'Unknown' ? 'Unknown OS' : distribution

const errorBody = ({ error_message }: StoredImage, { noErrorMessage }: Settings) =>
  error_message === '' && noErrorMessage === 'absent' ? {} : { error_message }

/** The regions as an image has them: some samples have one of them twice. [EX:spec.image.update.200] */
const regionsBody = ({ regions }: StoredImage, { regionsRepeated }: Settings): readonly string[] =>
  regionsRepeated === 'yes' ? [...regions, ...regions.slice(0, 1)] : regions

/** The image as it is listed: every field of it. [O:resources/images/models/image.yml] */
export const imageBody = (image: StoredImage, settings: Settings): Readonly<Record<string, unknown>> => {
  const own: Record<string, unknown> = { ...image }
  for (const name of [...innerFields, 'error_message']) delete own[name]
  return {
    ...own,
    ...errorBody(image, settings),
    slug: image.slug === null && settings.noSlug === 'empty' ? '' : image.slug,
    distribution: later(image.distribution, settings),
    regions: regionsBody(image, settings),
    tags: tagsBody(image, settings),
    status: statusWord(image, settings),
  }
}

/** The image as it is read by itself and answered to an update. [EX:spec.image.get.public.200] */
export const singleImageBody = (image: StoredImage, settings: Settings): Readonly<Record<string, unknown>> => {
  const { type, ...others } = imageBody(image, settings)
  return settings.singleType === 'absent' ? others : { ...others, type }
}

/**
 * The image as the answer to an import has it: without `public`, `slug`, `min_disk_size` and `size_gigabytes`, and with an
 * unknown distribution that can be spelled otherwise than later. [O:images/responses/new_custom_image.yml; I:digitalocean/doctl#671]
 */
export const createdImageBody = (image: StoredImage, settings: Settings) => ({
  created_at: image.created_at,
  description: image.description,
  distribution: atFirst(image.distribution, settings),
  ...errorBody(image, settings),
  id: image.id,
  name: image.name,
  regions: image.regions,
  type: image.type,
  tags: tagsBody(image, settings),
  status: statusWord(image, settings),
})
