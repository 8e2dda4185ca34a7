import { isRegion } from './seeds.ts'
import type { ImageSeed } from './stored-image.ts'
import { defaultRegionId, imageFromSeed } from './stored-image.ts'
import type { VolumeSeed, World } from './world.ts'

/** Puts images and volumes into a world past the API, and answers their ids. Throws an Error where the id is taken, or there is no such region. */
export const addingTo = (world: World) => {
  const checkIsFree = (held: ReadonlyMap<string, unknown>, id: string): void => {
    if (held.has(id)) throw new Error(`id: ${id} is there already`)
  }
  const checkRegion = (id: number): void => {
    const problem = isRegion(id)
    if (problem !== undefined) throw new Error(`region_id: ${problem}`)
  }
  return {
    addImage: (given: ImageSeed): string => {
      const { ids, clock, settings } = world
      const image = imageFromSeed(given, { id: ids.uuid(), nowMs: clock.now(), visibility: settings.ownVisibility })
      checkIsFree(world.images, image.id)
      checkRegion(image.region_id)
      world.images.set(image.id, image)
      return image.id
    },
    addVolume: ({
      id = world.ids.uuid(),
      region_id = defaultRegionId,
      bootable = true,
      size = 5 * 2 ** 30,
    }: VolumeSeed = {}): string => {
      checkIsFree(world.volumes, id)
      checkRegion(region_id)
      world.volumes.set(id, { id, region_id, bootable, size })
      return id
    },
  }
}
