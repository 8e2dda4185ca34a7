/** A region as the emulator keeps it; the answer's remaining fields are the same for all. */
export interface StoredRegion {
  readonly id: number
  readonly displayName: string
  readonly slug: string
  readonly state: 'ACTIVE' | 'MAINTENANCE'
  readonly country: string
  readonly zone: 'AMERICAS' | 'APAC' | 'EMEA'
  readonly coordinates: { readonly latitude: string; readonly longitude: string }
  readonly hasKvm: boolean
  readonly hasBaremetal: boolean
  readonly hasGpu: boolean
}

type Row = readonly [
  id: number,
  displayName: string,
  country: string,
  zone: StoredRegion['zone'],
  latitude: string,
  longitude: string,
]

// The regions that some public source names; coordinates are those of the cities. [PD, LAN: facts 8]
const rows: readonly Row[] = [
  [6, 'Luxembourg', 'LU', 'EMEA', '49.61167', '6.13000'],
  [64, 'Hong Kong', 'HK', 'APAC', '22.27832', '114.17469'],
  [68, 'Chicago', 'US', 'AMERICAS', '41.85003', '-87.65005'],
  [76, 'Luxembourg-2', 'LU', 'EMEA', '49.61167', '6.13000'],
  [148, 'Luxembourg-3', 'LU', 'EMEA', '49.61167', '6.13000'],
  [160, 'Paris-3', 'FR', 'EMEA', '48.85341', '2.34880'],
  [164, 'Sines-2', 'PT', 'EMEA', '37.95618', '-8.86979'],
  [172, 'San Jose', 'US', 'AMERICAS', '37.33939', '-121.89496'],
  [176, 'Sines-3', 'PT', 'EMEA', '37.95618', '-8.86979'],
  [180, 'Frankfurt-2', 'DE', 'EMEA', '50.11552', '8.68417'],
  [184, 'Chester', 'GB', 'EMEA', '53.19050', '-2.89189'],
  [196, 'London-2', 'GB', 'EMEA', '51.50853', '-0.12574'],
]

// Invented, so that clients meet a region that is not ACTIVE; which regions are under maintenance changes all the time.
const underMaintenance = 160

// Invented, so that clients meet a region for bare metal only: virtual machines need `has_kvm`. [PD:first-api-call]
const bareMetalOnly = 176

const withBareMetal: ReadonlySet<number> = new Set([148, bareMetalOnly, 180])

// Invented as well: some regions have servers with graphics processors, and most have none.
const withGpu: ReadonlySet<number> = new Set([148, 180])

/** The regions of this emulator, by rising id. */
export const regions: readonly StoredRegion[] = rows.map(
  ([id, displayName, country, zone, latitude, longitude]): StoredRegion => ({
    id,
    displayName,
    slug: displayName.toLowerCase().replaceAll(' ', '-'),
    state: id === underMaintenance ? 'MAINTENANCE' : 'ACTIVE',
    country,
    zone,
    coordinates: { latitude, longitude },
    hasKvm: id !== bareMetalOnly,
    hasBaremetal: withBareMetal.has(id),
    hasGpu: withGpu.has(id),
  }),
)

/** The region of this id. */
export const regionById = (id: number): StoredRegion | undefined => regions.find((region) => region.id === id)
