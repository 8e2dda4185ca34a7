import { collect, type Image, type ImageQuery, tagsEqual } from 'imageferry'
import { gcore } from 'imageferry/gcore'
import { startEmulator } from 'imageferry/gcore/emulator'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { filtersOf } from '../../../adapters/gcore/list-filters.ts'
import { succeed } from '../../either.ts'

const region = 76
const env = { key: 'env', value: 'prod' }

/** Queries, each with what it means in words of its own. */
const queries: readonly (readonly [ImageQuery, (image: Image) => boolean])[] = [
  [{}, () => true],
  [{ nameContains: 'UBUNTU-2' }, ({ name }) => name.toLowerCase().includes('ubuntu-2')],
  [{ name: 'Web-7' }, ({ name }) => name === 'Web-7'],
  [{ name: 'web-7' }, ({ name }) => name === 'web-7'],
  [{ nameContains: 'Ä' }, ({ name }) => name === 'ä image'],
  [{ architecture: 'aarch64' }, ({ architecture }) => architecture === 'aarch64'],
  [{ architecture: 'riscv64' }, () => false],
  [{ distribution: 'ubuntu', osVersion: '24.04' }, ({ os }) => os?.distribution === 'ubuntu' && os.version === '24.04'],
  [{ distribution: 'rocky' }, ({ os }) => os?.distribution === 'rocky'],
  [{ distribution: 'rocky', osVersion: '9' }, ({ os }) => os?.distribution === 'rocky' && os.version === '9'],
  [{ distribution: 'centos' }, ({ os }) => os?.distribution === 'centos'],
  [{ distribution: 'centos-stream', osVersion: '9' }, ({ os }) => os?.distribution === 'centos-stream'],
  [{ osVersion: '9' }, ({ os }) => os?.version === '9'],
  [{ visibility: 'private' }, ({ visibility }) => visibility === 'private'],
  [{ visibility: 'no-such' }, () => false],
  [{ tags: [env] }, ({ tags }) => tagsEqual(tags, [env])],
  [{ tags: [env, { key: 'env', value: 'dev' }] }, () => false],
  [{ tags: [{ key: 'Web Tag' }] }, ({ tags }) => tagsEqual(tags, [{ key: 'Web Tag' }])],
  [{ tags: [{ key: '' }] }, () => false],
]

describe.each([
  ['honoured', 'honoured'],
  ['ignored', 'honoured'],
  ['honoured', 'ignored'],
  ['ignored', 'ignored'],
] as const)('a listing from a server by which filters are %s and limit and offset %s', (filters, pagination) => {
  let emulator: Awaited<ReturnType<typeof startEmulator>>
  beforeEach(async () => {
    emulator = await startEmulator({ timeScale: 0, filters, pagination })
    for (let index = 0; index < 1100; index++) emulator.addImage({ name: `Web-${index}`, own: index % 2 === 0 })
    emulator.addImage({ name: 'ä image', tags: { env: 'prod' } })
    emulator.addImage({ name: 'blank', tags: { Web__20__Tag: '__none__' }, os_distro: 'Rocky Linux', os_version: '9' })
    emulator.addImage({ name: 'old-centos', os_distro: 'CentOS', os_version: '9', visibility: 'public', own: false })
  })
  afterEach(() => emulator.close())

  it.each(['all', 'public'] as const)('holds what every query asks for, of %s', async (scope) => {
    const store = gcore({ ...emulator, regions: [region] })
    const everything = await succeed(collect(store, { scope }))
    expect(everything.length).toBeGreaterThan(scope === 'all' ? 1100 : 10)
    for (const [query, isWanted] of queries) {
      const found = await succeed(collect(store, { ...query, scope }))
      expect(
        found.map(({ ref }) => ref),
        JSON.stringify(query),
      ).toEqual(everything.filter(isWanted).map(({ ref }) => ref))
    }
    expect(emulator.failures).toEqual([])
  })
})

describe('what the server is asked to filter by', () => {
  it('is all that it knows', () => {
    const query: ImageQuery = {
      scope: 'public',
      nameContains: 'web',
      architecture: 'x86_64',
      distribution: 'debian',
      osVersion: '12',
      tags: [env, { key: 'base' }],
    }
    expect(filtersOf(query)).toEqual({
      visibility: 'public',
      name: 'web',
      architecture: 'x86_64',
      os_distro: 'debian',
      os_version: '12',
      tag_key_value: '{"env":"prod","base":"__none__"}',
    })
  })
})
