import type { GeoPoint, Region, RegionId } from './region.ts'

/** How a region of one provider is turned into a region of another. */
export interface RegionMapping {
  /** The caller's own table, which always wins: source region id to target region id. */
  readonly table?: Readonly<Record<string, string>> | undefined
  /**
   * Whether the nearest region may lie in another country. Off by default, because where data lies is often a matter of
   * law.
   */
  readonly acrossBorders?: boolean | undefined
}

/** The region that was chosen, and why, so that it can be shown before anything is moved. */
export type RegionChoice =
  | { readonly chosen: RegionId; readonly because: 'table' }
  | {
      readonly chosen: RegionId
      readonly because: 'nearest'
      readonly kilometres: number
      readonly sameCountry: boolean
    }
  | { readonly chosen: undefined; readonly because: 'not-in-table' | 'no-location' | 'no-region-in-country' }

const earthRadiusKilometres = 6371
const radians = (degrees: number): number => (degrees * Math.PI) / 180

/** The great-circle distance, in kilometres. */
export const distanceKilometres = (a: GeoPoint, b: GeoPoint): number => {
  const halfChord =
    Math.sin(radians(b.latitude - a.latitude) / 2) ** 2 +
    Math.cos(radians(a.latitude)) *
      Math.cos(radians(b.latitude)) *
      Math.sin(radians(b.longitude - a.longitude) / 2) ** 2
  return 2 * earthRadiusKilometres * Math.asin(Math.min(1, Math.sqrt(halfChord)))
}

interface Candidate {
  readonly region: Region
  readonly kilometres: number
}

const closest = (candidates: readonly Candidate[]): Candidate | undefined =>
  candidates.reduce<Candidate | undefined>(
    (best, next) => (best === undefined || next.kilometres < best.kilometres ? next : best),
    undefined,
  )

/**
 * The region of `candidates` nearest to `from`: within the country, unless borders may be crossed. Regions that accept no
 * imports are passed over; where a region says nothing about imports it is taken.
 */
export const nearest = (
  from: Region,
  candidates: readonly Region[],
  { acrossBorders = false }: Pick<RegionMapping, 'acrossBorders'> = {},
): RegionChoice => {
  const { location, country } = from
  if (location === undefined) return { chosen: undefined, because: 'no-location' }
  const reachable = candidates.flatMap((region) =>
    region.acceptsImports === false || region.location === undefined
      ? []
      : [{ region, kilometres: distanceKilometres(location, region.location) }],
  )
  const atHome = reachable.filter(({ region }) => country !== undefined && region.country === country)
  const found = closest(atHome) ?? (acrossBorders ? closest(reachable) : undefined)
  return found === undefined
    ? { chosen: undefined, because: reachable.length === 0 ? 'no-location' : 'no-region-in-country' }
    : {
        chosen: found.region.id,
        because: 'nearest',
        kilometres: Math.round(found.kilometres),
        sameCountry: country !== undefined && found.region.country === country,
      }
}

/**
 * The target's counterpart of a region: what the caller's table says, else the nearest one. A table entry that the target
 * does not have is `not-in-table` rather than somewhere else.
 */
export const mapRegion = (from: Region, candidates: readonly Region[], mapping: RegionMapping = {}): RegionChoice => {
  const wanted =
    mapping.table !== undefined && Object.hasOwn(mapping.table, from.id) ? mapping.table[from.id] : undefined
  if (wanted === undefined) return nearest(from, candidates, mapping)
  const found = candidates.find(({ id }) => id === wanted)
  return found === undefined ? { chosen: undefined, because: 'not-in-table' } : { chosen: found.id, because: 'table' }
}
