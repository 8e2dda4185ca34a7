declare const regionIdBrand: unique symbol

/** A provider's own id of a region, as text: `nyc3` on DigitalOcean, `76` on Gcore. It means nothing at another provider. */
export type RegionId = string & { readonly [regionIdBrand]: true }

/** A region's id from a provider's text. Which ids exist is the provider's to say, so every text is taken. */
export const regionId = (text: string): RegionId => text as RegionId

/** A place on the earth, in degrees. */
export interface GeoPoint {
  /** Degrees north of the equator. */
  readonly latitude: number
  /** Degrees east of Greenwich. */
  readonly longitude: number
}

/** Where a provider keeps images. Built from the live list, with an offline table for the geography it leaves out. */
export interface Region {
  readonly id: RegionId
  /** The provider's display name. */
  readonly name: string
  readonly city?: string | undefined
  /** Two letters, ISO 3166-1. */
  readonly country?: string | undefined
  readonly location?: GeoPoint | undefined
  /** Whether images can be imported there; absent where the provider does not say. */
  readonly acceptsImports?: boolean | undefined
  /** The provider's payload, by reference. */
  readonly raw: unknown
}
