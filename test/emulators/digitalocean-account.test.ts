import { afterEach, describe, expect, it } from 'vitest'
import { needsSharedMaterial, readShared } from '../shared-material.ts'
import { type Fixture, startFixture } from './digitalocean-fixture.ts'

let running: Fixture | undefined

const start: typeof startFixture = async (options) => {
  running = await startFixture(options)
  return running
}

afterEach(async () => {
  await running?.emulator.close()
  running = undefined
})

interface Slugs {
  readonly images: readonly { readonly slug: string; readonly name: string }[]
}

describe('the public catalogue', () => {
  it.runIf(needsSharedMaterial).each([
    ['distribution', 'real.distribution-images.2026-08-21.slugs'],
    ['application', 'real.application-images.2026-08-21.slugs'],
  ])('has the %s images that were recorded', async (type, file) => {
    const { get } = await start()
    const pages = await Promise.all([1, 2].map((page) => get(`/v2/images?type=${type}&per_page=200&page=${page}`)))
    const found = pages.flatMap(({ body }) => body.images).map(({ slug, name }) => `${slug} ${name}`)
    const { images } = readShared(`examples/digitalocean/${file}.json`) as Slugs
    expect(found.toSorted()).toEqual(images.map(({ slug, name }) => `${slug} ${name}`).toSorted())
  })

  it('tells what an application is made for', async () => {
    const { get } = await start()
    const of = async (slug: string) => (await get(`/v2/images/${slug}`)).body.image.distribution
    expect(await of('airflow')).toBe('Ubuntu')
    expect(await of('adminbolt')).toBe('AlmaLinux')
    expect(await of('zeslecp-7')).toBe('CentOS')
    expect(await of('perforce-perforcehelixcor')).toBe('Rocky Linux')
  })
})

describe('the account', () => {
  it('is told to a token that may read it', async () => {
    const { get } = await start()
    const { status, body } = await get('/v2/account')
    expect([status, body]).toMatchObject([
      200,
      { account: { status: 'active', email_verified: true, droplet_limit: 25 } },
    ])
  })

  it('is told without the limit of Droplets to one that may not read those, and to no other at all', async () => {
    const { get } = await start({ scopes: ['account:read'] })
    expect(await get('/v2/account')).not.toHaveProperty('body.account.droplet_limit')
    await running?.emulator.close()
    const other = await start({ scopes: ['image:read'] })
    expect((await other.get('/v2/account')).status).toBe(403)
  })
})

describe('the transfer of a snapshot to another account', () => {
  const recipient = { recipient_email: 'other@example.com' }

  const offered = async ({ call, emulator }: Fixture) => {
    const image = emulator.addImage({ name: 'golden' })
    const path = `/v2/images/${image}/account_transfer`
    const { status, body } = await call('POST', path, recipient)
    expect([status, body]).toEqual([201, { transfer_id: expect.any(Number) }])
    return { image, path, answer: body as { readonly transfer_id?: number } }
  }

  it.each(['cancel', 'decline'])('leaves the image where it is after %s', async (word) => {
    const fixture = await start()
    const { path, image, answer } = await offered(fixture)
    expect((await fixture.call('POST', path, recipient)).status).toBe(400)
    expect((await fixture.call('POST', `${path}/${word}`, { transfer_id: 1 })).status).toBe(404)
    expect((await fixture.call('POST', `${path}/${word}`, {})).status).toBe(400)
    expect((await fixture.call('POST', `${path}/${word}`, answer)).status).toBe(204)
    expect((await fixture.call('POST', `${path}/${word}`, answer)).status).toBe(404)
    const read = await fixture.get(`/v2/images/${image}`)
    expect([read.status, Object.keys(read.body.image)]).toEqual([200, expect.not.arrayContaining(['accountTransfer'])])
    expect((await fixture.call('POST', path, recipient)).status).toBe(201)
  })

  it('takes the image away when it is accepted, also after a restart', async () => {
    const fixture = await start()
    const { path, image, answer } = await offered(fixture)
    fixture.emulator.restoreState(JSON.parse(JSON.stringify(fixture.emulator.saveState())))
    expect((await fixture.get(`/v2/images/${image}`)).status).toBe(200)
    expect((await fixture.call('POST', `${path}/accept`, answer)).status).toBe(400)
    expect((await fixture.call('POST', `${path}/accept`, { ...answer, recipient_uuid: 'team' })).status).toBe(201)
    expect((await fixture.get(`/v2/images/${image}`)).status).toBe(404)
  })

  it('is over at once for a team of the same user', async () => {
    const { call, get, emulator } = await start({ furtherTeams: ['team-b'] })
    const image = emulator.addImage({})
    const { status, body } = await call('POST', `/v2/images/${image}/account_transfer`, { recipient_uuid: 'team-b' })
    expect([status, body]).toEqual([201, { transfer_id: 0 }])
    expect((await get(`/v2/images/${image}`)).status).toBe(404)
  })

  it('is of snapshots, to one recipient', async () => {
    const { call, emulator } = await start()
    const to = async (image: number, body: unknown) =>
      (await call('POST', `/v2/images/${image}/account_transfer`, body)).status
    expect(await to(emulator.addImage({ type: 'custom' }), recipient)).toBe(400)
    expect(await to(emulator.addImage({}), {})).toBe(400)
    expect(await to(emulator.addImage({}), { ...recipient, recipient_uuid: 'team' })).toBe(400)
    expect(await to(1, recipient)).toBe(404)
  })
})
