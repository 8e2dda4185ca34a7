import { type ImagePatch, imageRef } from 'imageferry'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fail, succeed } from '../../either.ts'
import { silence } from '../provider-talk.ts'
import { digitalOceanTalk } from './talk.ts'

beforeEach(silence)
afterEach(silence)

const ref = imageRef('digitalocean:7')
const image = { id: 7, name: 'web', type: 'custom', status: 'available', tags: ['Base-Image', 'ENV:prod', 'kept'] }
const read = { method: 'GET', body: { image } } as const
const readBack = (more: object) => ({ method: 'GET', body: { image: { ...image, ...more } } }) as const
const resources = { resources: [{ resource_id: '7', resource_type: 'image' }] }
const tagged = (name: string) => ({ method: 'POST', status: 201, body: { tag: { name } } }) as const
const done = (method: 'POST' | 'DELETE') => ({ method, status: 204 }) as const

describe('update of fields', () => {
  it('sends what shall change, and reads the image back', async () => {
    const { store, sent, lines } = digitalOceanTalk([
      read,
      { method: 'PUT', body: { image } },
      readBack({ name: 'new' }),
    ])
    const patch: ImagePatch = { name: 'new', description: 'text', distribution: 'opensuse' }
    expect(await succeed(store.update(ref, patch))).toMatchObject({ ref, name: 'new' })
    expect(lines()).toEqual(['GET /v2/images/7', 'PUT /v2/images/7', 'GET /v2/images/7'])
    expect(sent[1]?.body).toEqual({ name: 'new', description: 'text', distribution: 'openSUSE' })
  })

  it.each<[ImagePatch, object]>([
    [{ name: 'new' }, { name: 'new' }],
    [{ distribution: 'arch' }, { distribution: 'Arch Linux' }],
    [{ distribution: 'Rocky Linux' }, { distribution: 'Rocky Linux' }],
    // godo cannot clear a description; pydo and dots send one blank. Source: fact sheet §5.
    [{ description: '' }, { description: ' ' }],
    [{ name: 'new', description: undefined }, { name: 'new' }],
  ])('%j sends %j', async (patch, body) => {
    const { store, sent } = digitalOceanTalk([{ method: 'PUT' }, read, readBack({ name: patch.name ?? image.name })])
    await succeed(store.update(ref, patch))
    expect(sent.find(({ method }) => method === 'PUT')?.body).toEqual(body)
  })

  it.each([
    ['new', 'new [imageferry:1:run-1:abc]'],
    ['', '[imageferry:1:run-1:abc]'],
    ['x [imageferry:1::]', 'x [imageferry:1::] [imageferry:1:run-1:abc]'],
  ])('keeps the operation key behind the description %j', async (description, expected) => {
    const held = { ...image, description: 'old [imageferry:1:run-1:abc]' }
    const { store, sent } = digitalOceanTalk([{ method: 'GET', body: { image: held } }, { method: 'PUT' }, read])
    await succeed(store.update(ref, { description }))
    expect(sent[1]?.body).toEqual({ description: expected })
  })

  it.each([
    ['snapshot', 'new', 'new [imageferry:1:run-1:abc:7]'],
    ['snapshot', 'x [imageferry:1::]', 'x [imageferry:1::] [imageferry:1:run-1:abc:7]'],
    ['custom', 'new', 'new'],
  ])('keeps the operation key of a capture behind the name of a %s: %j', async (type, name, expected) => {
    const held = { ...image, type, name: 'old [imageferry:1:run-1:abc:7]' }
    const { store, sent } = digitalOceanTalk([
      { method: 'GET', body: { image: held } },
      { method: 'PUT' },
      readBack({ type, name: expected }),
    ])
    await succeed(store.update(ref, { name }))
    expect(sent[1]?.body).toEqual({ name: expected })
  })

  it('refuses a name that leaves no room for the key behind it', async () => {
    const held = { ...image, type: 'snapshot', name: `old [imageferry:1:${'k'.repeat(100)}:abc:7]` }
    const { store, lines } = digitalOceanTalk([{ method: 'GET', body: { image: held } }])
    const error = await fail(store.update(ref, { name: 'n'.repeat(200) }))
    expect([error.kind, Object.keys(error.fields ?? {})]).toEqual(['invalid-argument', ['name']])
    expect(lines()).toEqual(['GET /v2/images/7'])
  })

  it.each([
    ['snapshot', { description: 'new' }, ['description']],
    ['snapshot', { distribution: 'debian' }, ['distribution']],
    ['Backup', { name: 'new', description: 'new', distribution: 'debian' }, ['distribution', 'description']],
    ['admin', { description: 'new', tags: { put: [{ key: 'a' }] } }, ['description']],
  ])(
    'refuses what is for custom images alone, before anything is changed, of a %s: %j',
    async (type, patch, fields) => {
      const { store, lines } = digitalOceanTalk([{ method: 'GET', body: { image: { ...image, type } } }])
      const error = await fail(store.update(ref, patch))
      expect([error.kind, Object.keys(error.fields ?? {})]).toEqual(['invalid-argument', fields])
      expect(lines()).toEqual(['GET /v2/images/7'])
    },
  )

  it.each(['custom', 'CUSTOM', undefined, null, ''])('lets it pass where the type reads %j', async (type) => {
    const untold = { method: 'GET', body: { image: { ...image, type } } } as const
    const { store, sent } = digitalOceanTalk([untold, { method: 'PUT' }, untold])
    await succeed(store.update(ref, { description: 'new', distribution: 'debian' }))
    expect(sent[1]?.body).toEqual({ description: 'new', distribution: 'Debian' })
  })

  it.each([
    ['old', 'new', false],
    ['', 'new', false],
    ['old', '', false],
    ['new', 'new', true],
    [' ', '', true],
    ['new ', 'new', true],
    [null, 'new', false],
    [null, '', true],
    [undefined, 'new', true],
    ['new [imageferry:1:k:abc]', 'new', false],
  ])('reads back the description %j where %j was sent: it is kept, %j', async (told, description, isKept) => {
    const after = { method: 'GET', body: { image: { ...image, description: told } } } as const
    const { store } = digitalOceanTalk([read, { method: 'PUT' }, after])
    const result = store.update(ref, { description })
    if (isKept) await succeed(result)
    else
      expect(await fail(result)).toMatchObject({
        kind: 'unexpected-response',
        fields: { description: expect.any(String) },
        completed: ['description'],
      })
  })

  it.each([
    ['custom', 'web', 'web', 'new', 'web'],
    ['custom', 'web', 'ne', 'new', 'ne'],
    ['snapshot', 'web [imageferry:1:k:abc:7]', 'new', 'new', 'new'],
  ])(
    'fails where the name of a %s that was %j reads %j after it was set to %j',
    async (type, before, after, name, told) => {
      const { store } = digitalOceanTalk([
        readBack({ type, name: before }),
        { method: 'PUT' },
        readBack({ type, name: after }),
      ])
      expect(await fail(store.update(ref, { name }))).toMatchObject({
        kind: 'unexpected-response',
        fields: { name: expect.stringContaining(`made it "${told}"`) },
        completed: ['name'],
      })
    },
  )

  it('fails where the operation key behind the description was not kept', async () => {
    const held = { description: 'old [imageferry:1:run-1:abc]' }
    const { store } = digitalOceanTalk([readBack(held), { method: 'PUT' }, readBack({ description: 'new' })])
    expect(await fail(store.update(ref, { description: 'new' }))).toMatchObject({
      kind: 'unexpected-response',
      fields: { description: expect.any(String) },
      completed: ['description'],
    })
  })

  it.each<[unknown, readonly string[]]>([
    [{ description: null }, ['description']],
    [{ description: 5 }, ['description']],
    [{ name: null, distribution: 7 }, ['name', 'distribution']],
    [{ distribution: 'x', tags: { put: [{ key: 'k'.repeat(300) }] } }, ['distribution', 'tags']],
    [{ name: ' ', tags: { put: [{ key: '' }] } }, ['name', 'tags']],
    [
      { osFamily: 'linux', name: '', tags: { put: [{ key: 'a' }], drop: [{ key: 'a' }] } },
      ['name', 'osFamily', 'tags'],
    ],
  ])('names all that is at fault at once, and sends nothing: %j', async (patch, fields) => {
    const error = await fail(digitalOceanTalk().store.update(ref, patch as ImagePatch))
    expect(error.kind).toBe('invalid-argument')
    expect(Object.keys(error.fields ?? {}).sort()).toEqual([...fields].sort())
  })

  it('changes no description of an image that cannot be read', async () => {
    const { store, lines } = digitalOceanTalk([{ method: 'GET', status: 404 }, { method: 'PUT' }])
    expect((await fail(store.update(ref, { description: 'new' }))).kind).toBe('not-found')
    expect(lines()).toEqual(['GET /v2/images/7'])
  })

  it.each<[string, ImagePatch]>([
    ['patch', {}],
    ['patch', { name: undefined }],
    ['name', { name: '  ' }],
    ['distribution', { distribution: 'almalinux' }],
    ['firmware', { firmware: 'uefi' }],
    ['machineType', { machineType: 'q35' }],
    ['sshKeyPolicy', { sshKeyPolicy: 'deny' }],
    ['bareMetal', { bareMetal: false }],
    ['osFamily', { osFamily: 'linux' }],
    ['tags', { tags: { put: [{ key: '' }] } }],
    ['tags', { tags: { put: [{ key: 'a' }], drop: [{ key: 'a' }] } }],
  ])('sends nothing where it cannot be done, and names the field: %s', async (field, patch) => {
    const { store } = digitalOceanTalk()
    const error = await fail(store.update(ref, patch))
    expect(error).toMatchObject({ kind: 'invalid-argument', operation: 'update' })
    expect(Object.keys(error.fields ?? {})).toEqual([field])
  })

  it.each(['digitalocean:ubuntu-24-04-x64', 'other:7'])('sends nothing for %s', async (text) => {
    expect((await fail(digitalOceanTalk().store.update(imageRef(text), { name: 'new' }))).kind).toBe('invalid-argument')
  })
})

