import { type Image, isReady, isSettled, type Loss, type PromiseImageStore, showTag } from 'imageferry'
import type { Going } from './plan.ts'

/** An image of that name that the region has already, or is getting: a second run must not make a second one. */
export const presentImage = async (
  target: PromiseImageStore,
  { spec }: Going,
  signal: AbortSignal,
): Promise<Image | undefined> => {
  const images = await target.collect({ name: spec.name, regions: [spec.region] }, { signal })
  return images.find(isReady) ?? images.find((image) => !isSettled(image))
}

/** What the target could not hold of an image that was there already: a second value of a key, where it holds one. */
export const knownLosses = (target: PromiseImageStore, { spec }: Going): readonly Loss[] => {
  if (target.capabilities.tags.repeatedKeys) return []
  const keys = new Set<string>()
  return (spec.tags ?? []).flatMap((tag): readonly Loss[] => {
    if (!keys.has(tag.key)) {
      keys.add(tag.key)
      return []
    }
    return [{ field: 'tags', wanted: showTag(tag), reason: 'The target holds one value for a key' }]
  })
}
