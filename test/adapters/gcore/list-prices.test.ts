import { gcore } from 'imageferry/gcore'
import { startEmulator } from 'imageferry/gcore/emulator'
import { describe, expect, it } from 'vitest'
import { succeed } from '../../either.ts'

describe('prices', () => {
  it.each(['own', 'public', 'all'] as const)('come with a list of %s images on request', async (scope) => {
    const emulator = await startEmulator({ timeScale: 0 })
    try {
      emulator.addImage({ name: 'web' })
      const store = gcore({ ...emulator, regions: [76] })
      const asked = () => emulator.requests.filter(({ query }) => query['include_prices'] !== undefined)
      const { images } = await succeed(store.listPage({ scope }))
      expect(images.every(({ price }) => price === undefined)).toBe(true)
      expect(asked()).toEqual([])
      const withPrices = await succeed(store.listPage({ scope, withPrices: true }))
      expect(withPrices.images.length).toBeGreaterThan(0)
      expect(withPrices.images.every(({ price }) => price?.currency === 'USD')).toBe(true)
      expect(asked()).toHaveLength(1)
    } finally {
      await emulator.close()
    }
  })
})
