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

/** What waiting for so many imports costs, spread over regions. */
const waiting = async (imports: number, regions: readonly string[], settleDuration?: number) => {
  const clock = manualClock()
  // Six at a time, so that they end one after the other and not all within one look.
  const emulator = await startEmulator({
    clock,
    importDuration: 30_000,
    ...(settleDuration !== undefined && { settleDuration }),
  })
  const files = await serveFiles(async () => disk)
  const runtime = virtualRuntime(clock)
  const store = gcore({ ...emulator, runtime })
  try {
    const refs = []
    for (let index = 0; index < imports; index++) {
      const region = regions[index % regions.length] ?? '76'
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
    return {
      looks,
      // The last look may be at one import alone, whose task is asked for by its id.
      taskRequests: paths.filter((path) => path.startsWith('/cloud/v1/tasks')).length,
      imageRequests: paths.filter((path) => !path.startsWith('/cloud/v1/tasks')).length,
    }
  } finally {
    await emulator.close()
    await files.close()
  }
}

const manyRegions = ['64', '68', '76', '148', '160', '164', '172', '176', '180', '184', '196']

describe('waiting for imports', () => {
  it.each([
    [100, ['76', '148', '172']],
    [100, manyRegions],
    [1, ['76']],
    [5, manyRegions],
  ])(
    'costs one task list a look, and at most two image requests an import in its whole life: %d in %j',
    async (imports, regions) => {
      const { looks, taskRequests, imageRequests } = await waiting(imports, regions)
      expect(taskRequests).toBe(looks)
      expect(imageRequests).toBeLessThanOrEqual(2 * imports)
    },
  )

  it.each([
    [60_000, 6],
    [600_000, 24],
  ])('that settle for %d ms costs few looks more', async (settleDuration, most) => {
    const { imageRequests } = await waiting(1, ['76'], settleDuration)
    expect(imageRequests).toBeLessThanOrEqual(most)
  })
})
