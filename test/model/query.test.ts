import { type Image, type ImageQuery, matchesQuery, regionId } from 'imageferry'
import { describe, expect, it } from 'vitest'
import { anImage } from './images.ts'

const bare = anImage({
  kind: undefined,
  visibility: undefined,
  os: undefined,
  architecture: undefined,
  regions: [],
  tags: [],
  name: '',
})

const cases: readonly (readonly [ImageQuery, Partial<Image>, boolean])[] = [
  [{}, {}, true],
  [{ scope: 'public' }, {}, true],
  [{ onRegionFailure: 'report' }, {}, true],
  [{ name: 'Web Server' }, {}, true],
  [{ name: 'web server' }, {}, false],
  [{ name: 'Web' }, {}, false],
  [{ name: '' }, { name: '' }, true],
  [{ nameContains: 'SERVER' }, {}, true],
  [{ nameContains: '' }, {}, true],
  [{ nameContains: '.*' }, {}, false],
  [{ kinds: ['base', 'custom'] }, {}, true],
  [{ kinds: ['base'] }, {}, false],
  [{ kinds: [] }, {}, false],
  [{ statuses: ['available', 'queued'] }, {}, true],
  [{ statuses: ['available'] }, { status: 'unknown' }, false],
  [{ visibility: 'private' }, {}, true],
  [{ visibility: 'public' }, {}, false],
  [{ regions: ['sfo3', 'ams3'] }, {}, true],
  [{ regions: [regionId('sfo3')] }, {}, false],
  [{ regions: [] }, {}, false],
  [{ tags: [] }, {}, true],
  [{ tags: [{ key: 'env', value: 'prod', wire: 'ENV:prod' }, { key: 'base-image' }] }, {}, true],
  [{ tags: [{ key: 'env', value: 'prod' }, { key: 'other' }] }, {}, false],
  [{ tags: [{ key: 'env' }] }, {}, false],
  [{ architecture: 'x86_64' }, {}, true],
  [{ architecture: 'aarch64' }, {}, false],
  [{ distribution: 'ubuntu' }, {}, true],
  [{ distribution: 'Ubuntu' }, {}, false],
  [{ osVersion: '24.04' }, {}, true],
  [{ osVersion: '24' }, {}, false],
  [{ distribution: 'ubuntu', osVersion: '22.04' }, {}, false],
  [{ name: 'Web Server', kinds: ['custom'], regions: ['nyc3'], tags: [{ key: 'base-image' }] }, {}, true],
]

describe('a query', () => {
  it.each(cases)('%j of an image with %j: %s', (query, more, answers) => {
    expect(matchesQuery(query)(anImage(more))).toBe(answers)
  })

  it.each<ImageQuery>([
    { kinds: ['custom'] },
    { visibility: 'private' },
    { regions: ['nyc3'] },
    { tags: [{ key: 'env' }] },
    { architecture: 'x86_64' },
    { distribution: 'ubuntu' },
    { osVersion: '24.04' },
    { name: 'x' },
    { nameContains: 'x' },
  ])('%j finds nothing in an image that does not say', (query) => {
    expect(matchesQuery(query)(bare)).toBe(false)
    expect(matchesQuery({})(bare)).toBe(true)
  })

  it('leaves out nothing for a part that is undefined', () => {
    const query = Object.fromEntries(
      [
        'name',
        'nameContains',
        'kinds',
        'statuses',
        'visibility',
        'regions',
        'tags',
        'architecture',
        'distribution',
      ].map((part) => [part, undefined]),
    )
    expect(matchesQuery(query)(bare)).toBe(true)
  })
})
