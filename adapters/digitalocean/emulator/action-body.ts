import { regionBody, regionBySlug } from './regions.ts'
import type { StoredImage } from './stored-image.ts'
import { timestamp } from './stored-image.ts'

/** Something that was done to an image, or is being done. [O:resources/actions/models/action.yml] */
export interface StoredAction {
  readonly id: number
  readonly type: 'transfer' | 'convert'
  /** There is no text with an errored one. [facts 7] */
  readonly status: 'in-progress' | 'completed' | 'errored'
  readonly imageId: StoredImage['id']
  /** Where to, of a transfer; else where the image was. */
  readonly region: string | undefined
  readonly startedAtMs: number
  readonly completedAtMs: number | null
}

/** The action as it is sent, without the `action` around it. [EX:spec.image-action.get.200] */
export const actionBody = (action: StoredAction, withSizes: boolean) => {
  const region = regionBySlug(action.region)
  return {
    id: action.id,
    status: action.status,
    type: action.type,
    started_at: timestamp(action.startedAtMs),
    completed_at: action.completedAtMs === null ? null : timestamp(action.completedAtMs),
    resource_id: action.imageId,
    resource_type: 'image',
    region: region === undefined ? null : regionBody(region, withSizes),
    region_slug: region?.slug ?? null,
  }
}
