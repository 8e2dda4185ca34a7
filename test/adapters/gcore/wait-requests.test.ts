import { waitForAll } from 'imageferry'
import { gcore } from 'imageferry/gcore'
import { startEmulator } from 'imageferry/gcore/emulator'
import { describe, expect, it } from 'vitest'
import { qcow2Disk } from '../../../demo/disk-images.ts'
import { serveFiles } from '../../../demo/file-server.ts'
import { manualClock } from '../../../src/emulator/clock.ts'
import { succeed } from '../../either.ts'
import { virtualRuntime } from '../../virtual-runtime.ts'

const disk = qcow2Disk({ label: 'waited-for' })
const imports = 100

describe('waiting for many imports', () => {
  it('costs one task list a look, and at most two image requests an import in its whole life', async () => {
    const clock = manualClock()
    // Six at a time, so that they end one after the other and not all within one look.
    const emulator = await startEmulator({ clock, importDuration: 30_000 })
    const files = await serveFiles(async () => disk)
    const runtime = virtualRuntime(clock)
    const store = gcore({ ...emulator, runtime })
    try {
      const refs = []
      for (let index = 0; index < imports; index++) {
        const region = ['76', '148', '172'][index % 3] ?? '76'
        const spec = { name: `image-${index}`, url: files.urlOf('disk.qcow2'), region }
        refs.push((await succeed(store.importFromUrl(spec))).ref)
      }
      const before = emulator.requests.length
      let looks = 0
      const onProgress = () => {
        looks += 1
      }
      const outcomes = await succeed(waitForAll(store, refs, { runtime, onProgress }))
      expect(outcomes.filter(({ succeeded }) => succeeded)).toHaveLength(imports)

      const paths = emulator.requests.slice(before).map(({ path }) => path)
      const taskLists = paths.filter((path) => path === '/cloud/v1/tasks').length
      // The last look may be at one import alone, whose task is asked for by its id.
      const taskReads = paths.filter((path) => path.startsWith('/cloud/v1/tasks/')).length
      expect(taskLists + taskReads).toBe(looks)
      const imageRequests = paths.filter((path) => /^\/cloud\/v1\/(project)?images\//.test(path)).length
      expect(imageRequests).toBe(paths.length - looks)
      expect(imageRequests).toBeLessThanOrEqual(2 * imports)
    } finally {
      await emulator.close()
      await files.close()
    }
  }, 30_000)
})
