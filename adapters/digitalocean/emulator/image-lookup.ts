import { forbidden, idIn, notFound, type Refusal } from './reply.ts'
import type { StoredImage } from './stored-image.ts'
import type { World } from './world.ts'

const isForgotten = ({ deletedAtMs }: StoredImage, { settings, clock }: World): boolean =>
  deletedAtMs !== undefined &&
  settings.deletedReadableFor !== undefined &&
  clock.now() >= deletedAtMs + settings.deletedReadableFor

/** Whether a new image is found by its id yet, and one that is `deleted` still. */
const isReadable = (image: StoredImage, world: World): boolean =>
  (image.readableFromMs ?? 0) <= world.clock.now() && !isForgotten(image, world)

/** The image of the id in a path. */
export const imageAt = (world: World, id: string | undefined): StoredImage | undefined => {
  const number = idIn(id)
  const image = number === undefined ? undefined : world.images.get(number)
  return image !== undefined && isReadable(image, world) ? image : undefined
}

/** The image of the id in a path, if it is one's own. Public ones are refused with 403, not 404, which is unconfirmed. */
export const ownImageAt = (world: World, id: string | undefined): StoredImage | Refusal => {
  const image = imageAt(world, id)
  if (image === undefined) return notFound
  return image.public ? forbidden : image
}

/** Whether the lists have an image: new ones can come late, and deleted and failed ones are in none. [TF:resource_custom_image.go Read] */
export const isListed = (image: StoredImage, { clock }: World): boolean =>
  image.status !== 'deleted' && image.unlisted !== true && (image.listedFromMs ?? 0) <= clock.now()
