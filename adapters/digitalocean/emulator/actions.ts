import type { StoredAction } from './action-body.ts'
import { regionBySlug, takesImages } from './regions.ts'
import { isRefusal, type Refusal, unknownActionType, unprocessable } from './reply.ts'
import { plan } from './steps.ts'
import type { StoredImage } from './stored-image.ts'
import type { World } from './world.ts'

/** What is to be done. */
interface ActionPlan {
  readonly type: 'transfer' | 'convert'
  readonly region: string | undefined
}

/** Whether an action is one on that image. */
export const isOfImage = ({ resourceType, resourceId }: StoredAction, image: number): boolean =>
  resourceType === 'image' && resourceId === image

const isTransferringTo = ({ actions }: World, image: StoredImage, region: string): boolean =>
  [...actions.values()].some(
    (action) => isOfImage(action, image.id) && action.region === region && action.status === 'in-progress',
  )

/**
 * Plans a copy to one more region: the image keeps its id and gains the region. It must be `available`, and no backup. Only the
 * text about backups is the provider's. [I:digitalocean/api-v2#87 staff, #126, #27; TF:distributeImageToRegions]
 */
const planTransfer = (world: World, image: StoredImage, slug: unknown): ActionPlan | Refusal => {
  const region = regionBySlug(slug)
  if (region === undefined) return unprocessable('region is not a valid region')
  if (image.type === 'backup') return unprocessable('Backups can not be transfered to other regions')
  if (image.status !== 'available') return unprocessable('Image is not available.')
  if (!region.features.includes('image_transfer')) return unprocessable('Images can not be transferred to this region.')
  if (!takesImages(world.settings, region.slug)) return unprocessable('Images can not be transferred to this region.')
  const isThere = image.regions.includes(region.slug) || isTransferringTo(world, image, region.slug)
  // It was meant to be refused; whether it is, is not known. [I:digitalocean/api-v2#27]
  if (isThere && world.settings.transferAgain === 'refused') return unprocessable('Image is already in this region.')
  return { type: 'transfer', region: region.slug }
}

/** Plans a backup's turning into a snapshot, which is kept until it is deleted. [O:imageActions_post.yml] */
const planConversion = ({ type, status, regions }: StoredImage): ActionPlan | Refusal => {
  if (type !== 'backup') return unprocessable('Only backups can be converted to snapshots.')
  if (status !== 'available') return unprocessable('Image is not available.')
  return { type: 'convert', region: regions[0] }
}

const planned = (world: World, image: StoredImage, fields: Readonly<Record<string, unknown>>): ActionPlan | Refusal => {
  if (fields['type'] === 'transfer') return planTransfer(world, image, fields['region'])
  return fields['type'] === 'convert' ? planConversion(image) : unknownActionType
}

/** Starts what a body asks for, and answers the action, in progress. It ends errored if the image is gone by then. */
export const startAction = (
  world: World,
  image: StoredImage,
  fields: Readonly<Record<string, unknown>>,
): StoredAction | Refusal => {
  const wanted = planned(world, image, fields)
  if (isRefusal(wanted)) return wanted
  const startedAtMs = world.clock.now()
  const action: StoredAction = {
    id: world.actionIds.next(),
    type: wanted.type,
    status: 'in-progress',
    resourceType: 'image',
    resourceId: image.id,
    region: wanted.region,
    startedAtMs,
    completedAtMs: null,
  }
  world.actions.set(action.id, action)
  plan(world, { kind: 'action-ends', action: action.id, dueMs: startedAtMs + world.settings.actionDuration })
  return action
}