describe('update of tags', () => {
  it('makes a tag before it is put on, and calls it what the account calls it', async () => {
    const { store, sent, lines } = digitalOceanTalk([
      read,
      tagged('Team:Web'),
      done('POST'),
      readBack({ tags: ['Team:Web'] }),
    ])
    await succeed(store.update(ref, { tags: { put: [{ key: 'team', value: 'web' }] } }))
    expect(lines()).toEqual([
      'GET /v2/images/7',
      'POST /v2/tags',
      'POST /v2/tags/Team%3AWeb/resources',
      'GET /v2/images/7',
    ])
    expect(sent[1]?.body).toEqual({ name: 'team:web' })
    expect(sent[2]?.body).toEqual(resources)
  })

  it('reads the doubled answer of the specification’s example too', async () => {
    const { store, lines } = digitalOceanTalk([
      read,
      { method: 'POST', status: 201, body: { tag: { tag: { name: 'NEW' } } } },
      done('POST'),
      readBack({ tags: ['NEW'] }),
    ])
    await succeed(store.update(ref, { tags: { put: [{ key: 'new' }] } }))
    expect(lines()[2]).toBe('POST /v2/tags/NEW/resources')
  })

  it.each([undefined, '<html>', {}])('goes on where a tag was made and the answer reads %j', async (body) => {
    const { store, lines } = digitalOceanTalk([
      read,
      { method: 'POST', status: 201, body },
      done('POST'),
      readBack({ tags: ['new'] }),
    ])
    await succeed(store.update(ref, { tags: { put: [{ key: 'new' }] } }))
    expect(lines().slice(1)).toEqual(['POST /v2/tags', 'POST /v2/tags/new/resources', 'GET /v2/images/7'])
  })

  it('takes a tag off by the name that the image carries', async () => {
    const { store, sent, lines } = digitalOceanTalk([
      read,
      done('DELETE'),
      done('DELETE'),
      readBack({ tags: ['kept'] }),
    ])
    await succeed(store.update(ref, { tags: { drop: [{ key: 'base-image' }, { key: 'env', value: 'prod' }] } }))
    expect(lines().slice(1, 3)).toEqual([
      'DELETE /v2/tags/Base-Image/resources',
      'DELETE /v2/tags/ENV%3Aprod/resources',
    ])
    expect(sent[1]?.body).toEqual(resources)
  })

  it('sends nothing for what is as it should be', async () => {
    const drop = [{ key: 'absent' }, { key: 'env', value: 'test' }, { key: 'half\ud83d' }, { key: 'k'.repeat(300) }]
    const { store, lines } = digitalOceanTalk([read, read])
    await succeed(store.update(ref, { tags: { put: [{ key: 'kept' }, { key: 'base-image' }], drop } }))
    expect(lines()).toEqual(['GET /v2/images/7', 'GET /v2/images/7'])
  })

  it('goes with fields in one call: the fields first', async () => {
    const patch: ImagePatch = { name: 'new', tags: { put: [{ key: 'a' }], drop: [{ key: 'kept' }] } }
    const { store, lines } = digitalOceanTalk([
      read,
      { method: 'PUT' },
      tagged('a'),
      done('POST'),
      done('DELETE'),
      readBack({ name: 'new', tags: ['a'] }),
    ])
    await succeed(store.update(ref, patch))
    expect(lines()).toEqual([
      'GET /v2/images/7',
      'PUT /v2/images/7',
      'POST /v2/tags',
      'POST /v2/tags/a/resources',
      'DELETE /v2/tags/kept/resources',
      'GET /v2/images/7',
    ])
  })

  it('looks once more where the tags lag behind', async () => {
    const { store, lines, slept } = digitalOceanTalk([
      read,
      tagged('a'),
      done('POST'),
      done('DELETE'),
      read,
      readBack({ tags: ['A'] }),
    ])
    await succeed(store.update(ref, { tags: { put: [{ key: 'a' }], drop: [{ key: 'kept' }] } }))
    expect(slept).toEqual([5_000])
    expect(lines().slice(-2)).toEqual(['GET /v2/images/7', 'GET /v2/images/7'])
  })

  it.each([
    ['put', { put: [{ key: 'a' }] }, { tags: [] }, [tagged('a'), done('POST')], 'put the tag a ', 'tags.put a'],
    [
      'put, where they are null',
      { put: [{ key: 'a' }] },
      { tags: null },
      [tagged('a'), done('POST')],
      'tag a ',
      'tags.put a',
    ],
    ['dropped', { drop: [{ key: 'kept' }] }, {}, [done('DELETE')], 'take the tag kept ', 'tags.drop kept'],
  ] as const)(
    'fails where a tag was not %s after all, and names it',
    async (_, tags, more, steps, reason, completed) => {
      const { store, slept } = digitalOceanTalk([read, ...steps, readBack(more), readBack(more)])
      const error = await fail(store.update(ref, { tags }))
      expect(error).toMatchObject({ kind: 'unexpected-response', fields: { tags: expect.stringContaining(reason) } })
      expect(error.completed).toContain(completed)
      expect(slept).toEqual([5_000])
    },
  )

  it('believes what was accepted where the image tells no tags', async () => {
    const { store, slept } = digitalOceanTalk([read, tagged('a'), done('POST'), readBack({ tags: undefined })])
    await succeed(store.update(ref, { tags: { put: [{ key: 'a' }] } }))
    expect(slept).toEqual([])
  })

  it('says what had been changed before it failed', async () => {
    const { store } = digitalOceanTalk([
      read,
      { method: 'PUT' },
      tagged('a'),
      { method: 'POST', status: 403, body: { id: 'forbidden', message: 'You are not authorized to perform this' } },
    ])
    const error = await fail(store.update(ref, { name: 'new', tags: { put: [{ key: 'a' }, { key: 'b' }] } }))
    expect(error).toMatchObject({
      kind: 'permission-denied',
      status: 403,
      operation: 'update',
      completed: ['name', 'tags.create a'],
    })
  })

  it('changes nothing of an image that is none', async () => {
    const { store, sent } = digitalOceanTalk([{ method: 'GET', status: 404, body: { id: 'not_found' } }])
    const error = await fail(store.update(ref, { name: 'new', tags: { put: [{ key: 'a' }] } }))
    expect(error.kind).toBe('not-found')
    expect(sent).toHaveLength(1)
  })
})
