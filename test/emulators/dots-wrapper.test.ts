import { createApiClient } from 'dots-wrapper'
import { startEmulator } from 'imageferry/digitalocean/emulator'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { manualClock } from '../../src/emulator/clock.ts'
import { bootableDisk, startFileSource } from './file-source.ts'

// Its requests would take the environment's proxy, to this machine too.
beforeEach(() => {
  for (const name of ['NO_PROXY', 'no_proxy']) vi.stubEnv(name, '*')
})

afterEach(() => vi.unstubAllEnvs())

/** A client of DigitalOcean's API that has nothing to do with this project. */
describe('dots-wrapper', () => {
  it('works with the emulator as with DigitalOcean', async () => {
    const clock = manualClock()
    const emulator = await startEmulator({ clock })
    const files = await startFileSource({ '/web.raw': { bytes: bootableDisk() } })
    try {
      const client = createApiClient({ token: emulator.token, endpoint: `${emulator.baseUrl}/v2` })

      const { data: regions } = await client.region.listRegions({})
      expect(regions.regions.map(({ slug }) => slug)).toContain('nyc3')
      const { data: catalogue } = await client.image.listImages({ type: 'distribution', per_page: 5 })
      expect(catalogue.images.length).toBe(5)
      const [known] = catalogue.images
      const { data: found } = await client.image.getImage({ slug: known?.slug ?? '' })
      expect(found.image.id).toBe(known?.id)

      const spec = {
        name: 'web',
        url: files.url('/web.raw'),
        region: 'nyc3',
        distribution: 'Ubuntu',
        tags: ['web'],
      } as const
      const { data: made, status } = await client.image.createCustomImage({
        ...spec,
        description: 'A site',
        tags: [...spec.tags],
      })
      expect([status, made.image.status]).toEqual([202, 'NEW'])
      const { id } = made.image
      await clock.advance(600_000)
      expect((await client.image.getImage({ image_id: id })).data.image.status).toBe('available')
      expect((await client.image.listImages({ user_images: true })).data.images.map((image) => image.id)).toEqual([id])
      expect((await client.image.listImages({ tag_name: 'web' })).data.images.map((image) => image.id)).toEqual([id])

      // Its updateImage sends POST where the API has PUT, and is refused, as the API would.
      await expect(client.image.updateImage({ image_id: id, name: 'site' })).rejects.toThrow('405')

      const { data: begun } = await client.image.transferImage({ image_id: id, region: 'ams3' })
      await clock.advance(600_000)
      const { data: done } = await client.image.getImageAction({ image_id: id, action_id: begun.action.id })
      expect(done.action.status).toBe('completed')
      expect((await client.image.getImage({ image_id: id })).data.image.regions).toEqual(['nyc3', 'ams3'])

      const resources = [{ resource_id: String(id), resource_type: 'image' as const }]
      await client.tag.createTag({ name: 'env:prod' })
      await client.tag.tagResources({ tag_name: 'env:prod', resources })
      expect((await client.image.getImage({ image_id: id })).data.image.tags).toEqual(['web', 'env:prod'])
      await client.tag.untagResources({ tag_name: 'env:prod', resources })

      const droplet = emulator.addDroplet()
      await client.droplet.snapshotDroplet({ droplet_id: droplet, name: 'nightly' })
      await clock.advance(3_600_000)
      const { data: snapshots } = await client.snapshot.listSnapshots({ resource_type: 'droplet' })
      expect(snapshots.snapshots.map(({ name }) => name)).toEqual(['nightly'])

      expect((await client.image.deleteImage({ image_id: id })).status).toBe(204)
      await expect(client.image.getImage({ image_id: id })).rejects.toThrow('404')
      expect(emulator.failures).toEqual([])
    } finally {
      await emulator.close()
      await files.close()
    }
  })
})
