import { type Region, regionId } from '../../src/model/region.ts'
import { presentText } from '../../src/model/text.ts'
import type * as Wire from './wire.ts'

/** The cities of the regions that are known by name; the API tells country and coordinates, but no city. Fact sheet §8. */
const cities: Readonly<Record<string, string>> = {
  '6': 'Luxembourg',
  '64': 'Hong Kong',
  '68': 'Chicago',
  '76': 'Luxembourg',
  '148': 'Luxembourg',
  '160': 'Paris',
  '164': 'Sines',
  '172': 'San Jose',
  '176': 'Sines',
  '180': 'Frankfurt',
  '184': 'Chester',
  '196': 'London',
}

/** Regions that are known to be there by their ids alone. Fact sheet §8. */
const nameless: ReadonlySet<string> = new Set(
  '14 18 26 30 34 46 50 80 84 88 92 100 104 108 116 124 128 136 140 152'.split(' '),
)

/** Whether some source has named a region, by its id. No full list is published. */
export const isKnownRegion = (id: string): boolean => Object.hasOwn(cities, id) || nameless.has(id)

const degrees = (value: string | number | null | undefined): number | undefined => {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined
}

/** VM images need a region that is ACTIVE and has KVM (fact sheet §8); where either is not told, nothing is known. */
const acceptsImports = ({ state, has_kvm }: Wire.Region): boolean | undefined => {
  if (has_kvm === false || (typeof state === 'string' && state !== 'ACTIVE')) return false
  return has_kvm === true && state === 'ACTIVE' ? true : undefined
}

/** A region in the model. */
export const toRegion = (wire: Wire.Region): Region => {
  const id = String(wire.id)
  const latitude = degrees(wire.coordinates?.latitude)
  const longitude = degrees(wire.coordinates?.longitude)
  return {
    id: regionId(id),
    name: presentText(wire.display_name) ?? presentText(wire.slug) ?? id,
    city: Object.hasOwn(cities, id) ? cities[id] : undefined,
    country: presentText(wire.country)?.toUpperCase(),
    location: latitude === undefined || longitude === undefined ? undefined : { latitude, longitude },
    acceptsImports: acceptsImports(wire),
    raw: wire,
  }
}
