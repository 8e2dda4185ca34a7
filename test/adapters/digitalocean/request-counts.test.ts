import { collect, type ImageQuery, imageRef, operationRef, systemRuntime, waitForAll } from 'imageferry'
import { digitalOcean } from 'imageferry/digitalocean'
import { type DigitalOceanEmulator, startEmulator } from 'imageferry/digitalocean/emulator'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { succeed } from '../../either.ts'

let emulator: DigitalOceanEmulator
beforeEach(async () => {
  emulator = await startEmulator({ timeScale: 0 })
})
afterEach(async () => {
  await emulator.close()
  expect(emulator.failures).toEqual([])
})

const store = () => digitalOcean({ token: emulator.token, baseUrl: emulator.baseUrl })

const populate = (count: number, more: object = {}): readonly number[] =>
  Array.from({ length: count }, () => emulator.addImage({ type: 'custom', ...more }))

describe('a list of N images', () => {
  it.each([
    [0, 1],
    [1, 1],
    [200, 1],
    [201, 2],
    [400, 2],
    [450, 3],
  ])('of %i costs %i requests of 200 rows', async (count, requests) => {
    populate(count)
    expect(await succeed(collect(store()))).toHaveLength(count)
    expect(emulator.requests).toHaveLength(requests)
  })

  it('costs those of the images with a tag alone, where the account spells it so', async () => {
    populate(450)
    const [tagged] = populate(1, { tags: ['Env:Prod'] })
    const [image] = await succeed(collect(store(), { tags: [{ key: 'env', value: 'prod' }] }))
    expect(image?.ref).toBe(`digitalocean:${tagged}`)
    // The account has it in capitals, which is not known before it has been read.
    expect(emulator.requests).toHaveLength(1 + 3)
    const query: ImageQuery = { tags: image?.tags ?? [] }
    expect((await succeed(collect(store(), query))).map(({ ref }) => ref)).toEqual([image?.ref])
    expect(emulator.requests).toHaveLength(1 + 3 + 1)
    populate(1, { tags: ['ours'] })
    expect(await succeed(collect(store(), { tags: [{ key: 'ours' }] }))).toHaveLength(1)
    expect(emulator.requests).toHaveLength(1 + 3 + 1 + 1)
  })
})

describe('three imports with one key at once', () => {
  it('cost a look each, one import, and one look beside it', async () => {
    const one = store()
    const spec = { name: 'web', url: 'http://127.0.0.1:9/x.raw', region: 'nyc3', key: 'k' }
    const operations = await Promise.all(Array.from({ length: 3 }, () => succeed(one.importFromUrl(spec))))
    expect(new Set(operations.map(({ ref }) => ref)).size).toBe(1)
    expect(emulator.requests.map(({ method }) => method)).toEqual(['GET', 'POST', 'GET', 'GET', 'GET'])
  })
})

describe('50 imports under keys of their own at once', () => {
  it('cost an import each, and a handful of lists for all of them together', async () => {
    const one = store()
    const specs = Array.from({ length: 50 }, (_, index) => ({
      name: `web-${index}`,
      url: 'http://127.0.0.1:9/x.raw',
      region: 'nyc3',
      key: `k-${index}`,
    }))
    await Promise.all(specs.map((spec) => succeed(one.importFromUrl(spec))))
    const methods = emulator.requests.map(({ method }) => method)
    expect(methods.filter((method) => method === 'POST')).toHaveLength(50)
    expect(methods.filter((method) => method === 'GET').length).toBeLessThanOrEqual(10)
  })
})

describe('one look at many operations', () => {
  it('costs a request for every 200 rows of the list, and one for each import that has left it', async () => {
    const ids = [
      ...populate(100, { status: 'pending' }),
      ...populate(3, { status: 'deleted', error_message: 'corrupt' }),
    ]
    populate(120)
    const refs = ids.map((id) => operationRef(`digitalocean:import/${id}`))
    const lookups = await succeed(store().getOperations(refs))
    expect(lookups.filter((lookup) => lookup.found && lookup.operation.state === 'running')).toHaveLength(100)
    expect(lookups.filter((lookup) => lookup.found && lookup.operation.state === 'failed')).toHaveLength(3)
    expect(emulator.requests).toHaveLength(2 + 3)
  })

  it('costs one for all transfers of an image', async () => {
    const [id] = populate(1)
    const image = await succeed(store().get(imageRef(`digitalocean:${id}`)))
    const operations = await succeed(store().replicate(image.ref, ['ams3', 'fra1', 'sgp1', 'nyc3']))
    expect(emulator.requests).toHaveLength(1 + 1 + 3)
    const transfers = operations.slice(0, 3).map(({ ref }) => ref)
    expect(await succeed(store().getOperations(transfers))).toMatchObject(
      transfers.map((ref) => ({ ref, found: true })),
    )
    expect(emulator.requests).toHaveLength(1 + 1 + 3 + 1)
  })
})

