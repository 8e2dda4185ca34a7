import { type ImagePatch, type ImageQuery, imageRef, withPromises } from 'imageferry'
import { digitalOcean } from 'imageferry/digitalocean'
import { startEmulator as startDigitalOcean } from 'imageferry/digitalocean/emulator'
import { gcore } from 'imageferry/gcore'
import { startEmulator as startGcore } from 'imageferry/gcore/emulator'
import { afterEach, describe, expect, it } from 'vitest'
import { qcow2Disk } from '../demo/disk-images.ts'
import { serveFiles } from '../demo/file-server.ts'
import { manualClock } from '../src/emulator/clock.ts'
import { virtualRuntime } from './virtual-runtime.ts'

const opened: (() => Promise<void>)[] = []
afterEach(async () => {
  await Promise.all(opened.splice(0).map((close) => close()))
})

/** What reached the server last, in short, with its query and its body. */
const lastOf = (
  requests: readonly {
    readonly method: string
    readonly path: string
    readonly query: object
    readonly body?: unknown
  }[],
) => {
  const { method, path, query, body } = requests.at(-1) ?? { method: '', path: '', query: {} }
  return { line: `${method} ${path}`, query, body }
}

const startOcean = async () => {
  const clock = manualClock()
  const emulator = await startDigitalOcean({ clock })
  opened.push(emulator.close)
  const images = withPromises(digitalOcean({ ...emulator, runtime: virtualRuntime(clock) }))
  return { emulator, images }
}

describe('DigitalOcean', () => {
  it('retrieves an image by its id', async () => {
    const { emulator, images } = await startOcean()
    const id = emulator.addImage({ type: 'custom', name: 'web', distribution: 'Debian', regions: ['nyc3'] })
    expect(await images.get(imageRef(`digitalocean:${id}`))).toMatchObject({
      ref: `digitalocean:${id}`,
      name: 'web',
      kind: 'custom',
      status: 'available',
      os: { distribution: 'debian' },
      regions: ['nyc3'],
    })
    expect(lastOf(emulator.requests).line).toBe(`GET /v2/images/${id}`)
  })

  it('retrieves a public image by its slug', async () => {
    const { emulator, images } = await startOcean()
    const found = await images.get(imageRef('digitalocean:ubuntu-24-04-x64'))
    expect(found).toMatchObject({ slug: 'ubuntu-24-04-x64', visibility: 'public' })
    // The ref of what was found is its id, which names it everywhere.
    expect(found.ref).toMatch(/^digitalocean:\d+$/)
    expect(lastOf(emulator.requests).line).toBe('GET /v2/images/ubuntu-24-04-x64')
  })

  it('creates a custom image', async () => {
    const { emulator, images } = await startOcean()
    const disk = qcow2Disk({ label: 'seeds' })
    const files = await serveFiles(async () => disk)
    opened.push(files.close)
    const { ref } = await images.importFromUrl({
      name: 'web',
      url: files.urlOf('web.qcow2'),
      region: 'nyc3',
      description: 'Front end',
      os: { distribution: 'ubuntu' },
      tags: [{ key: 'env', value: 'prod' }],
    })
    expect(lastOf(emulator.requests)).toEqual({
      line: 'POST /v2/images',
      query: {},
      body: {
        name: 'web',
        url: files.urlOf('web.qcow2'),
        region: 'nyc3',
        distribution: 'Ubuntu',
        description: 'Front end',
        tags: ['env:prod'],
      },
    })
    const [outcome] = await images.waitForAll([ref], { runtime: virtualRuntime(emulator.clock) })
    if (outcome?.succeeded !== true || outcome.operation.image === undefined) throw new Error('it did not arrive')
    expect(await images.get(outcome.operation.image)).toMatchObject({
      name: 'web',
      kind: 'custom',
      status: 'available',
    })
  })

  it.each<[string, ImagePatch, object]>([
    ['name', { name: 'renamed' }, { name: 'renamed' }],
    ['description', { description: 'A text' }, { description: 'A text' }],
    ['distribution', { distribution: 'debian' }, { distribution: 'Debian' }],
  ])('updates the %s', async (_, patch, body) => {
    const { emulator, images } = await startOcean()
    const id = emulator.addImage({ type: 'custom', name: 'web', distribution: 'Ubuntu' })
    const updated = await images.update(imageRef(`digitalocean:${id}`), patch)
    const { distribution, ...texts } = patch
    expect(updated).toMatchObject({ ...texts, ...(distribution === undefined ? {} : { os: { distribution } }) })
    const [sent] = emulator.requests.filter(({ method }) => method !== 'GET')
    expect(sent).toMatchObject({ method: 'PUT', path: `/v2/images/${id}` })
    expect(sent?.body).toEqual(body)
  })

  // The catalogue has 17 distribution and 399 application images, and a page 200.
  it.each<[string, ImageQuery, object, readonly string[]]>([
    ['distribution images', { scope: 'public', kinds: ['base'] }, { type: ['distribution'] }, ['1']],
    ['application images', { scope: 'public', kinds: ['application'] }, { type: ['application'] }, ['1', '2']],
    ['private images', { scope: 'own' }, { private: ['true'] }, ['1']],
    ['all images', { scope: 'all' }, {}, ['1', '2', '3']],
  ])('lists %s', async (_, query, sent, pages) => {
    const { emulator, images } = await startOcean()
    const id = emulator.addImage({ name: 'mine' })
    const found = await images.collect(query)
    expect(emulator.requests.map((one) => one.query)).toEqual(
      pages.map((page) => ({ ...sent, page: [page], per_page: ['200'] })),
    )
    const isMine = found.map(({ ref }) => ref).includes(imageRef(`digitalocean:${id}`))
    expect(isMine).toBe(query.scope !== 'public')
    expect(found.some(({ visibility }) => visibility === 'public')).toBe(query.scope !== 'own')
  })

  it('lists the images of a tag', async () => {
    const { emulator, images } = await startOcean()
    const id = emulator.addImage({ name: 'tagged', tags: ['Env:Prod'] })
    emulator.addImage({ name: 'other', tags: ['Env:Dev'] })
    // A tag that was read carries the spelling of the account, which alone finds anything there.
    const { tags } = await images.get(imageRef(`digitalocean:${id}`))
    const found = await images.collect({ tags })
    expect(found.map(({ name }) => name)).toEqual(['tagged'])
    expect(lastOf(emulator.requests).query).toEqual({ tag_name: ['Env:Prod'], page: ['1'], per_page: ['200'] })
  })

  it('deletes an image', async () => {
    const { emulator, images } = await startOcean()
    const ref = imageRef(`digitalocean:${emulator.addImage({ type: 'custom', name: 'web' })}`)
    expect(await images.delete(ref)).toMatchObject({ kind: 'delete', state: 'succeeded', outcome: 'deleted' })
    await expect(images.get(ref)).rejects.toMatchObject({ kind: 'not-found' })
    expect(emulator.requests.map(({ method }) => method)).toEqual(['DELETE', 'GET'])
  })
})

