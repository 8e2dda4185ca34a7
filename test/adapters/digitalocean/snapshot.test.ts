import { imageRef } from 'imageferry'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { toImage } from '../../../adapters/digitalocean/image.ts'
import { isOfVolume, snapshotImage } from '../../../adapters/digitalocean/snapshot.ts'
import { fail } from '../../either.ts'
import { silence } from '../provider-talk.ts'
import { digitalOceanTalk } from './talk.ts'

beforeEach(silence)
afterEach(silence)

const uuid = 'fbe805e8-866b-11e6-96bf-000f53315a41'

/** Source: openapi snapshots.yml. */
const snapshot = {
  id: '6372321',
  name: 'web-01-1595954862243',
  created_at: '2020-07-28T16:47:44Z',
  regions: ['nyc3', 'sfo3'],
  resource_id: '200776916',
  resource_type: 'droplet',
  min_disk_size: 25,
  size_gigabytes: 2.34,
  tags: ['web', 'env:prod'],
}

describe('the two faces of a snapshot', () => {
  it('are the same image, as far as both tell', () => {
    const { resource_id: _, resource_type: __, ...common } = snapshot
    const image = toImage('team-a', { ...common, id: 6372321, type: 'snapshot', public: false, status: 'available' })
    expect(snapshotImage('team-a', snapshot)).toEqual({
      ...image,
      providerStatus: '',
      provenance: { server: '200776916' },
      raw: snapshot,
    })
    expect(image).toMatchObject({ ref: 'team-a:6372321', kind: 'snapshot', status: 'available' })
  })

  it('are one where an id is all there is, and the server that has it in its list is known', () => {
    expect(snapshotImage('team-a', { id: 1 })).toMatchObject({
      ref: 'team-a:1',
      kind: 'snapshot',
      provenance: undefined,
    })
    expect(snapshotImage('team-a', { id: 1 }, '7').provenance).toEqual({ server: '7' })
  })

  it('both show the key of a capture, and the name without it', () => {
    const name = 'nightly [imageferry:1:run%201:00ff:200776916]'
    const provenance = { key: 'run 1', server: '200776916' }
    expect(snapshotImage('team-a', { ...snapshot, name })).toMatchObject({ name: 'nightly', provenance })
    expect(toImage('team-a', { id: 1, name, type: 'snapshot' })).toMatchObject({ name: 'nightly', provenance })
    // An import has its key in the description, and its name is its owner's.
    expect(toImage('team-a', { id: 1, name, type: 'custom' })).toMatchObject({ name, provenance: undefined })
    expect(toImage('team-a', { id: 1, name, public: true })).toMatchObject({ name, provenance: undefined })
  })
})

describe('a snapshot of a volume', () => {
  it.each([
    [{ id: uuid }, true],
    [{ id: '1', resource_type: 'volume' }, true],
    [{ id: '1', resource_type: 'droplet' }, false],
    [{ id: 1 }, false],
  ])('%j: %s', (wire, expected) => {
    expect(isOfVolume(wire)).toBe(expected)
  })

  it('is no image, which is said before anything is sent', async () => {
    const { store } = digitalOceanTalk()
    const ref = imageRef(`digitalocean:${uuid}`)
    for (const task of [
      store.get(ref),
      store.delete(ref),
      store.update(ref, { name: 'n' }),
      store.replicate(ref, []),
    ]) {
      const error = await fail(task)
      expect(error.kind).toBe('invalid-argument')
      expect(error.hint).toContain('volume')
    }
  })
})
