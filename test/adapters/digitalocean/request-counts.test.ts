import { collect, type ImageQuery, imageRef, operationRef } from 'imageferry'
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

  it('costs those of the images with a tag alone, where the tag was read before', async () => {
    populate(450)
    const [tagged] = populate(1, { tags: ['Env:Prod'] })
    const [image] = await succeed(collect(store(), { tags: [{ key: 'env', value: 'prod' }] }))
    expect(image?.ref).toBe(`digitalocean:${tagged}`)
    expect(emulator.requests).toHaveLength(3)
    const query: ImageQuery = { tags: image?.tags ?? [] }
    expect((await succeed(collect(store(), query))).map(({ ref }) => ref)).toEqual([image?.ref])
    expect(emulator.requests).toHaveLength(4)
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
