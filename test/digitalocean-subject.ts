import type { ConformanceSubject } from 'imageferry/conformance'
import { digitalOcean } from 'imageferry/digitalocean'
import { type DigitalOceanEmulatorOptions, startEmulator } from 'imageferry/digitalocean/emulator'
import { qcow2Disk } from '../demo/disk-images.ts'
import { serveFiles } from '../demo/file-server.ts'
import { manualClock } from '../src/emulator/clock.ts'
import { holding, timedRuntime } from './held-answers.ts'
import { direct, type Route } from './route.ts'

const disk = qcow2Disk({ label: 'conformance' })

/** A DigitalOcean store over HTTP against an emulator of its own, with everything that the suite may ask for. */
export const digitalOceanSubject = async (
  options: Omit<DigitalOceanEmulatorOptions, 'clock'> = {},
  route: Route = direct,
): Promise<ConformanceSubject> => {
  const clock = manualClock()
  const held = holding(clock)
  const emulator = await startEmulator({ ...options, clock: held.clock })
  const files = await serveFiles(async (name) => (name === 'good.qcow2' ? disk : undefined))
  const { baseUrl, close } = await route(emulator.baseUrl)
  const runtime = timedRuntime(clock)
  const open = () => digitalOcean({ token: emulator.token, baseUrl, runtime })
  return {
    store: open(),
    reopen: open,
    requestCount: () => emulator.requests.length,
    runtime,
    // Told in hundredths of a gibibyte, of which there is at least one.
    importable: { url: files.urlOf('good.qcow2'), region: 'nyc3', size: { atLeast: disk.length, atMost: 2 ** 24 } },
    brokenUrl: files.urlOf('missing.qcow2'),
    unknownRegion: 'xyz9',
    furtherRegions: ['ams3', 'sgp1'],
    addBackup: async () => `digitalocean:${emulator.addImage({ type: 'backup', name: 'backup-of-a-server' })}`,
    addOddImage: async () => `digitalocean:${emulator.addImage({ status: 'compacting', distribution: 'Plan 9' })}`,
    addServer: async () => ({ id: String(emulator.addDroplet()), unknownId: '999999999' }),
    unknownImage: 'digitalocean:999999999',
    unknownOperation: 'digitalocean:import/999999999',
    populate: async (count, prefix) => {
      for (let index = 0; index < count; index++) emulator.addImage({ name: `${prefix}-${index}` })
    },
    holdAnswers: held.holdAnswers(emulator.faults),
    stop: async () => {
      await close()
      await emulator.close()
      await files.close()
      if (emulator.failures.length > 0) throw emulator.failures[0]
    },
  }
}
