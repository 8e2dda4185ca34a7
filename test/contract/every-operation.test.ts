import { startEmulator as startDigitalOcean } from 'imageferry/digitalocean/emulator'
import { startEmulator as startGcore } from 'imageferry/gcore/emulator'
import { describe, expect, it } from 'vitest'
import { manualClock } from '../../src/emulator/clock.ts'
import { bootableDisk, startFileSource } from '../emulators/file-source.ts'
import { operationsOf } from './operations.ts'
import { startRecordingProxy } from './recording-proxy.ts'
import { judgeBy } from './specification.ts'
import { needsSpecifications, readCorrections, readSpecification } from './specifications.ts'

/** Sends a request and tells the JSON of the answer. */
type Send = (method: string, path: string, body?: unknown) => Promise<unknown>

/** Operations that are not emulated, because they are about something else than images. */
type LeftOut = Readonly<Record<string, string>>

const disk = bootableDisk()

/** What the field of an answer is, wherever it stands in it. */
const field = (answer: unknown, ...path: readonly (string | number)[]): string => {
  const found = path.reduce<unknown>((node, part) => Object(node)[part], answer)
  if (typeof found !== 'string' && typeof found !== 'number') throw new Error(`The answer has no ${path.join('/')}`)
  return String(found)
}

const digitalOcean = {
  provider: 'digitalocean',
  leftOut: { 'GET /v2/account': 'tells nothing of images' } satisfies LeftOut,
  start: async () => {
    const clock = manualClock()
    const emulator = await startDigitalOcean({ clock })
    return { ...emulator, authorization: `Bearer ${emulator.token}` }
  },
  talk: async (
    send: Send,
    { addImage, addDroplet, clock }: Awaited<ReturnType<typeof startDigitalOcean>>,
    url: string,
  ) => {
    const made = await send('POST', '/v2/images', {
      name: 'web',
      url,
      region: 'nyc3',
      distribution: 'Ubuntu',
      tags: ['web'],
    })
    const image = field(made, 'image', 'id')
    await send('GET', `/v2/images/${image}`)
    await clock.advance(600_000)
    await send('GET', `/v2/images/${image}`)
    await send('GET', '/v2/images?type=application&page=2&per_page=5')
    await send('GET', '/v2/images?private=true')
    await send('GET', '/v2/images?tag_name=web')
    await send('PUT', `/v2/images/${image}`, { name: 'site', distribution: 'Debian', description: 'A site' })
    const transfer = await send('POST', `/v2/images/${image}/actions`, { type: 'transfer', region: 'ams3' })
    const action = field(transfer, 'action', 'id')
    await send('GET', `/v2/images/${image}/actions?page=1&per_page=10`)
    await send('GET', `/v2/images/${image}/actions/${action}`)
    await send('GET', `/v2/actions/${action}`)
    await send('POST', '/v2/tags', { name: 'env:prod' })
    await send('GET', '/v2/tags')
    await send('GET', '/v2/tags/web')
    const resources = { resources: [{ resource_id: image, resource_type: 'image' }] }
    await send('POST', '/v2/tags/env:prod/resources', resources)
    await send('DELETE', '/v2/tags/env:prod/resources', resources)
    await send('DELETE', '/v2/tags/env:prod')
    const droplet = addDroplet()
    await send('POST', `/v2/droplets/${droplet}/actions`, { type: 'snapshot', name: 'nightly' })
    await clock.advance(3_600_000)
    await send('GET', `/v2/droplets/${droplet}/snapshots`)
    const snapshots = await send('GET', '/v2/snapshots?resource_type=droplet')
    const snapshot = field(snapshots, 'snapshots', 0, 'id')
    await send('GET', `/v2/snapshots/${snapshot}`)
    await send('DELETE', `/v2/snapshots/${snapshot}`)
    await send('GET', `/v2/snapshots/${image}`)
    await send('GET', '/v2/regions')
    await send('DELETE', `/v2/images/${addImage({ name: 'old' })}`)
    await send('GET', '/v2/images/999')
    await send('GET', '/v2/images/no-such-slug')
  },
}

