import { describe, expect, it } from 'vitest'
import { readError } from '../../../adapters/digitalocean/errors.ts'
import { toImage } from '../../../adapters/digitalocean/image.ts'
import { toRegion } from '../../../adapters/digitalocean/regions.ts'

/** The example of the specification's own schema, put together of the examples of its fields. Source: openapi image.yml. */
const schemaExample = {
  id: 7555620,
  name: 'Nifty New Snapshot',
  type: 'snapshot',
  distribution: 'Ubuntu',
  slug: 'nifty1',
  public: true,
  regions: ['nyc1', 'nyc2'],
  created_at: '2020-05-04T22:23:02Z',
  min_disk_size: 20,
  size_gigabytes: 2.34,
  description: ' ',
  tags: ['base-image', 'prod'],
  status: 'NEW',
  error_message: ' ',
}

describe('an image of DigitalOcean', () => {
  it('is read field by field', () => {
    expect(toImage('digitalocean', schemaExample)).toEqual({
      ref: 'digitalocean:7555620',
      provider: 'digitalocean',
      name: 'Nifty New Snapshot',
      // `type` tells nothing of a public image: `snapshot` has been sent for distributions and applications.
      kind: undefined,
      visibility: 'public',
      status: 'queued',
      providerStatus: 'NEW',
      failure: undefined,
      os: { family: 'linux', distribution: 'ubuntu' },
      architecture: undefined,
      size: { bytes: 2512555868, exact: false },
      minimumDiskBytes: 20 * 2 ** 30,
      createdAt: '2020-05-04T22:23:02Z',
      slug: 'nifty1',
      description: undefined,
      regions: ['nyc1', 'nyc2'],
      tags: [{ key: 'base-image' }, { key: 'prod' }],
      raw: schemaExample,
    })
  })

  it('is read where an id is all there is', () => {
    const wire = { id: 1 }
    expect(toImage('team-a', wire)).toEqual({
      ref: 'team-a:1',
      provider: 'digitalocean',
      name: '',
      visibility: 'private',
      status: 'unknown',
      providerStatus: '',
      regions: [],
      tags: [],
      raw: wire,
    })
  })

  it('is read with null in every other field', () => {
    const wire = Object.fromEntries(Object.keys(schemaExample).map((field) => [field, null]))
    expect(toImage('digitalocean', { ...wire, id: 1 })).toEqual({
      ...toImage('digitalocean', { id: 1 }),
      raw: { ...wire, id: 1 },
    })
  })

  it.each([
    ['custom', { type: 'custom', public: false }, undefined, 'custom'],
    ['backup', { type: 'backup', public: false }, undefined, 'backup'],
    ['admin', { type: 'admin', public: false }, undefined, 'managed'],
    ['a new word', { type: 'template', public: false }, undefined, 'template'],
    ['a blank word', { type: ' ', public: false }, undefined, undefined],
    ['base, public', { type: 'base', public: true }, undefined, 'base'],
    ['snapshot, public, found among applications', { type: 'snapshot', public: true }, 'application', 'application'],
    ['base, private, found among all', { type: 'base' }, undefined, 'base'],
  ])('has the kind that can be told: %s', (_, wire, catalogue, kind) => {
    expect(toImage('digitalocean', { id: 1, ...wire }, catalogue).kind).toBe(kind)
  })

  it('lists a region once that the payload lists twice', () => {
    expect(toImage('digitalocean', { id: 1, regions: ['nyc3', 'ams3', 'nyc3'] }).regions).toEqual(['nyc3', 'ams3'])
  })

  it('failed where it is deleted and says why', () => {
    const wire = { id: 1, status: 'deleted', error_message: "We don't support the…" }
    expect(toImage('digitalocean', wire)).toMatchObject({
      status: 'failed',
      providerStatus: 'deleted',
      failure: "We don't support the…",
    })
    expect(toImage('digitalocean', { ...wire, error_message: '' })).toMatchObject({ status: 'deleted' })
  })
})

describe('a region of DigitalOcean', () => {
  it.each([
    [{ slug: 'fra1', name: 'Frankfurt 1', available: false, features: ['image_transfer'] }, true, 'DE'],
    [{ slug: 'mkc1', name: 'Kansas City 1', available: true, features: [] }, undefined, 'US'],
    [{ slug: 'atl1', features: null }, undefined, 'US'],
    [{ slug: 'zzz9' }, undefined, undefined],
    [{ slug: 'constructor' }, undefined, undefined],
  ])('%j accepts imports: %s, and lies in %s', (wire, acceptsImports, country) => {
    expect(toRegion(wire)).toMatchObject({ id: wire.slug, acceptsImports, country })
  })
})

describe('an error of DigitalOcean', () => {
  const read = readError('delete')

  it.each([
    [{ id: 'not_found', message: 'no', request_id: 'r1' }, 'no', 'r1'],
    [{ id: '', message: 'Unable to authenticate you.' }, 'Unable to authenticate you.', undefined],
    [{ error: 'invalid characters', messages: null, root_causes: ['rpc'] }, 'invalid characters', undefined],
    [{ id: 'x', message: ' ' }, undefined, undefined],
    [{}, undefined, undefined],
    [undefined, undefined, undefined],
    ['text', undefined, undefined],
    [{ message: 5, request_id: 'r2' }, '5', 'r2'],
    [{ message: ['no'], request_id: 'r3' }, undefined, 'r3'],
    [{ id: 5, message: 'no' }, 'no', undefined],
  ])('%j reads as the message %j and the request id %j', (body, message, requestId) => {
    expect(read(422, body)).toMatchObject(message === undefined ? {} : { message, requestId })
    expect(read(422, body).message).toBe(message)
  })

  it('names the scope that the token lacks', () => {
    expect(read(403, {}).hint).toContain('image:delete')
    expect(readError('listPage')(403, undefined).hint).toContain('image:read')
    expect(read(401, {}).hint).toContain('token')
  })
})
