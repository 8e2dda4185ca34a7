import { type ImageStore, type Operation, requestBudget, type StoreTask, waitForAll } from 'imageferry'
import { digitalOcean } from 'imageferry/digitalocean'
import { startEmulator as startDigitalOcean } from 'imageferry/digitalocean/emulator'
import { gcore } from 'imageferry/gcore'
import { startEmulator as startGcore } from 'imageferry/gcore/emulator'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { qcow2Disk } from '../../demo/disk-images.ts'
import { serveFiles } from '../../demo/file-server.ts'
import type { RequestRecord } from '../../src/emulator/request-log.ts'
import { rightOf } from '../either.ts'
import { type SimulatedTime, simulatedTime } from '../simulated-time.ts'
import { warmUp } from '../warm-up.ts'

const minute = 60_000
const ends: (() => Promise<void> | void)[] = []

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

beforeAll(warmUp)

/** An account, stores that stand for processes of it, and what makes an image there under a key. */
interface Scene {
  readonly open: () => ImageStore
  readonly make: (store: ImageStore) => StoreTask<Operation>
  readonly images: () => number
  readonly requests: readonly RequestRecord[]
  /** What the request that makes an image begins with, to have it held back. */
  readonly path: string
  readonly faults: Awaited<ReturnType<typeof startDigitalOcean>>['faults']
}

const key = 'run 7/web'

const digitalOceanScene = async (time: SimulatedTime) => {
  const emulator = await startDigitalOcean({ clock: time.clock })
  ends.push(emulator.close)
  const { token, baseUrl, faults, requests } = emulator
  return {
    faults,
    requests,
    open: () => digitalOcean({ token, baseUrl, runtime: time.runtime, budget: requestBudget(time) }),
    images: () => emulator.saveState().images.filter((image) => !image.public && image.status !== 'deleted').length,
    emulator,
  }
}

const scenes: Readonly<Record<string, (time: SimulatedTime, url: string) => Promise<Scene>>> = {
  'an import into DigitalOcean': async (time, url) => ({
    ...(await digitalOceanScene(time)),
    make: (store) => store.importFromUrl({ name: 'web', url, region: 'nyc3', key }),
    path: '/v2/images',
  }),
  'a snapshot of a Droplet': async (time) => {
    const { emulator, ...scene } = await digitalOceanScene(time)
    const source = String(emulator.addDroplet({}))
    return {
      ...scene,
      make: (store) => store.createFromServer({ name: 'web', source, key }),
      path: `/v2/droplets/${source}`,
    }
  },
  'an import into Gcore': async (time, url) => {
    const emulator = await startGcore({ clock: time.clock })
    ends.push(emulator.close)
    const { apiKey, project, baseUrl, faults, requests } = emulator
    return {
      faults,
      requests,
      open: () =>
        gcore({ apiKey, project, baseUrl, regions: [76], runtime: time.runtime, budget: requestBudget(time) }),
      images: () => emulator.saveState().images.filter(({ own }) => own).length,
      make: (store) => store.importFromUrl({ name: 'web', url, region: '76', key }),
      path: '/cloud/v1/downloadimage',
    }
  },
}

const setting = async (name: string) => {
  const time = simulatedTime(1)
  ends.push(time.stop)
  const disk = qcow2Disk({ label: 'late' })
  const files = await serveFiles(async () => disk)
  ends.push(files.close)
  const scene = await scenes[name]?.(time, files.urlOf('good.qcow2'))
  if (scene === undefined) throw new Error(`There is no scene ${name}`)
  const { faults, path } = scene
  const holdBack = (seconds: number, times = 1): void =>
    faults.script({
      method: 'POST',
      path,
      times,
      fault: { kind: 'answer', status: 429, headers: { 'retry-after': String(seconds) } },
    })
  const made = async (store: ImageStore) => {
    const { ref } = rightOf(await scene.make(store)())
    const [outcome] = rightOf(await waitForAll(store, [ref], { runtime: time.runtime })())
    return outcome?.succeeded === true ? outcome.operation.image : outcome
  }
  const accepted = (): number =>
    scene.requests.filter((request) => request.method === 'POST' && (request.status ?? 0) < 300).length
  return { ...scene, time, holdBack, made, accepted }
}

describe.each(Object.keys(scenes))('the request of %s that a limit holds back for long', (name) => {
  it('makes nothing of which another process has made one meanwhile', async () => {
    const { time, holdBack, open, made, accepted, images } = await setting(name)
    holdBack(50 * 60)
    const first = made(open())
    const second = time.runtime.sleep(20 * minute).then(() => made(open()))
    const [one, other] = await time.run(Promise.all([first, second]), 600 * minute)
    expect([typeof one, other, accepted(), images()]).toEqual(['string', one, 1, 1])
  })

  it('leaves at last, where that happens again and again', async () => {
    const { time, holdBack, open, made, images } = await setting(name)
    holdBack(9 * 60, 6)
    expect(await time.run(made(open()), 600 * minute)).toEqual(expect.any(String))
    expect(images()).toBe(1)
  })
})

describe('a snapshot of a busy Droplet that a limit holds back for long', () => {
  it.each([3, 4, 9])('is taken at last, however often that happens: %i times', async (times) => {
    const { time, faults, path, holdBack, open, made, accepted } = await setting('a snapshot of a Droplet')
    const body = { id: 'unprocessable_entity', message: 'Droplet already has a pending event.' }
    faults.script({ method: 'POST', path, fault: { kind: 'answer', status: 422, body } })
    holdBack(9 * 60, times)
    expect(await time.run(made(open()), 600 * minute)).toEqual(expect.any(String))
    expect(accepted()).toBe(1)
  })
})
