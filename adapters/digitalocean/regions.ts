import { type Region, regionId } from '../../src/model/region.ts'
import type * as Wire from './wire.ts'

interface City {
  readonly city: string
  /** ISO 3166-1. */
  readonly country: string
  readonly latitude: number
  readonly longitude: number
}

/**
 * Where the regions are, by the letters of their slug. DigitalOcean publishes neither country nor coordinates: these are
 * the cities of the regions' names, and the coordinates are theirs, not the data centres'. Source: fact sheet §13.
 */
const cities: Readonly<Record<string, City>> = {
  ams: { city: 'Amsterdam', country: 'NL', latitude: 52.38, longitude: 4.87 },
  atl: { city: 'Atlanta', country: 'US', latitude: 33.75, longitude: -84.39 },
  blr: { city: 'Bangalore', country: 'IN', latitude: 12.93, longitude: 77.56 },
  fra: { city: 'Frankfurt', country: 'DE', latitude: 50.11, longitude: 8.68 },
  lon: { city: 'London', country: 'GB', latitude: 51.49, longitude: -0.12 },
  mem: { city: 'Memphis', country: 'US', latitude: 35.15, longitude: -90.05 },
  mkc: { city: 'Kansas City', country: 'US', latitude: 39.1, longitude: -94.58 },
  nyc: { city: 'New York', country: 'US', latitude: 40.71, longitude: -74.01 },
  ric: { city: 'Richmond', country: 'US', latitude: 37.54, longitude: -77.44 },
  sfo: { city: 'San Francisco', country: 'US', latitude: 37.76, longitude: -122.45 },
  sgp: { city: 'Singapore', country: 'SG', latitude: 1.33, longitude: 103.84 },
  syd: { city: 'Sydney', country: 'AU', latitude: -33.87, longitude: 151.21 },
  tor: { city: 'Toronto', country: 'CA', latitude: 43.65, longitude: -79.41 },
}

/** The form of every region's slug: letters and a number, such as `nyc3`. Which ones exist is for the API to say. */
const regionSlug = /^[a-z][a-z0-9-]{0,30}$/

/** Whether that is a region's slug. From plain JavaScript it need not be a text, and `undefined` is spelt like a slug. */
export const isRegionSlug = (region: unknown): boolean => typeof region === 'string' && regionSlug.test(region)

const cityOf = (slug: string): City | undefined => {
  const letters = /^[a-z]+/.exec(slug)?.[0] ?? ''
  return Object.hasOwn(cities, letters) ? cities[letters] : undefined
}

/** Whether it is known where a region is. */
export const isKnownRegion = (slug: string): boolean => isRegionSlug(slug) && cityOf(slug) !== undefined

/**
 * A region in the model. A region without droplets still takes images (packer#5948), so `available` says nothing about
 * imports; the feature `image_transfer` does, and where it is missing nothing is known.
 */
export const toRegion = (wire: Wire.Region): Region => {
  const place = cityOf(wire.slug)
  return {
    id: regionId(wire.slug),
    name: wire.name ?? wire.slug,
    city: place?.city,
    country: place?.country,
    location: place === undefined ? undefined : { latitude: place.latitude, longitude: place.longitude },
    acceptsImports: wire.features?.includes('image_transfer') === true ? true : undefined,
    raw: wire,
  }
}