describe('a wait for 100 imports', () => {
  it('costs a request for every 200 rows at each look until all are seen, and one for each that has left the list, once', async () => {
    const ids = populate(100, { status: 'pending' })
    populate(150)
    const refs = ids.map((id) => operationRef(`digitalocean:import/${id}`))
    let looks = 0
    const runtime = {
      ...systemRuntime,
      sleep: async () => {
        looks += 1
        // At the second look five have failed and left the list, at the third all others are there.
        const [failing, rest] = [ids.slice(0, 5), ids.slice(5)]
        if (looks === 1)
          for (const id of failing) emulator.addImage({ id, type: 'custom', status: 'deleted', error_message: 'no' })
        if (looks === 2) for (const id of rest) emulator.addImage({ id, type: 'custom' })
      },
    }
    const outcomes = await succeed(waitForAll(store(), refs, { runtime }))
    expect(outcomes.filter(({ succeeded }) => succeeded)).toHaveLength(95)
    // All are on the first page, but for those that are on none.
    expect(emulator.requests).toHaveLength(1 + (2 + 5) + 1)
  })
})

describe('a look at captures', () => {
  it('costs one each while they run, and one more for each Droplet of which one is done', async () => {
    const droplets = Array.from({ length: 6 }, () => String(emulator.addDroplet()))
    const begun = []
    for (const source of droplets) begun.push(await succeed(store().createFromServer({ name: 'n', source })))
    expect(emulator.requests).toHaveLength(6 * 2)
    const refs = begun.map(({ ref }) => ref)
    await succeed(store().getOperations(refs))
    expect(emulator.requests).toHaveLength(6 * 2 + 6)
    await emulator.clock.advance(180_000)
    const lookups = await succeed(store().getOperations(refs))
    expect(lookups.map((lookup) => lookup.ref)).toEqual(refs)
    expect(new Set(lookups.map((lookup) => lookup.found && lookup.operation.image)).size).toBe(6)
    expect(emulator.requests).toHaveLength(6 * 2 + 6 + 6 * 2)
  })
})

describe('a look at many captures of one Droplet', () => {
  it('costs its list of actions, and its list of snapshots where one is done', async () => {
    const source = String(emulator.addDroplet())
    const refs = []
    for (let index = 0; index < 10; index++) {
      refs.push((await succeed(store().createFromServer({ name: `n${index}`, source }))).ref)
      await emulator.clock.advance(180_000)
    }
    const before = emulator.requests.length
    const lookups = await succeed(store().getOperations(refs))
    expect(new Set(lookups.map((lookup) => lookup.found && lookup.operation.image)).size).toBe(10)
    expect(emulator.requests.slice(before).map(({ path }) => path.replace(/\?.*/, ''))).toEqual([
      `/v2/droplets/${source}/actions`,
      `/v2/droplets/${source}/snapshots`,
    ])
    emulator.removeDroplet(Number(source))
    expect((await succeed(store().getOperations(refs))).every(({ found }) => found)).toBe(true)
  })
})

describe('look-ups that do not depend on each other', () => {
  it('keep their order and cost one each', async () => {
    const ids = populate(12, { status: 'deleted', error_message: 'corrupt' })
    const actions = await Promise.all(
      populate(6).map(async (id) => succeed(store().replicate(imageRef(`digitalocean:${id}`), ['ams3']))),
    )
    const refs = [
      ...ids.map((id) => operationRef(`digitalocean:import/${id}`)),
      ...actions.flat().map(({ ref }) => ref),
    ]
    const before = emulator.requests.length
    const lookups = await succeed(store().getOperations(refs))
    expect(lookups.map(({ ref }) => ref)).toEqual(refs)
    expect(lookups.every(({ found }) => found)).toBe(true)
    expect(emulator.requests.length - before).toBe(1 + 12 + 6)
  })
})

describe('a server that cuts the pages it is asked for', () => {
  it('is read to its last row, by listings and by look-ups', async () => {
    const cutting = await startEmulator({ timeScale: 0, perPageMaximum: 20, perPageAbove: 'cut' })
    const ids = Array.from({ length: 45 }, () => cutting.addImage({ type: 'custom' }))
    const store = digitalOcean({ token: cutting.token, baseUrl: cutting.baseUrl })
    const refs = ids.map((id) => `digitalocean:${id}`)
    expect((await succeed(collect(store))).map(({ ref }) => ref)).toEqual(refs)
    expect(cutting.requests).toHaveLength(3)
    const lookups = await succeed(store.getOperations(ids.map((id) => operationRef(`digitalocean:import/${id}`))))
    expect(lookups.every(({ found }) => found)).toBe(true)
    expect(cutting.requests).toHaveLength(6)
    await cutting.close()
    expect(cutting.failures).toEqual([])
  })
})