const gcore = {
  provider: 'gcore',
  leftOut: {
    'GET /cloud/v1/ai/images/gpu/{project_id}/{region_id}': 'deprecated',
    'POST /cloud/v1/pricing/{project_id}/{region_id}/images': 'prices of images come with the images',
    'POST /cloud/v1/images/{project_id}/{region_id}/{image_id}/metadata': 'deprecated',
    'GET /cloud/v1/images/{project_id}/{region_id}/{image_id}/metadata': 'deprecated',
    'PUT /cloud/v1/images/{project_id}/{region_id}/{image_id}/metadata': 'deprecated',
    'GET /cloud/v1/images/{project_id}/{region_id}/{image_id}/metadata_item': 'deprecated',
    'DELETE /cloud/v1/images/{project_id}/{region_id}/{image_id}/metadata_item': 'deprecated',
    'POST /cloud/v1/projects': 'projects are not made through an image store',
    'PATCH /cloud/v1/projects/{project_id}': 'as above',
    'DELETE /cloud/v1/projects/{project_id}': 'as above',
    'GET /cloud/v2/client_quotas': 'quotas are read region by region',
    'GET /cloud/v2/global_quotas/{client_id}': 'as above',
    'POST /cloud/v2/limits_request': 'limits are not asked for through an image store',
    'GET /cloud/v2/limits_request': 'as above',
    'GET /cloud/v2/limits_request/{request_id}': 'as above',
    'DELETE /cloud/v2/limits_request/{request_id}': 'as above',
    'POST /cloud/v1/tasks/{task_id}/acknowledge': 'nothing of an image depends on it',
    'POST /cloud/v1/tasks/acknowledge_all': 'as above',
    'POST /cloud/v1/tasks/acknowledge': 'as above',
  } satisfies LeftOut,
  start: async () => {
    const clock = manualClock()
    const emulator = await startGcore({ clock })
    return { ...emulator, authorization: `APIKey ${emulator.apiKey}` }
  },
  talk: async (send: Send, { project, addVolume, clock }: Awaited<ReturnType<typeof startGcore>>, url: string) => {
    const below = (kind: string, region = 148) => `/cloud/v1/${kind}/${project}/${region}`
    const begun = await send('POST', below('downloadimage'), {
      name: 'web',
      url,
      os_distro: 'ubuntu',
      tags: { env: 'prod' },
    })
    const task = field(begun, 'tasks', 0)
    await send('GET', `/cloud/v1/tasks/${task}`)
    await send('GET', `${below('tasks')}/active`)
    await clock.advance(3_600_000)
    const image = field(await send('GET', `/cloud/v1/tasks/${task}`), 'created_resources', 'images', 0)
    await send('GET', `/cloud/v1/tasks?project_id=${project}&state=FINISHED&limit=100&order_by=desc`)
    await send('GET', `${below('images')}?limit=5&offset=2&visibility=public&include_prices=true`)
    await send('GET', `${below('images')}/${image}?include_prices=true`)
    await send('GET', below('projectimages'))
    await send('GET', below('bmimages'))
    await send('PATCH', `${below('images')}/${image}`, {
      ...{ name: 'site', os_type: 'linux', ssh_key: 'deny', hw_firmware_type: 'uefi', hw_machine_type: 'q35' },
      ...{ is_baremetal: false, tags: { env: null, team: 'web' } },
    })
    const volume = addVolume({ region_id: 148 })
    await send('POST', below('images'), { name: 'volume', volume_id: volume, source: 'volume' })
    await send('POST', below('bmimages'), {
      name: 'metal',
      volume_id: volume,
      source: 'volume',
      hw_firmware_type: 'uefi',
    })
    for (const kind of ['virtual', 'baremetal']) {
      const gpu = `/cloud/v3/gpu/${kind}/${project}/148/images`
      await send('POST', gpu, { name: 'gpu', url, hw_firmware_type: 'uefi' })
      await clock.advance(3_600_000)
      const images = await send('GET', gpu)
      const one = `${gpu}/${field(images, 'results', 0, 'id')}`
      await send('GET', one)
      await send('PATCH', one, { name: 'renamed' })
      await send('DELETE', one)
    }
    await send('DELETE', `${below('images')}/${image}`)
    await send('GET', '/cloud/v1/regions')
    await send('GET', '/cloud/v1/regions/76')
    await send('GET', '/cloud/v1/projects')
    await send('GET', `/cloud/v1/projects/${project}`)
    await send('GET', '/cloud/v2/regional_quotas/123/76')
    await send('GET', `${below('images')}/no-such-image`)
    await send('POST', below('downloadimage', 6), { name: 'full', url })
  },
}

describe.runIf(needsSpecifications)('every operation of a specification', () => {
  const check = async <Emulator extends { readonly baseUrl: string; readonly close: () => Promise<void> }>({
    provider,
    leftOut,
    start,
    talk,
  }: {
    readonly provider: string
    readonly leftOut: LeftOut
    readonly start: () => Promise<Emulator & { readonly authorization: string }>
    readonly talk: (send: Send, emulator: Emulator, url: string) => Promise<void>
  }) => {
    const specification = readSpecification(provider)
    const judge = judgeBy(specification, readCorrections(provider))
    const files = await startFileSource({ '/web.raw': { bytes: disk } })
    const emulator = await start()
    const proxy = await startRecordingProxy(emulator.baseUrl)
    try {
      const send: Send = async (method, path, body) => {
        const answer = await fetch(`${proxy.baseUrl}${path}`, {
          method,
          headers: { authorization: emulator.authorization, 'content-type': 'application/json' },
          ...(body !== undefined && { body: JSON.stringify(body) }),
        })
        const text = await answer.text()
        return text === '' ? undefined : JSON.parse(text)
      }
      await talk(send, emulator, files.url('/web.raw'))
      const judged = proxy.exchanges.map((exchange) => ({ ...exchange, ...judge(exchange) }))
      expect(judged.filter(({ faults }) => faults.length > 0).map(({ path, faults }) => ({ path, faults }))).toEqual([])
      // Each was answered as it should be at least once, or is left out with a reason; nothing is both.
      const answered = judged.filter(({ status }) => status < 300).map(({ operation }) => operation)
      expect([...new Set([...answered, ...Object.keys(leftOut)])].sort()).toEqual(
        operationsOf(specification)
          .map(({ name }) => name)
          .sort(),
      )
      expect(Object.keys(leftOut).filter((name) => answered.includes(name))).toEqual([])
    } finally {
      await proxy.close()
      await emulator.close()
      await files.close()
    }
  }

  it('of DigitalOcean is answered as it says, or left out for a reason', () => check(digitalOcean))

  it('of Gcore is answered as it says, or left out for a reason', () => check(gcore))
})
