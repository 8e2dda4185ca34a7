import { type ImageStore, ImageStoreError, withPromises } from 'imageferry'
import { digitalOcean } from 'imageferry/digitalocean'
import { startEmulator as startDigitalOcean } from 'imageferry/digitalocean/emulator'
import { gcore } from 'imageferry/gcore'
import { startEmulator as startGcore } from 'imageferry/gcore/emulator'
import { manualClock } from '../../src/emulator/clock.ts'
import { virtualRuntime } from '../virtual-runtime.ts'
import type { AccountImage } from './account.ts'

/** An account at either provider, emulated, with importers that fetch by HEAD and GET. Of what no source tells, they take nothing. */
export const accountImporters = async () => {
  const clock = manualClock()
  const runtime = virtualRuntime(clock)
  const ocean = await startDigitalOcean({ clock, rateLimit: 'headers-only' })
  const cloud = await startGcore({ clock, compression: 'refused' })
  const stores: Readonly<Record<AccountImage['target'], ImageStore>> = {
    digitalocean: digitalOcean({ token: ocean.token, baseUrl: ocean.baseUrl, runtime }),
    gcore: gcore({ apiKey: cloud.apiKey, project: cloud.project, baseUrl: cloud.baseUrl, runtime }),
  }

  return {
    stores,
    /** Whether the provider makes an image of what is at the URL. */
    takes: async (image: AccountImage, url: string): Promise<boolean> => {
      const { importName: name = image.name, region, options } = image
      const { importFromUrl, waitForAll } = withPromises(stores[image.target])
      try {
        const { ref } = await importFromUrl({ name, url, region, ...options })
        const [outcome] = await waitForAll([ref], { runtime })
        return outcome?.succeeded === true
      } catch (error) {
        if (error instanceof ImageStoreError) return false
        throw error
      }
    },
    /** Bugs of the emulators that were caught. */
    failures: (): readonly unknown[] => [...ocean.failures, ...cloud.failures],
    close: async (): Promise<void> => {
      await Promise.all([ocean.close(), cloud.close()])
    },
  }
}
