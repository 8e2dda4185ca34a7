import { forbidden, idIn, notFound, type Refusal } from './reply.ts'
import type { StoredImage } from './stored-image.ts'
import type { World } from './world.ts'

/** The image of the id in a path. */
export const imageAt = ({ images }: World, id: string | undefined): StoredImage | undefined => {
  const number = idIn(id)
  return number === undefined ? undefined : images.get(number)
}

/** The image of the id in a path, if it is one's own. Public ones are refused with 403, not 404, which is unconfirmed. */
export const ownImageAt = (world: World, id: string | undefined): StoredImage | Refusal => {
  const image = imageAt(world, id)
  if (image === undefined) return notFound
  return image.public ? forbidden : image
}