const startCloud = async () => {
  const clock = manualClock()
  const emulator = await startGcore({ clock })
  opened.push(emulator.close)
  const { apiKey, baseUrl, project } = emulator
  const runtime = virtualRuntime(clock)
  const images = withPromises(gcore({ apiKey, project, baseUrl, regions: [76], runtime }))
  const id = emulator.addImage({ name: 'web', tags: { team: 'web' } })
  return { emulator, images, id, ref: imageRef(`gcore:${project}/76/${id}`) }
}

describe('Gcore', () => {
  it.each<[string, ImagePatch, object, object]>([
    ['name', { name: 'renamed' }, { name: 'renamed' }, { name: 'renamed' }],
    ['os_type', { osFamily: 'windows' }, { os_type: 'windows' }, { os: { family: 'windows' } }],
    ['ssh_key', { sshKeyPolicy: 'required' }, { ssh_key: 'required' }, { sshKeyPolicy: 'required' }],
    ['hw_firmware_type', { firmware: 'uefi' }, { hw_firmware_type: 'uefi' }, { firmware: 'uefi' }],
    ['hw_machine_type', { machineType: 'q35' }, { hw_machine_type: 'q35' }, { machineType: 'q35' }],
    // `pc` was the word until 2026-05, and callers still have it.
    ['hw_machine_type (pc)', { machineType: 'pc' }, { hw_machine_type: 'i440' }, { machineType: 'i440' }],
    ['is_baremetal', { bareMetal: true }, { is_baremetal: true }, { kind: 'bare-metal' }],
    [
      'tags',
      { tags: { put: [{ key: 'env', value: 'prod' }], drop: [{ key: 'team', value: 'web' }] } },
      { tags: { env: 'prod', team: null } },
      { tags: [{ key: 'env', value: 'prod' }] },
    ],
  ])('patches %s', async (_, patch, body, seen) => {
    const { emulator, images, id, ref } = await startCloud()
    expect(await images.update(ref, patch)).toMatchObject(seen)
    const sent = emulator.requests.filter(({ method }) => method === 'PATCH')
    expect(sent.map(({ path }) => path)).toEqual([`/cloud/v1/images/${emulator.project}/76/${id}`])
    expect(sent[0]?.body).toEqual(body)
    expect(await images.get(ref)).toMatchObject(seen)
  })

  it('reads the old word `pc` as the chipset that it is', async () => {
    const { emulator, images } = await startCloud()
    const id = emulator.addImage({ name: 'old', hw_machine_type: 'pc' })
    expect(await images.get(imageRef(`gcore:${emulator.project}/76/${id}`))).toMatchObject({ machineType: 'i440' })
  })
})
