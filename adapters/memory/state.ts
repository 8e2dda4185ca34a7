import type { Image } from '../../src/model/image.ts'
import { type RegionId, regionId } from '../../src/model/region.ts'
import { sizeFromBytes } from '../../src/model/size.ts'
import type { CaptureSpec, ImportSpec } from '../../src/store/requests.ts'
import type { SourceAnswer } from './source.ts'

/** The provider's word for itself. */
export const provider = 'memory'

/** From when to when something takes place, in milliseconds since the epoch; the end is the first moment after it. */
export interface Span {
  readonly begunAt: number
  readonly endsAt: number
}

/** The making of an image as it was begun; what has become of it follows from the time. */
export interface Making extends Span {
  /** The member that began it. */
  readonly by: 'importFromUrl' | 'createFromServer' | 'createFromVolume'
  readonly spec: ImportSpec | CaptureSpec
  readonly region: RegionId
  readonly answer: SourceAnswer
}

/** Everything the store holds: images as they were last written, and what is being done with them, by the images' ids. */
export interface State {
  readonly images: Map<string, Image>
  readonly makings: Map<string, Making>
  /** Copies to further regions, by the region. */
  readonly copies: Map<string, ReadonlyMap<RegionId, Span>>
  /** Conversions of backups. */
  readonly conversions: Map<string, Span>
  nextId: number
}

/** The state of a store that begins with these images. */
export const stateOf = (store: string, images: readonly Image[]): State => ({
  images: new Map(images.map((image) => [image.ref.slice(store.length + 1), image])),
  makings: new Map(),
  copies: new Map(),
  conversions: new Map(),
  nextId: 1,
})

/** How far the making of an image is at a time, in milliseconds since the epoch. It waits for a tenth of its time and then runs. */
const progressAt = (
  { begunAt, endsAt, answer }: Making,
  now: number,
): 'queued' | 'importing' | 'available' | 'failed' => {
  if (now >= endsAt) return answer.found ? 'available' : 'failed'
  return now < begunAt + (endsAt - begunAt) / 10 ? 'queued' : 'importing'
}

const madeAt = (image: Image, making: Making | undefined, now: number): Image => {
  if (making === undefined) return image
  const status = progressAt(making, now)
  const { answer, region } = making
  if (status === 'failed')
    return { ...image, status, providerStatus: status, failure: answer.found ? undefined : answer.reason }
  if (status !== 'available') return { ...image, status, providerStatus: status }
  return {
    ...image,
    status,
    providerStatus: status,
    regions: [regionId(region)],
    size: answer.found ? sizeFromBytes(answer.bytes) : undefined,
  }
}

const endedIn = (copies: ReadonlyMap<RegionId, Span> | undefined, now: number): readonly RegionId[] =>
  [...(copies ?? [])].flatMap(([region, { endsAt }]) => (now >= endsAt ? [region] : []))

/** An image as it is at a time, in milliseconds since the epoch; absent where there is none. */
export const imageAt = (state: State, id: string, now: number): Image | undefined => {
  const written = state.images.get(id)
  if (written === undefined) return undefined
  const image = madeAt(written, state.makings.get(id), now)
  const conversion = state.conversions.get(id)
  const converted =
    conversion !== undefined && now >= conversion.endsAt ? { ...image, kind: 'snapshot' as const } : image
  const regions = endedIn(state.copies.get(id), now)
  return regions.length === 0 ? converted : { ...converted, regions: [...new Set([...image.regions, ...regions])] }
}

/** Forgets an image and all that was done with it. Whether there was one. */
export const forget = (state: State, id: string): boolean => {
  state.makings.delete(id)
  state.copies.delete(id)
  state.conversions.delete(id)
  return state.images.delete(id)
}
