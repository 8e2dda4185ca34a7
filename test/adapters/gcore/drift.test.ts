import { type ImageStore, imageRef, operationRef, type StoreEvent } from 'imageferry'
import { gcore } from 'imageferry/gcore'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { succeed } from '../../either.ts'
import { type Answer, hastyRuntime, silence, talk } from '../provider-talk.ts'
import { apiKey } from './talk.ts'

beforeEach(silence)
afterEach(silence)

/** A store with these answers, and what it tells that it does not know: what, of which sort, and the value. */
const watched = (...answers: readonly Answer[]): { readonly store: ImageStore; readonly drift: readonly unknown[] } => {
  talk('https://api.gcore.com', answers)
  const drift: unknown[] = []
  const observer = (event: StoreEvent): void => {
    if (event.type === 'drift') drift.push([event.what, event.of, event.value])
  }
  return { store: gcore({ apiKey, project: 1337, regions: [76], runtime: hastyRuntime(), observer }), drift }
}

const get = (body: object): Answer => ({ method: 'GET', body })
const image = (more: object = {}) => ({ id: 'uuid', name: 'web', status: 'active', size: 5, region_id: 76, ...more })
const ref = imageRef('gcore:1337/76/uuid')
const task = (more: object = {}) => ({
  id: 't1',
  state: 'RUNNING',
  task_type: 'download_image',
  region_id: 76,
  ...more,
})

describe('what Gcore sends and this version does not know', () => {
  it('is told once, of images', async () => {
    const odd = image({ status: 'thawing', region_id: 9_999, shelf: 'b' })
    const { store, drift } = watched(get(odd), get(odd))
    await succeed(store.get(ref))
    await succeed(store.get(ref))
    expect(drift).toEqual([
      ['field', 'image', 'shelf'],
      ['status', 'image', 'thawing'],
      ['region', 'image', '9999'],
    ])
  })

  it('is told of tasks and regions', async () => {
    const { store, drift } = watched(
      get(task({ state: 'DREAMING', mood: 'good', user_id: 1 })),
      get({ count: 2, results: [{ id: 76, zone: 'EMEA', colour: 'blue' }, { id: 9_999 }] }),
    )
    await succeed(store.getOperations([operationRef('gcore:1337/76/task/t1')]))
    await succeed(store.listRegions())
    expect(drift).toEqual([
      ['field', 'task', 'mood'],
      ['status', 'task', 'DREAMING'],
      ['field', 'region', 'colour'],
      ['region', 'region', '9999'],
    ])
  })

  it('is not what the documentation has, nor what is absent', async () => {
    const statuses = ['active', 'QUEUED', 'saving', 'killed', 'deactivated', null, undefined]
    const { store, drift } = watched(...statuses.map((status) => get(image({ status }))), get({ id: 'uuid' }))
    for (let times = 0; times <= statuses.length; times += 1) await succeed(store.get(ref))
    expect(drift).toEqual([])
  })

  it('shows no key that a provider quotes', async () => {
    const { store, drift } = watched(
      get(image({ status: 'abcdef0123456789', [apiKey]: 1 })),
      get(image({ status: apiKey })),
    )
    await succeed(store.get(ref))
    await succeed(store.get(ref))
    expect(JSON.stringify(drift)).not.toContain(apiKey)
    expect(drift).toContainEqual(['status', 'image', `(${apiKey.length} characters)`])
  })
})
