import { conformance } from 'imageferry/conformance'
import { memory } from 'imageferry/memory'
import { describe, it } from 'vitest'
import { manualClock } from '../../src/emulator/clock.ts'
import { virtualRuntime } from '../virtual-runtime.ts'

const brokenUrl = 'http://localhost/broken.qcow2'

conformance(
  { describe, it },
  {
    name: 'memory',
    capabilities: memory().capabilities,
    start: async () => {
      const runtime = virtualRuntime(manualClock())
      const store = memory({
        runtime,
        importDurationMs: 60_000,
        source: (url) => (url === brokenUrl ? { found: false, reason: 'no image' } : { found: true, bytes: 4096 }),
      })
      return {
        store,
        // Its images are in this process alone: there is no other one to open it from.
        reopen: () => store,
        requestCount: () => 0,
        runtime,
        importable: { url: 'http://localhost/good.qcow2', region: 'here' },
        brokenUrl,
        unknownRegion: 'nowhere',
        unknownImage: 'memory:999',
        unknownOperation: 'memory:import/999',
        populate: async (count, prefix) => {
          for (let index = 0; index < count; index++)
            await store.importFromUrl({
              name: `${prefix}-${index}`,
              url: 'http://localhost/good.qcow2',
              region: 'here',
            })()
        },
        stop: async () => {},
      }
    },
  },
)
