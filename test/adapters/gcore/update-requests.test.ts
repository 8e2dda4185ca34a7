import { type ImagePatch, imageRef } from 'imageferry'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fail, succeed } from '../../either.ts'
import { silence } from '../provider-talk.ts'
import { gcoreTalk } from './talk.ts'

beforeEach(silence)
afterEach(silence)

const ref = imageRef('gcore:1337/76/uuid')
const path = '/cloud/v1/images/1337/76/uuid'
const tags = [
  { key: 'env', value: 'prod', read_only: false },
  { key: 'team', value: 'web', read_only: false },
  { key: 'flat', value: '__none__', read_only: false },
  { key: 'os_type', value: 'linux', read_only: true },
]
const image = { id: 'uuid', name: 'web', status: 'active', size: 5, tags_v2: tags }
const read = { method: 'GET', body: image } as const
/** The image as it reads after a change. */
const readAs = (change: object) => ({ method: 'GET', body: { ...image, ...change } }) as const
/** Its tags as a map that some keys are set in, or removed from by `undefined`. */
const tagsWith = (change: Readonly<Record<string, string | undefined>>) => [
  ...tags.filter(({ key }) => !Object.hasOwn(change, key)),
  ...Object.entries(change).flatMap(([key, value]) => (value === undefined ? [] : [{ key, value, read_only: false }])),
]
/** What the guide shows of the answer to a PATCH: three fields. Source: manage-custom-images. */
const patched = { method: 'PATCH', body: { id: 'uuid', name: 'web', status: 'active' } } as const

describe('update of fields', () => {
  it('sends all of them in one merge patch, and returns the image as it is read back', async () => {
    const after = {
      name: 'new name',
      os_type: 'windows',
      ssh_key: 'deny',
      hw_firmware_type: 'uefi',
      is_baremetal: false,
    }
    const { store, sent, lines } = gcoreTalk([patched, readAs({ ...after, hw_machine_type: 'pc' })])
    const patch: ImagePatch = {
      name: 'new name',
      osFamily: 'windows',
      sshKeyPolicy: 'deny',
      firmware: 'uefi',
      machineType: 'pc',
      bareMetal: false,
    }
    // The answer to the PATCH has no size; the image that is read back has.
    expect(await succeed(store.update(ref, patch))).toMatchObject({ ref, size: { bytes: 5 } })
    expect(lines()).toEqual([`PATCH ${path}`, `GET ${path}`])
    expect(sent[0]?.body).toEqual({
      name: 'new name',
      os_type: 'windows',
      ssh_key: 'deny',
      hw_firmware_type: 'uefi',
      hw_machine_type: 'i440',
      is_baremetal: false,
    })
  })

  it.each<[string, ImagePatch]>([
    ['patch', {}],
    ['patch', { name: undefined }],
    ['name', { name: 'ab' }],
    ['name', { name: 'ends with a dash-' }],
    ['description', { description: '' }],
    ['distribution', { distribution: 'ubuntu' }],
    ['osFamily', { osFamily: 'bsd' }],
    ['firmware', { firmware: 'coreboot' }],
    ['machineType', { machineType: 'virt' }],
    ['sshKeyPolicy', { sshKeyPolicy: 'maybe' }],
    ['tags', { tags: { put: [{ key: '' }] } }],
    [
      'tags',
      {
        tags: {
          put: [
            { key: 'a', value: '1' },
            { key: 'a', value: '2' },
          ],
        },
      },
    ],
    ['tags', { tags: { put: [{ key: 'a' }], drop: [{ key: 'a' }] } }],
  ])('sends nothing where it cannot be done, and names the field: %s', async (field, patch) => {
    const error = await fail(gcoreTalk().store.update(ref, patch))
    expect(error).toMatchObject({ kind: 'invalid-argument', operation: 'update' })
    expect(Object.keys(error.fields ?? {})).toEqual([field])
  })

  it('says what was changed where the image cannot be read back', async () => {
    const { store } = gcoreTalk([patched, { method: 'GET', status: 404, body: {} }])
    const error = await fail(store.update(ref, { name: 'new', firmware: undefined }))
    expect(error).toMatchObject({ kind: 'not-found', completed: ['name'] })
  })
})

