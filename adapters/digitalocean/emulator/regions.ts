import type { Settings } from './settings.ts'

/** A region as GET /v2/regions has it, without its `sizes`. [O:regions/models/region.yml] */
export interface StoredRegion {
  readonly slug: string
  readonly name: string
  /** Whether new Droplets can be made there; says nothing of images. [I:hashicorp/packer#5948] */
  readonly available: boolean
  readonly features: readonly string[]
}

/** The list recorded live on 2026-08-21; four of them are not in the specification. [LV:do_regions.tf] */
const names: Readonly<Record<string, string>> = {
  ams2: 'Amsterdam 2',
  ams3: 'Amsterdam 3',
  atl1: 'Atlanta 1',
  blr1: 'Bangalore 1',
  fra1: 'Frankfurt 1',
  lon1: 'London 1',
  mem1: 'Memphis 1',
  mkc1: 'Kansas City 1',
  nyc1: 'New York 1',
  nyc2: 'New York 2',
  nyc3: 'New York 3',
  ric1: 'Richmond 1',
  sfo1: 'San Francisco 1',
  sfo2: 'San Francisco 2',
  sfo3: 'San Francisco 3',
  sgp1: 'Singapore 1',
  syd1: 'Sydney 1',
  tor1: 'Toronto 1',
}

const features = ['backups', 'ipv6', 'metadata', 'install_agent', 'storage', 'image_transfer']

/** Closed for Droplets and still open for images. [I:hashicorp/packer#5948] */
const closedForDroplets = 'nyc2'

/** Without `image_transfer`. Made up, so that one region is: the list was recorded without its features. */
const withoutTransfers = 'mem1'

/** Every region. */
export const regions: readonly StoredRegion[] = Object.entries(names).map(([slug, name]) => ({
  slug,
  name,
  available: slug !== closedForDroplets,
  features: slug === withoutTransfers ? features.filter((feature) => feature !== 'image_transfer') : features,
}))

/** The region of a slug. */
export const regionBySlug = (slug: unknown): StoredRegion | undefined => regions.find((region) => region.slug === slug)

/** In use, and not in the specification. [LV:do_regions.tf; O:shared/attributes/region_slug.yml] */
const newRegions: readonly string[] = ['atl1', 'mem1', 'mkc1', 'ric1']

/** Whether images can be made in a region or copied there: of the newest ones it is not known. [facts 13] */
export const takesImages = (settings: Pick<Settings, 'newRegions'>, slug: string): boolean =>
  settings.newRegions === 'take-images' || !newRegions.includes(slug)

/** Some Droplet sizes, of the many there are. [EX:spec.regions.list.page1] */
const sizes = ['s-1vcpu-1gb', 's-1vcpu-2gb', 's-2vcpu-4gb', 's-4vcpu-8gb', 's-8vcpu-16gb']

/** The region as it is sent. Sizes need a scope of their own, and a region that is closed has none. [O:regions/models/region.yml] */
export const regionBody = (region: StoredRegion, withSizes: boolean) => ({
  name: region.name,
  slug: region.slug,
  features: region.features,
  available: region.available,
  sizes: withSizes && region.available ? sizes : [],
})
