import type { ConformanceSubject } from 'imageferry/conformance'
import { gcore } from 'imageferry/gcore'
import { type GcoreEmulatorOptions, type ImageSeed, startEmulator } from 'imageferry/gcore/emulator'
import { qcow2Disk } from '../demo/disk-images.ts'
import { serveFiles } from '../demo/file-server.ts'
import { manualClock } from '../src/emulator/clock.ts'
import { holding, timedRuntime } from './held-answers.ts'
import { direct, type Route } from './route.ts'

const disk = qcow2Disk({ label: 'conformance' })
const regions = [76, 148, 172]
const unknownId = '00000000-0000-4000-8000-000000000000'

/** A Gcore store over HTTP against an emulator of its own, with everything that the suite may ask for. */
export const gcoreSubject = async (
  options: Omit<GcoreEmulatorOptions, 'clock'> = {},
  route: Route = direct,
): Promise<ConformanceSubject> => {
  const clock = manualClock()
  const held = holding(clock)
  const emulator = await startEmulator({ ...options, clock: held.clock })
  const files = await serveFiles(async (name) => (name === 'good.qcow2' ? disk : undefined))
  const { baseUrl, close } = await route(emulator.baseUrl)
  const runtime = timedRuntime(clock)
  const open = () => gcore({ apiKey: emulator.apiKey, project: emulator.project, baseUrl, regions, runtime })
  const add = (image: ImageSeed) => async () => `gcore:${emulator.project}/76/${emulator.addImage(image)}`
  return {
    store: open(),
    reopen: open,
    requestCount: () => emulator.requests.length,
    runtime,
    // A region that has servers of every sort.
    importable: {
      url: files.urlOf('good.qcow2'),
      region: '148',
      size: { atLeast: disk.length, atMost: disk.length },
    },
    brokenUrl: files.urlOf('missing.qcow2'),
    unknownRegion: '999999',
    // Luxembourg: in use, and without a quota for images.
    fullRegion: '6',
    unknownImage: `gcore:${emulator.project}/76/${unknownId}`,
    unknownOperation: `gcore:${emulator.project}/76/task/${unknownId}`,
    populate: async (count, prefix) => {
      for (let index = 0; index < count; index++)
        emulator.addImage({ name: `${prefix}-${index}`, region_id: regions[index % regions.length] ?? 76 })
    },
    furtherRegions: ['76', '172'],
    addOddImage: add({ status: 'compacting', visibility: 'community' }),
    addLocked: add({ task_id: unknownId }),
    addInUse: add({ inUse: true }),
    breakRegion: (region) => emulator.failRegion(Number(region), 503),
    addVolume: async () => ({ id: emulator.addVolume(), region: '76', unknownId }),
    holdAnswers: held.holdAnswers(emulator.faults),
    stop: async () => {
      await close()
      await emulator.close()
      await files.close()
      if (emulator.failures.length > 0) throw emulator.failures[0]
    },
  }
}
