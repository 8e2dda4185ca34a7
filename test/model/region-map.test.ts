import * as fc from 'fast-check'
import { distanceKilometres, type GeoPoint, mapRegion, nearest, type Region, regionId } from 'imageferry'
import { describe, expect, it } from 'vitest'
import { toRegion } from '../../adapters/digitalocean/regions.ts'
import { forAll } from '../for-all.ts'

const region = (id: string, country?: string, at?: readonly [number, number], acceptsImports?: boolean): Region => ({
  id: regionId(id),
  name: id,
  country,
  location: at && { latitude: at[0], longitude: at[1] },
  acceptsImports,
  raw: undefined,
})

const frankfurt = region('fra1', 'DE', [50.11, 8.68])
const targets = [
  region('76', 'LU', [49.61, 6.13]),
  region('180', 'DE', [50.11, 8.68]),
  region('52', 'DE', [52.52, 13.4]),
  region('68', 'US', [41.88, -87.63]),
]

describe('the nearest region', () => {
  it('is the one in the country, even where another is nearer', () => {
    const abroad = [region('76', 'LU', [50.1, 8.7]), region('52', 'DE', [52.52, 13.4])]
    expect(nearest(frankfurt, abroad)).toEqual({
      chosen: '52',
      because: 'nearest',
      kilometres: expect.closeTo(424, -1),
      sameCountry: true,
    })
  })

  it('lies abroad only where that was allowed, and then says so', () => {
    const abroad = [region('76', 'LU', [49.61, 6.13]), region('68', 'US', [41.88, -87.63])]
    expect(nearest(frankfurt, abroad)).toEqual({ chosen: undefined, because: 'no-region-in-country' })
    expect(nearest(frankfurt, abroad, { acrossBorders: true })).toMatchObject({ chosen: '76', sameCountry: false })
  })

  it('stays at home where that is possible, even where borders may be crossed', () => {
    const both = [region('76', 'LU', [50.1, 8.7]), region('52', 'DE', [52.52, 13.4])]
    expect(nearest(frankfurt, both, { acrossBorders: true })).toMatchObject({ chosen: '52', sameCountry: true })
  })

  it('is none that accepts no imports, but one that says nothing about it', () => {
    const closed = [region('180', 'DE', [50.11, 8.68], false), region('52', 'DE', [52.52, 13.4], undefined)]
    expect(nearest(frankfurt, closed)).toMatchObject({ chosen: '52' })
  })

  it('is not guessed without a country or a place', () => {
    expect(nearest(region('x', 'DE'), targets)).toEqual({ chosen: undefined, because: 'no-location' })
    expect(nearest(frankfurt, [region('y', 'DE')])).toEqual({ chosen: undefined, because: 'no-location' })
    expect(nearest(frankfurt, [])).toEqual({ chosen: undefined, because: 'no-location' })
    const nowhere = region('x', undefined, [50.11, 8.68])
    expect(nearest(nowhere, targets)).toEqual({ chosen: undefined, because: 'no-region-in-country' })
    expect(nearest(nowhere, [region('y', undefined, [50, 8])])).toMatchObject({ chosen: undefined })
  })

  it('is nearer than all others of its country, wherever they are', () => {
    const place = fc.tuple(
      fc.double({ min: -90, max: 90, noNaN: true }),
      fc.double({ min: -180, max: 180, noNaN: true }),
    )
    const some = fc
      .array(fc.tuple(fc.constantFrom('DE', 'US', undefined), place, fc.constantFrom(true, false, undefined)), {
        maxLength: 8,
      })
      .map((all) => all.map(([country, at, accepts], index) => region(`r${index}`, country, at, accepts)))
    forAll([some, place, fc.boolean()], (candidates, at, acrossBorders) => {
      const from = region('from', 'DE', at)
      const choice = nearest(from, candidates, { acrossBorders })
      const chosen = candidates.find(({ id }) => id === choice.chosen)
      if (chosen === undefined) return
      expect(chosen.acceptsImports).not.toBe(false)
      expect(chosen.country === 'DE' || acrossBorders).toBe(true)
      const distance = ({ location }: Region) =>
        location === undefined
          ? Number.POSITIVE_INFINITY
          : distanceKilometres({ latitude: at[0], longitude: at[1] }, location)
      const rivals = candidates.filter((one) => one.acceptsImports !== false && one.country === chosen.country)
      expect(Math.min(...rivals.map(distance))).toBe(distance(chosen))
    })
  })
})

describe('the counterpart of a region', () => {
  it('is what the table says, whatever is nearer', () => {
    expect(mapRegion(frankfurt, targets, { table: { fra1: '68' } })).toEqual({ chosen: '68', because: 'table' })
  })

  it('is none where the table names one that is not there', () => {
    expect(mapRegion(frankfurt, targets, { table: { fra1: '999' }, acrossBorders: true })).toEqual({
      chosen: undefined,
      because: 'not-in-table',
    })
  })

  it('is the nearest where the table says nothing of it', () => {
    expect(mapRegion(frankfurt, targets, { table: { nyc3: '68' } })).toMatchObject({ chosen: '180', kilometres: 0 })
    expect(mapRegion(region('constructor', 'DE', [50, 8]), targets, { table: {} })).toMatchObject({ chosen: '180' })
    expect(mapRegion(toRegion({ slug: 'fra1' }), targets)).toMatchObject({ chosen: '180', because: 'nearest' })
  })
})

describe('a distance', () => {
  const point: fc.Arbitrary<GeoPoint> = fc.record({
    latitude: fc.double({ min: -90, max: 90, noNaN: true }),
    longitude: fc.double({ min: -180, max: 180, noNaN: true }),
  })

  it('is the same both ways, nothing to the same place and at most half around the earth', () => {
    forAll([point, point], (one, other) => {
      const kilometres = distanceKilometres(one, other)
      expect(kilometres).toBeCloseTo(distanceKilometres(other, one), 6)
      expect(kilometres).toBeGreaterThanOrEqual(0)
      expect(kilometres).toBeLessThanOrEqual(Math.PI * 6371 + 1e-6)
      expect(distanceKilometres(one, one)).toBe(0)
    })
  })

  it.each([
    ['Frankfurt to Luxembourg', [50.11, 8.68, 49.61, 6.13], 191],
    ['across the line where the date changes', [0, 179.5, 0, -179.5], 111],
    ['New York to Sydney', [40.71, -74.01, -33.87, 151.21], 15989],
  ] as const)('is what the map says: %s', (_, [a, b, c, d], kilometres) => {
    const distance = distanceKilometres({ latitude: a, longitude: b }, { latitude: c, longitude: d })
    expect(Math.abs(distance - kilometres)).toBeLessThan(kilometres / 100)
  })
})
