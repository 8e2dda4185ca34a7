import type { KnownAnswer, KnownAnswers, KnownSort } from '../../src/http/drift.ts'
import { toState } from './actions.ts'
import { toStatus } from './image.ts'
import { isKnownRegion } from './regions.ts'
import * as Wire from './wire.ts'

const image: KnownSort = {
  of: 'image',
  fields: new Set(Wire.Image.fields),
  status: { field: 'status', isKnown: (word) => toStatus(word, undefined) !== 'unknown' },
  region: { field: 'regions', isKnown: isKnownRegion },
}

const action: KnownSort = {
  of: 'action',
  fields: new Set(Wire.Action.fields),
  status: { field: 'status', isKnown: (word) => toState(word) !== 'unknown' },
  region: { field: 'region_slug', isKnown: isKnownRegion },
}

const region: KnownSort = {
  of: 'region',
  // The sizes of droplets are of no use to images. Source: openapi region.yml.
  fields: new Set([...Wire.Region.fields, 'sizes']),
  region: { field: 'slug', isKnown: isKnownRegion },
}

/** What this version knows of DigitalOcean's images, actions and regions: what else comes is told as drift. */
export const knownAnswers: KnownAnswers = new Map<unknown, KnownAnswer>([
  [Wire.ImageList, { sort: image, at: 'images' }],
  [Wire.ImageAnswer, { sort: image, at: 'image' }],
  [Wire.AcceptedImage, { sort: image, at: 'image' }],
  [Wire.ActionList, { sort: action, at: 'actions' }],
  [Wire.ActionAnswer, { sort: action, at: 'action' }],
  [Wire.RegionList, { sort: region, at: 'regions' }],
])
