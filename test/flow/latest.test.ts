import * as TE from 'fp-ts/lib/TaskEither.js'
import { type Image, type ImageQuery, latest, regionId } from 'imageferry'
import { memory } from 'imageferry/memory'
import { describe, expect, it } from 'vitest'
import { fail, succeed } from '../either.ts'
import { fakeStore } from './fake-store.ts'
import { someImage } from './some-image.ts'

/** A public image of Ubuntu. */
const ubuntu = (id: string, version: string | undefined, more: Partial<Image> = {}): Image =>
  someImage(id, { visibility: 'public', os: { family: 'linux', distribution: 'ubuntu', version }, ...more })

const catalogue = (...images: readonly Image[]) => memory({ images, pageSize: 2 })

const newest = (images: readonly Image[], version?: string): Promise<Image> =>
  succeed(latest(catalogue(...images), { distribution: 'ubuntu', version }))

describe('latest', () => {
  it('takes the highest version, compared as numbers and not as text', async () => {
    expect(await newest([ubuntu('1', '9.10'), ubuntu('2', '24.04'), ubuntu('3', '22.04')])).toMatchObject({
      ref: 'memory:2',
    })
    expect(await newest([ubuntu('1', '9.9'), ubuntu('2', '9.10')])).toMatchObject({ ref: 'memory:2' })
    expect(await newest([ubuntu('1', '9'), ubuntu('2', '9.1')])).toMatchObject({ ref: 'memory:2' })
  })

  it('puts the version before the age', async () => {
    const old = ubuntu('1', '24.04', { createdAt: '2024-05-01T00:00:00Z' })
    const rebuilt = ubuntu('2', '22.04', { createdAt: '2026-05-01T00:00:00Z' })
    expect(await newest([old, rebuilt])).toMatchObject({ ref: 'memory:1' })
  })

  it('takes the youngest of one version, whatever the zone its age is written in', async () => {
    const early = ubuntu('1', '24.04', { createdAt: '2026-05-01T23:30:00+02:00' })
    const late = ubuntu('2', '24.04', { createdAt: '2026-05-01T22:00:00Z' })
    expect(await newest([early, late])).toMatchObject({ ref: 'memory:2' })
    expect(await newest([late, early])).toMatchObject({ ref: 'memory:2' })
  })

  it.each([
    ['24.04', '24.04', true],
    ['24.04', '24.10', false],
    ['24.04', '24.04.1', false],
    ['24', '24.04', true],
    ['24', '24', true],
    ['24', '240.1', false],
    ['2', '24.04', false],
    ['rolling', 'rolling', true],
    ['rolling', '24.04', false],
  ])('reads the version %s as it is meant: %s answers to it: %s', async (wanted, version, answers) => {
    const result = latest(catalogue(ubuntu('1', version)), { distribution: 'ubuntu', version: wanted })
    if (answers) expect(await succeed(result)).toMatchObject({ ref: 'memory:1' })
    else expect(await fail(result)).toMatchObject({ kind: 'not-found' })
  })

  it('takes the highest of a version given in part', async () => {
    const images = [ubuntu('1', '24.04'), ubuntu('2', '24.10'), ubuntu('3', '25.04')]
    expect(await newest(images, '24')).toMatchObject({ ref: 'memory:2' })
    expect(await newest(images, '24.04')).toMatchObject({ ref: 'memory:1' })
  })

  it('leaves out what cannot be used now', async () => {
    const images = [ubuntu('1', '24.04'), ubuntu('2', '26.04', { status: 'retired' })]
    expect(await newest([...images, ubuntu('3', '28.04', { status: 'importing' })])).toMatchObject({ ref: 'memory:1' })
  })

  it('counts an image that tells no version only where none does', async () => {
    const application = ubuntu('1', undefined, { createdAt: '2026-09-01T00:00:00Z' })
    const older = ubuntu('2', undefined, { createdAt: '2026-08-01T00:00:00Z' })
    expect(await newest([application, ubuntu('3', '22.04')])).toMatchObject({ ref: 'memory:3' })
    expect(await newest([older, application])).toMatchObject({ ref: 'memory:1' })
  })

  it('looks in the catalogue unless told, for the distribution by any of its names', async () => {
    const rocky = someImage('1', { visibility: 'public', os: { distribution: 'rocky', version: '9' } })
    const own = someImage('2', { os: { distribution: 'rocky', version: '10' } })
    const store = catalogue(rocky, own)
    expect(await succeed(latest(store, { distribution: 'Rocky Linux' }))).toMatchObject({ ref: 'memory:1' })
    expect(await succeed(latest(store, { distribution: 'rocky', scope: 'own' }))).toMatchObject({ ref: 'memory:2' })
    expect(await fail(latest(store, { distribution: 'ubuntu' }))).toMatchObject({ kind: 'not-found' })
  })

  it('is narrowed by architecture, family, kind and region', async () => {
    const store = catalogue(
      ubuntu('1', '22.04', { architecture: 'aarch64', regions: [regionId('here')] }),
      ubuntu('2', '24.04', { architecture: 'x86_64', kind: 'base', regions: [regionId('there')] }),
      ubuntu('3', '26.04', { os: { family: 'bsd', distribution: 'ubuntu', version: '26.04' } }),
    )
    const asked = { distribution: 'ubuntu' }
    expect(await succeed(latest(store, asked))).toMatchObject({ ref: 'memory:3' })
    expect(await succeed(latest(store, { ...asked, architecture: 'aarch64' }))).toMatchObject({ ref: 'memory:1' })
    expect(await succeed(latest(store, { ...asked, family: 'linux' }))).toMatchObject({ ref: 'memory:2' })
    expect(await succeed(latest(store, { ...asked, kind: 'base' }))).toMatchObject({ ref: 'memory:2' })
    expect(await succeed(latest(store, { ...asked, region: 'here' }))).toMatchObject({ ref: 'memory:1' })
  })

  it('asks the store for no more than it has to', async () => {
    const asked: (ImageQuery | undefined)[] = []
    const store = fakeStore({
      listPage: (query) => {
        asked.push(query)
        return TE.right({ images: [ubuntu('1', '24.04')], ahead: [], failures: [] })
      },
    })
    await succeed(latest(store, { distribution: 'ubuntu', kind: 'base', region: 'here' }))
    expect(asked).toEqual([
      { scope: 'public', distribution: 'ubuntu', kinds: ['base'], regions: ['here'], onRegionFailure: 'fail' },
    ])
  })

  it.each<[string, readonly Image[]]>([
    ['of the same version and age', [ubuntu('1', '24.04'), ubuntu('2', '24.04')]],
    [
      'of one version where an age is not known',
      [ubuntu('1', '24.04'), ubuntu('2', '24.04', { createdAt: undefined })],
    ],
    ['whose versions are words', [ubuntu('1', 'rolling'), ubuntu('2', 'devel')]],
    ['a word and a number', [ubuntu('1', 'rolling'), ubuntu('2', '24.04')]],
  ])('fails with `conflict` for two %s, and lists these two', async (_, two) => {
    const store = catalogue(ubuntu('3', '20.04'), ...two)
    const named = two.every(({ os }) => os?.version === 'rolling' || os?.version === 'devel')
    const error = await fail(latest(store, { distribution: 'ubuntu' }))
    expect(error).toMatchObject({ kind: 'conflict', store: 'memory', operation: 'listPage' })
    expect(error.message).toContain('memory:1 (')
    expect(error.message).toContain('memory:2 (')
    expect(error.message.includes('memory:3 (')).toBe(named)
    expect(error.hint).toBeTruthy()
  })

  it('says what it looked for', async () => {
    const error = await fail(
      latest(memory(), { distribution: 'ubuntu', version: '24.04', architecture: 'x86_64', region: 'here' }),
    )
    expect(error.message).toBe('There is no usable image of ubuntu 24.04 for x86_64 in here in memory')
    expect(await fail(latest(memory(), { distribution: 'x' }, { signal: AbortSignal.abort() }))).toMatchObject({
      kind: 'canceled',
    })
  })

  it('leaves images for other servers out unless they are asked for', async () => {
    const metal = ubuntu('1', '24.04', { kind: 'gpu-bare-metal', createdAt: '2026-05-01T00:00:00Z' })
    const virtual = ubuntu('2', '24.04', { createdAt: '2024-05-01T00:00:00Z' })
    expect((await newest([metal, virtual])).ref).toBe('memory:2')
    const asked = latest(catalogue(metal, virtual), { distribution: 'ubuntu', kind: 'gpu-bare-metal' })
    expect((await succeed(asked)).ref).toBe('memory:1')
  })
})
