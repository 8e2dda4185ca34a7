import { imageRef } from 'imageferry'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fail, succeed } from '../../either.ts'
import { silence } from '../provider-talk.ts'
import { digitalOceanTalk } from './talk.ts'

beforeEach(silence)
afterEach(silence)

const ref = imageRef('digitalocean:7')

describe('delete', () => {
  it.each([
    ['deleted', 204, undefined],
    ['already-gone', 404, { id: 'not_found', message: 'The resource you were accessing could not be found.' }],
    ['already-gone', 422, { id: 'unprocessable_entity', message: 'Image Can not delete an already deleted image.' }],
  ])('says %s at the status %i', async (outcome, status, body) => {
    const { store, sent, lines } = digitalOceanTalk([{ method: 'DELETE', status, body }])
    expect(await succeed(store.delete(ref))).toEqual({
      ref: 'digitalocean:delete/7',
      kind: 'delete',
      state: 'succeeded',
      image: ref,
      outcome,
      losses: [],
    })
    expect(lines()).toEqual(['DELETE /v2/images/7'])
    expect(sent[0]).not.toHaveProperty('body')
  })

  it.each([401, 403])('does not take what is said at the status %i for a deletion', async (status) => {
    const { store } = digitalOceanTalk([{ method: 'DELETE', status, body: { message: 'already deleted' } }])
    expect((await fail(store.delete(ref))).status).toBe(status)
  })

  it.each([
    ['permission-denied', 403, /scope image:delete/],
    ['conflict', 409, undefined],
    ['invalid-argument', 422, undefined],
    ['unauthenticated', 401, /token/],
  ])('fails with %s at the status %i', async (kind, status, hint) => {
    const { store, sent } = digitalOceanTalk([
      { method: 'DELETE', status, body: { id: 'x', message: 'no' } },
      { method: 'DELETE', status: 204 },
    ])
    const error = await fail(store.delete(ref))
    expect(error).toMatchObject({ kind, status, store: 'digitalocean', operation: 'delete', message: 'no' })
    if (hint !== undefined) expect(error.hint).toMatch(hint)
    expect(sent).toHaveLength(1)
  })

  const failing = { method: 'DELETE', status: 500, body: { message: 'already deleted' } } as const
  const garbled = { method: 'GET', body: '<html></html>' } as const

  it('is asked for three times where the provider fails and no look tells anything', async () => {
    const { store, lines } = digitalOceanTalk([failing, failing, failing, failing, ...Array(4).fill(garbled)])
    expect(await fail(store.delete(ref))).toMatchObject({
      kind: 'unavailable',
      status: 500,
      unconfirmed: [{ change: 'the deletion of image 7' }],
    })
    expect(lines()).toEqual(Array(3).fill(['DELETE /v2/images/7', 'GET /v2/images/7']).flat())
  })

  it('is not ended by one garbled look after a lost answer', async () => {
    const { store } = digitalOceanTalk([failing, garbled, { method: 'DELETE', status: 204 }])
    expect(await succeed(store.delete(ref))).toMatchObject({ outcome: 'deleted' })
  })

  it.each([
    ['is deleted', 200, { image: { id: 7, status: 'deleted', error_message: 'Broken' } }],
    ['is not found', 404, { id: 'not_found', message: 'No' }],
  ])(
    'looks at the image after a refusal without a word, and says already-gone where it %s',
    async (_, status, body) => {
      const { store, lines } = digitalOceanTalk([
        { method: 'DELETE', status: 422 },
        { method: 'GET', status, body },
      ])
      expect(await succeed(store.delete(ref))).toMatchObject({ state: 'succeeded', outcome: 'already-gone' })
      expect(lines()).toEqual(['DELETE /v2/images/7', 'GET /v2/images/7'])
    },
  )

  it('fails with the refusal where the image is still there', async () => {
    const { store } = digitalOceanTalk([
      { method: 'DELETE', status: 422, body: { id: 'x', message: 'Busy' } },
      { method: 'GET', status: 200, body: { image: { id: 7, status: 'available' } } },
    ])
    expect(await fail(store.delete(ref))).toMatchObject({ kind: 'invalid-argument', message: 'Busy' })
  })

  it.each(['digitalocean:debian-12-x64', 'digitalocean:delete/7', 'gcore:1/2/3'])(
    'sends nothing for %s',
    async (text) => {
      expect((await fail(digitalOceanTalk().store.delete(imageRef(text)))).kind).toBe('invalid-argument')
    },
  )
})
