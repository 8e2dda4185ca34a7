import { regionBody, regionBySlug } from './regions.ts'
import type { Settings } from './settings.ts'
import { timestamp } from './stored-image.ts'

/** Something that was done to an image or a Droplet, or is being done. [O:resources/actions/models/action.yml] */
export interface StoredAction {
  readonly id: number
  readonly type: 'transfer' | 'convert' | 'snapshot'
  /** There is no text with an errored one. [facts 7] */
  readonly status: 'in-progress' | 'completed' | 'errored'
  readonly resourceType: 'image' | 'droplet'
  readonly resourceId: number
  /** Where to, of a transfer; else where the image or the Droplet was. */
  readonly region?: string | undefined
  readonly startedAtMs: number
  readonly completedAtMs: number | null
}

/** The action as it is sent, without the `action` around it. [EX:spec.image-action.get.200] */
export const actionBody = (action: StoredAction, { scopes, actionRegion }: Settings) => {
  const region = regionBySlug(action.region)
  return {
    id: action.id,
    status: action.status,
    type: action.type,
    started_at: timestamp(action.startedAtMs),
    completed_at: action.completedAtMs === null ? null : timestamp(action.completedAtMs),
    resource_id: action.resourceId,
    resource_type: action.resourceType,
    region:
      region === undefined || actionRegion === 'slug-only' ? null : regionBody(region, scopes.includes('sizes:read')),
    region_slug: actionRegion === 'object-only' ? null : (region?.slug ?? null),
  }
}
