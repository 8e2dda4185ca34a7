import { importAll } from 'imageferry'
import { digitalOcean } from 'imageferry/digitalocean'
import { startEmulator } from 'imageferry/digitalocean/emulator'
import { beforeAll, describe, expect, it } from 'vitest'
import { qcow2Disk } from '../../../demo/disk-images.ts'
import { serveFiles } from '../../../demo/file-server.ts'
import { rightOf, succeed } from '../../either.ts'
import { simulatedTime } from '../../simulated-time.ts'

const minute = 60_000
const day = 24 * 60 * minute
const disk = qcow2Disk({ label: 'import-all' })

/** The HTTP library is loaded with the first request, and simulated time does not wait for that. */
beforeAll(async () => {
  const emulator = await startEmulator({ timeScale: 0 })
  await succeed(digitalOcean(emulator).listRegions())
  await emulator.close()
})

describe('ten imports into a DigitalOcean account', () => {
  it('are in flight together, each with an outcome of its own, at less than half of what the account may ask', async () => {
    const { clock, runtime, run, outstanding, stop } = simulatedTime(1)
    const emulator = await startEmulator({ clock, importDuration: 10 * minute })
    const files = await serveFiles(async (name) => (name === 'missing.qcow2' ? undefined : disk))
    const store = digitalOcean({ ...emulator, runtime })
    const specs = Array.from({ length: 10 }, (_, index) => ({
      name: `web-${index}`,
      url: files.urlOf(index === 7 ? 'missing.qcow2' : 'web.qcow2'),
      region: 'nyc3',
      key: `run-${index}`,
    }))
    let most = 0
    const onProgress = ({ inFlight }: { readonly inFlight: number }) => {
      most = Math.max(most, inFlight)
    }
    const begun = clock.now()
    try {
      const outcomes = rightOf(await run(importAll(store, specs, { runtime, onProgress })(), day))
      expect(outcomes.map(({ name, succeeded }) => [name, succeeded])).toEqual(
        specs.map(({ name }, index) => [name, index !== 7]),
      )
      expect(outcomes[7]).toMatchObject({ error: { kind: 'import-failed' }, attempts: 1, ref: expect.any(String) })
      expect(most).toBe(10)
      expect(emulator.requests.length / ((clock.now() - begun) / minute)).toBeLessThan(125)
      expect(emulator.requests.filter(({ method }) => method === 'POST')).toHaveLength(10)
      expect(outstanding()).toBe(0)
    } finally {
      await run(Promise.all([emulator.close(), files.close()]), day)
      stop()
    }
  })
})
