import type { StatusCase } from './settings.ts'
import type { StoredImage } from './stored-image.ts'

const statusWord = ({ status }: StoredImage, statusCase: StatusCase): string =>
  status === 'NEW' && statusCase === 'lower' ? 'new' : status

/** The image as it is read, listed and updated: every field of it. [O:resources/images/models/image.yml] */
export const imageBody = (image: StoredImage, statusCase: StatusCase) => {
  const { catalogue: _, droplet: __, ...fields } = image
  return { ...fields, status: statusWord(image, statusCase) }
}

/**
 * The image as the answer to an import has it: without `public`, `slug`, `min_disk_size` and `size_gigabytes`, and with an
 * unknown distribution spelled otherwise than later. [O:images/responses/new_custom_image.yml; I:digitalocean/doctl#671]
 */
export const createdImageBody = (image: StoredImage, statusCase: StatusCase) => ({
  created_at: image.created_at,
  description: image.description,
  distribution: image.distribution === 'Unknown' ? 'Unknown OS' : image.distribution,
  error_message: image.error_message,
  id: image.id,
  name: image.name,
  regions: image.regions,
  type: image.type,
  tags: image.tags,
  status: statusWord(image, statusCase),
})