describe('update of tags', () => {
  it('sets by value and deletes by null, each key alone', async () => {
    const put = [
      { key: 'new', value: 'x' },
      { key: 'flag' },
      { key: 'env', value: 'test' },
      { key: 'team', value: 'web' },
    ]
    const after = tagsWith({ new: 'x', flag: '__none__', env: 'test', flat: undefined })
    const { store, sent, lines } = gcoreTalk([read, patched, readAs({ tags_v2: after })])
    await succeed(store.update(ref, { tags: { put, drop: [{ key: 'flat' }] } }))
    expect(lines()).toEqual([`GET ${path}`, `PATCH ${path}`, `GET ${path}`])
    expect(sent[1]?.body).toEqual({ tags: { new: 'x', flag: '__none__', env: 'test', flat: null } })
  })

  it('drops a tag only where the key has that very value', async () => {
    const drop = [
      { key: 'env', value: 'other' },
      { key: 'team', value: 'web' },
      { key: 'flat', value: '' },
      { key: 'absent' },
      { key: 'k'.repeat(300) },
    ]
    const { store, sent } = gcoreTalk([read, patched, readAs({ tags_v2: tagsWith({ team: undefined }) })])
    await succeed(store.update(ref, { tags: { drop } }))
    expect(sent[1]?.body).toEqual({ tags: { team: null } })
  })

  it('replaces a value that is dropped and put at once', async () => {
    const { store, sent } = gcoreTalk([read, patched, readAs({ tags_v2: tagsWith({ env: 'test' }) })])
    const change = { put: [{ key: 'env', value: 'test' }], drop: [{ key: 'env', value: 'prod' }] }
    await succeed(store.update(ref, { tags: change }))
    expect(sent[1]?.body).toEqual({ tags: { env: 'test' } })
  })

  it('sends no patch where all is as it should be', async () => {
    const { store, sent } = gcoreTalk([read, read])
    const change = {
      put: [
        { key: 'env', value: 'prod' },
        { key: 'os_type', value: 'linux' },
      ],
      drop: [{ key: 'absent' }],
    }
    expect(await succeed(store.update(ref, { tags: change }))).toMatchObject({ ref })
    expect(sent.every(({ method }) => method === 'GET')).toBe(true)
  })

  it.each([
    ['put', { put: [{ key: 'os_type', value: 'windows' }] }],
    ['dropped', { drop: [{ key: 'os_type', value: 'linux' }] }],
  ])('refuses a tag of the provider’s own that is %s', async (_, change) => {
    const { store, sent } = gcoreTalk([read])
    const error = await fail(store.update(ref, { name: 'new', tags: change }))
    expect(error).toMatchObject({ kind: 'invalid-argument', fields: { tags: expect.stringContaining('os_type') } })
    expect(sent.map(({ method }) => method)).toEqual(['GET'])
  })

  it('goes with fields in the one patch', async () => {
    const proto = [...tags, { key: '__proto__', value: 'x', read_only: false }]
    const { store, sent } = gcoreTalk([read, patched, readAs({ name: 'new', tags_v2: proto })])
    await succeed(store.update(ref, { name: 'new', tags: { put: [{ key: '__proto__', value: 'x' }] } }))
    expect(JSON.stringify(sent[1]?.body)).toBe('{"name":"new","tags":{"__proto__":"x"}}')
  })
})

describe('an update that was accepted and is not there', () => {
  it.each<[string, ImagePatch, object]>([
    ['name', { name: 'new name' }, { name: 'web' }],
    ['osFamily', { osFamily: 'windows' }, { os_type: 'linux' }],
    ['sshKeyPolicy', { sshKeyPolicy: 'deny' }, { ssh_key: 'allow' }],
    ['firmware', { firmware: 'uefi' }, { hw_firmware_type: 'bios' }],
    ['machineType', { machineType: 'q35' }, { hw_machine_type: 'i440' }],
    ['bareMetal', { bareMetal: true }, { is_baremetal: false }],
  ])('is no success: %s', async (field, patch, told) => {
    const { store, slept } = gcoreTalk([patched, readAs(told), readAs(told)])
    const error = await fail(store.update(ref, patch))
    expect(error).toMatchObject({ kind: 'unexpected-response', completed: [field] })
    expect(Object.keys(error.fields ?? {})).toEqual([field])
    expect(slept).toEqual([3_000])
  })

  it.each<[string, ImagePatch['tags']]>([
    ['put', { put: [{ key: 'env', value: 'test' }] }],
    ['dropped', { drop: [{ key: 'env', value: 'prod' }] }],
  ])('is no success: a tag that was %s', async (_, change) => {
    const { store } = gcoreTalk([read, patched, read, read])
    const error = await fail(store.update(ref, { tags: change }))
    expect(error).toMatchObject({ kind: 'unexpected-response', fields: { tags: expect.any(String) } })
  })

  it('is one where a later look shows it, and where the image does not tell the field', async () => {
    const late = gcoreTalk([patched, readAs({ name: 'web' }), readAs({ name: 'new name' })])
    expect(await succeed(late.store.update(ref, { name: 'new name' }))).toMatchObject({ name: 'new name' })
    const untold = gcoreTalk([patched, read])
    expect(await succeed(untold.store.update(ref, { firmware: 'uefi', bareMetal: true }))).toMatchObject({ ref })
  })
})

describe('update of an image that somebody else is changing', () => {
  const conflict = {
    method: 'PATCH',
    status: 409,
    body: { exception_class: 'ConflictError', message: 'no', request_id: 'r1' },
  } as const

  it('is told which operation holds it', async () => {
    const { store, lines } = gcoreTalk([conflict, { method: 'GET', body: { ...image, task_id: 't9' } }])
    expect(await fail(store.update(ref, { name: 'renamed' }))).toMatchObject({
      kind: 'locked',
      status: 409,
      requestId: 'r1',
      operation: 'update',
      hint: expect.stringContaining('gcore:1337/76/task/t9'),
    })
    expect(lines()).toEqual([`PATCH ${path}`, `GET ${path}`])
  })

  it('is told that it is being deleted', async () => {
    const { store } = gcoreTalk([conflict, { method: 'GET', body: { ...image, status: 'pending_delete' } }])
    expect(await fail(store.update(ref, { name: 'renamed' }))).toMatchObject({ kind: 'locked', status: 409 })
  })

  it('gets the conflict itself where nothing holds the image, or where it cannot be read', async () => {
    const unheld = gcoreTalk([conflict, read])
    expect(await fail(unheld.store.update(ref, { name: 'renamed' }))).toMatchObject({ kind: 'conflict', status: 409 })
    const unread = gcoreTalk([conflict, { method: 'GET', status: 404, body: {} }])
    expect(await fail(unread.store.update(ref, { name: 'renamed' }))).toMatchObject({ kind: 'conflict', status: 409 })
  })
})
