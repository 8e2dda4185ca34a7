import { conformance } from 'imageferry/conformance'
import { memory } from 'imageferry/memory'
import { describe, it } from 'vitest'
import { manualClock } from '../../src/emulator/clock.ts'
import { memorySubject } from '../memory-subject.ts'
import { virtualRuntime } from '../virtual-runtime.ts'

const brokenUrl = 'http://localhost/broken.qcow2'

conformance(
  { describe, it },
  {
    name: 'memory',
    capabilities: memory().capabilities,
    start: async () => memorySubject(),
  },
)

const everything = memory().capabilities

/** A store that can do little: what it lacks has to be refused, and the rest has to work. */
const little = {
  ...everything,
  operations: {
    ...everything.operations,
    update: { supported: false, reason: 'It is read-only' },
    delete: { supported: false, reason: 'It is read-only' },
    findOperations: { supported: false, reason: 'It takes no keys' },
    replicate: { supported: false, reason: 'It has each image once' },
    createFromServer: { supported: false, reason: 'It has no servers' },
    createFromVolume: { supported: false, reason: 'It has no volumes' },
    createFromBackup: { supported: false, reason: 'It has no backups' },
  },
  import: { ...everything.import, fields: ['tags'] },
} as const

const clock = manualClock()

conformance(
  { describe, it },
  {
    name: 'memory that can do little',
    capabilities: little,
    start: async () => {
      const runtime = virtualRuntime(clock)
      const store = memory({
        name: 'little',
        runtime,
        capabilities: little,
        pageSize: 7,
        regions: ['here', 'there'],
        source: (url) => (url === brokenUrl ? { found: false, reason: 'no image' } : { found: true, bytes: 1 }),
      })
      return {
        store,
        reopen: () => store,
        requestCount: () => 0,
        runtime,
        importable: { url: 'https://example.com/good.raw', region: 'there' },
        hasNoPayloads: true,
        brokenUrl,
        unknownRegion: 'nowhere',
        unknownImage: 'little:999',
        unknownOperation: 'little:delete/1',
        populate: async (count, prefix) => {
          for (let index = 0; index < count; index++)
            await store.importFromUrl({
              name: `${prefix}-${index}`,
              url: 'https://example.com/good.raw',
              region: 'here',
            })()
        },
        stop: async () => {},
      }
    },
  },
)
