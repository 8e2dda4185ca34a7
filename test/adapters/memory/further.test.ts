import { imageRef, operationRef } from 'imageferry'
import { memory } from 'imageferry/memory'
import { describe, expect, it } from 'vitest'
import { manualClock } from '../../../src/emulator/clock.ts'
import { fail, succeed } from '../../either.ts'
import { someImage } from '../../flow/some-image.ts'
import { virtualRuntime } from '../../virtual-runtime.ts'

const url = 'https://example.com/web.qcow2'

describe('captures in the memory store', () => {
  const store = memory({
    regions: ['here', 'there'],
    servers: [{ id: 'web-1', region: 'there', bytes: 5 }],
    volumes: [{ id: 'data' }],
  })

  it('say what they were made of and where', async () => {
    const { image = imageRef('memory:none') } = await succeed(
      store.createFromServer({ name: 'web', source: 'web-1', osFamily: 'linux', tags: [{ key: 'env' }] }),
    )
    expect(await succeed(store.get(image))).toMatchObject({
      name: 'web',
      kind: 'snapshot',
      status: 'available',
      regions: ['there'],
      size: { bytes: 5 },
      os: { family: 'linux' },
      tags: [{ key: 'env' }],
      provenance: { server: 'web-1' },
    })
  })

  it('of a server and of a volume are two things, and neither is in a region that it is not in', async () => {
    expect(await fail(store.createFromVolume({ name: 'web', source: 'web-1' }))).toMatchObject({ kind: 'not-found' })
    expect(await fail(store.createFromServer({ name: 'web', source: 'web-1', region: 'here' }))).toMatchObject({
      kind: 'invalid-argument',
      fields: { region: expect.stringContaining('there') },
    })
    expect(await fail(store.createFromServer({ name: 'web', source: 'web-1', region: 'nowhere' }))).toMatchObject({
      kind: 'invalid-argument',
      fields: { region: expect.stringContaining('nowhere') },
    })
  })

  it('and imports under one key are a conflict', async () => {
    await succeed(store.createFromVolume({ name: 'data', source: 'data', key: 'run-1' }))
    const spec = { name: 'data', url, region: 'here', key: 'run-1' }
    expect(await fail(store.importFromUrl(spec))).toMatchObject({ kind: 'conflict' })
  })
})

describe('a region that is full', () => {
  it('takes no import, no capture and no copy, and has room again after a deletion', async () => {
    const store = memory({
      regions: ['here', 'there'],
      imageLimits: { here: 1 },
      servers: [{ id: 'web-1' }],
      images: [someImage('9', { regions: ['there' as never] })],
    })
    const { image = imageRef('memory:none') } = await succeed(store.importFromUrl({ name: 'one', url, region: 'here' }))
    expect(await succeed(store.quota('here'))).toEqual({ images: { limit: 1, used: 1 } })
    expect(await succeed(store.quota('there'))).toEqual({})
    for (const task of [
      store.importFromUrl({ name: 'two', url, region: 'here' }),
      store.createFromServer({ name: 'two', source: 'web-1' }),
      store.replicate(imageRef('memory:9'), ['here']),
    ])
      expect(await fail(task)).toMatchObject({ kind: 'quota-exceeded', hint: expect.stringContaining('Delete') })
    await succeed(store.delete(image))
    await succeed(store.replicate(imageRef('memory:9'), ['here']))
    expect(await succeed(store.quota('here'))).toEqual({ images: { limit: 1, used: 1 } })
  })
})

describe('a copy in the memory store', () => {
  it('is there when its time has come, and goes with the image', async () => {
    const clock = manualClock()
    const region = 'über 1'
    const store = memory({
      runtime: virtualRuntime(clock),
      importDurationMs: 1000,
      regions: ['here', region],
      images: [someImage('1', { regions: ['here' as never] })],
    })
    const ref = imageRef('memory:1')
    const [copy] = await succeed(store.replicate(ref, [region]))
    expect(copy).toMatchObject({ kind: 'replicate', state: 'running', image: ref })
    expect((await succeed(store.get(ref))).regions).toEqual(['here'])
    await clock.advance(1000)
    expect((await succeed(store.get(ref))).regions).toEqual(['here', region])
    const refs = [copy?.ref ?? operationRef('memory:replicate/1/none'), operationRef('memory:replicate/1/none')]
    expect(await succeed(store.getOperations(refs))).toMatchObject([
      { found: true, operation: { state: 'succeeded' } },
      { found: false, error: { kind: 'not-found' } },
    ])
    await succeed(store.delete(ref))
    expect(await succeed(store.getOperations(refs.slice(0, 1)))).toMatchObject([{ found: false }])
  })
})

describe('a deleted image', () => {
  it('cannot be read, and deleting it says that it was gone', async () => {
    const store = memory({ images: [someImage('1', { status: 'deleted' })] })
    const ref = imageRef('memory:1')
    expect(await fail(store.get(ref))).toMatchObject({ kind: 'not-found' })
    expect(await succeed(store.delete(ref))).toMatchObject({ state: 'succeeded', outcome: 'already-gone' })
  })
})

describe('what the caller gave', () => {
  it('may change after the call without changing the image', async () => {
    const tag = { key: 'env', value: 'prod' }
    const store = memory()
    const spec = { name: 'web', url: 'http://localhost/a', region: 'here', tags: [tag] }
    const { image } = await succeed(store.importFromUrl(spec))
    tag.value = 'dev'
    expect((await succeed(store.get(image ?? imageRef('memory:none')))).tags).toEqual([{ key: 'env', value: 'prod' }])
  })

  it('is kept in the words of the model', async () => {
    const store = memory()
    const spec = { name: 'web', url: 'http://localhost/a', region: 'here', os: { distribution: 'Rocky Linux' } }
    await succeed(store.importFromUrl(spec))
    expect((await succeed(store.listPage({ distribution: 'rocky' }))).images).toHaveLength(1)
  })

  it.each([0, -1, 1.5])('is refused where a page would have %d images', (pageSize) => {
    expect(() => memory({ pageSize })).toThrow('no page')
  })
})
