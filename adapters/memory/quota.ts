import { ImageStoreError } from '../../src/model/error.ts'
import type { Image } from '../../src/model/image.ts'
import { regionId } from '../../src/model/region.ts'
import type { Quota } from '../../src/store/quota.ts'
import { imageAt, type State } from './state.ts'

const counts = ({ visibility, status }: Image): boolean =>
  visibility !== 'public' && status !== 'failed' && status !== 'deleted'

/** What a region has, what is about to be there included. `now` is in milliseconds since the epoch. */
const usedIn = (state: State, region: string, now: number): number =>
  [...state.images.keys()].filter((id) => {
    const image = imageAt(state, id, now)
    const comes = state.makings.get(id)?.region === region || state.copies.get(id)?.has(regionId(region)) === true
    return image !== undefined && counts(image) && (comes || image.regions.some((one) => one === region))
  }).length

/** The images that a region may hold and holds; without a limit nothing is said of it. */
export const quotaOf = (state: State, limits: Readonly<Record<string, number>>, region: string, now: number): Quota => {
  const limit = Object.hasOwn(limits, region) ? limits[region] : undefined
  return limit === undefined ? {} : { images: { limit, used: usedIn(state, region, now) } }
}

/** Why one more image has no room in a region; absent where it has. */
export const reasonAgainstMore = ({ images }: Quota, region: string): ImageStoreError | undefined =>
  images === undefined || images.used < images.limit
    ? undefined
    : new ImageStoreError('quota-exceeded', `The region "${region}" holds ${images.used} of ${images.limit} images`, {
        hint: 'Delete images in that region, or choose another region',
      })
