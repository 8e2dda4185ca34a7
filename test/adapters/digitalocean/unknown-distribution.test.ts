import { imageRef } from 'imageferry'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { specDigest } from '../../../src/store/spec-digest.ts'
import { fail, succeed } from '../../either.ts'
import { silence } from '../provider-talk.ts'
import { digitalOceanTalk } from './talk.ts'

beforeEach(silence)
afterEach(silence)

const spec = {
  name: 'web',
  url: 'https://host.example/web.qcow2',
  region: 'nyc3',
  os: { distribution: 'rocky' },
} as const
const row = (more: object = {}) => ({ id: 9, name: 'web', type: 'custom', status: 'NEW', ...more })
const created = (more: object = {}) => ({ method: 'POST', status: 202, body: { image: row(more) } }) as const

describe('a distribution that DigitalOcean does not know', () => {
  it('is refused before anything is sent, or a loss where that is accepted', async () => {
    const foreign = { ...spec, os: { distribution: 'almalinux' } }
    const { store, sent } = digitalOceanTalk([created({ distribution: 'Unknown OS' })])
    expect(Object.keys((await fail(store.importFromUrl(foreign))).fields ?? {})).toEqual(['os'])
    expect(sent).toEqual([])
    const { losses } = await succeed(store.importFromUrl({ ...foreign, onLoss: 'accept' }))
    expect(losses).toMatchObject([{ field: 'os', wanted: 'almalinux', instead: 'Unknown' }])
    expect(sent[0]?.body).not.toHaveProperty('distribution')
  })

  it.each(['Unknown', 'Unknown OS', 'CentOS'])(
    'is a loss where a known one was sent and %s came back',
    async (told) => {
      const { store } = digitalOceanTalk([created({ distribution: told })])
      expect((await succeed(store.importFromUrl(spec))).losses).toEqual([
        { field: 'os', wanted: 'Rocky Linux', instead: told, reason: expect.stringContaining('Rocky Linux') },
      ])
    },
  )

  it.each(['Rocky Linux', 'rocky linux', '', ' ', null, undefined])('is none where %j came back', async (told) => {
    const { store } = digitalOceanTalk([created({ distribution: told })])
    expect((await succeed(store.importFromUrl(spec))).losses).toEqual([])
  })

  it('is a loss of a repeated import too', async () => {
    const description = `[imageferry:1:k:${specDigest(spec)}]`
    const { store } = digitalOceanTalk([
      { method: 'GET', body: { images: [row({ description, distribution: 'Unknown' })] } },
    ])
    expect((await succeed(store.importFromUrl({ ...spec, key: 'k' }))).losses).toMatchObject([
      { field: 'os', instead: 'Unknown' },
    ])
  })

  it.each(['Unknown', 'unknown', 'Unknown OS'])(
    'is set on purpose by the word %j, and nothing is lost',
    async (word) => {
      const { store, sent } = digitalOceanTalk([created({ distribution: 'Unknown OS' })])
      const asked = { ...spec, os: { distribution: word } }
      expect((await succeed(store.importFromUrl(asked))).losses).toEqual([])
      expect(sent[0]?.body).toMatchObject({ distribution: 'Unknown' })
      const image = row({ distribution: 'Unknown' })
      const read = { method: 'GET', body: { image } } as const
      const changing = digitalOceanTalk([read, { method: 'PUT', body: { image } }, read])
      await succeed(changing.store.update(imageRef('digitalocean:9'), { distribution: word }))
      expect(changing.sent[1]?.body).toEqual({ distribution: 'Unknown' })
    },
  )

  it('is no loss of a repeated import that never sent one', async () => {
    const asked = { ...spec, os: undefined, key: 'k' }
    const description = `[imageferry:1:k:${specDigest(asked)}]`
    const { store } = digitalOceanTalk([
      { method: 'GET', body: { images: [row({ description, distribution: 'Unknown' })] } },
    ])
    expect((await succeed(store.importFromUrl(asked))).losses).toEqual([])
    const { store: other } = digitalOceanTalk([
      { method: 'GET', body: { images: [row({ description, distribution: 'Unknown' })] } },
    ])
    expect((await fail(other.importFromUrl({ ...spec, key: 'k' }))).kind).toBe('conflict')
  })

  it('fails an update whose distribution was replaced, and names what was changed', async () => {
    const ref = imageRef('digitalocean:9')
    const image = row({ distribution: 'Unknown' })
    const { store } = digitalOceanTalk([
      { method: 'GET', body: { image } },
      { method: 'PUT', body: { image } },
      { method: 'GET', body: { image } },
    ])
    expect(await fail(store.update(ref, { distribution: 'rocky' }))).toMatchObject({
      kind: 'unexpected-response',
      fields: { distribution: expect.stringContaining('Unknown') },
      completed: ['distribution'],
    })
    const { store: other, sent } = digitalOceanTalk()
    expect((await fail(other.update(ref, { distribution: 'almalinux' }))).kind).toBe('invalid-argument')
    expect(sent).toEqual([])
  })
})
