import * as t from 'io-ts'
import { numberOrText, wireObject } from '../../src/http/wire-object.ts'

/**
 * DigitalOcean's JSON, as far as it is read. Only an id is certain: every other field is missing or null in some
 * published payload (fact sheet §2, §14). Closed lists of the specification are open texts here, since live answers go
 * beyond them (`new`, `AlmaLinux`, `Unknown OS`, four regions).
 */

const Id = numberOrText

/** An image, also as the subset that the answer to an import carries. Source: openapi image.yml. */
export const Image = wireObject(
  'Image',
  { id: Id },
  {
    name: t.string,
    type: t.string,
    distribution: t.string,
    slug: t.string,
    public: t.boolean,
    regions: t.array(t.string),
    created_at: t.string,
    min_disk_size: t.number,
    size_gigabytes: t.number,
    description: t.string,
    tags: t.array(t.string),
    status: t.string,
    error_message: t.string,
  },
)
export type Image = t.TypeOf<typeof Image>

/** Absent, empty, or with the pages that make sense. Source: fact sheet §4. */
const Links = wireObject('Links', {}, { pages: wireObject('Pages', {}, { next: t.string, last: t.string }) })
const Meta = wireObject('Meta', {}, { total: t.number })
const paging = { links: Links, meta: Meta }
export type Paging = {
  readonly links?: t.TypeOf<typeof Links> | null | undefined
  readonly meta?: t.TypeOf<typeof Meta> | null | undefined
}

export const ImageList = wireObject('ImageList', { images: t.array(Image) }, paging)
export const ImageAnswer = wireObject('ImageAnswer', { image: Image }, {})

/** What follows an import or an update: the image, or nothing where the server only says "accepted". */
export const AcceptedImage = t.union([ImageAnswer, wireObject('Accepted', {}, {}), t.undefined], 'AcceptedImage')

/** Source: openapi region.yml. */
export const Region = wireObject(
  'Region',
  { slug: t.string },
  { name: t.string, available: t.boolean, features: t.array(t.string) },
)
export type Region = t.TypeOf<typeof Region>
export const RegionList = wireObject('RegionList', { regions: t.array(Region) }, paging)

/** Source: openapi action.yml. The specification forgets the wrapper around image actions (corrections file). */
export const Action = wireObject(
  'Action',
  { id: Id },
  {
    status: t.string,
    type: t.string,
    started_at: t.string,
    completed_at: t.string,
    resource_id: Id,
    resource_type: t.string,
    region: Region,
    region_slug: t.string,
  },
)
export type Action = t.TypeOf<typeof Action>
export const ActionAnswer = wireObject('ActionAnswer', { action: Action }, {})
export const ActionList = wireObject('ActionList', { actions: t.array(Action) }, paging)

/** Source: openapi snapshots.yml; `id` is text here and a number under /v2/images, for the same snapshot. */
export const Snapshot = wireObject(
  'Snapshot',
  { id: Id },
  {
    name: t.string,
    created_at: t.string,
    regions: t.array(t.string),
    resource_id: Id,
    resource_type: t.string,
    min_disk_size: t.number,
    size_gigabytes: t.number,
    tags: t.array(t.string),
    type: t.string,
  },
)
export type Snapshot = t.TypeOf<typeof Snapshot>
export const SnapshotAnswer = wireObject('SnapshotAnswer', { snapshot: Snapshot }, {})
export const SnapshotList = wireObject('SnapshotList', { snapshots: t.array(Snapshot) }, paging)

/** A server, as far as images are made of it. Source: openapi droplet.yml. */
export const Droplet = wireObject(
  'Droplet',
  { id: Id },
  { name: t.string, locked: t.boolean, region: wireObject('DropletRegion', {}, { slug: t.string }) },
)
export type Droplet = t.TypeOf<typeof Droplet>
export const DropletAnswer = wireObject('DropletAnswer', { droplet: Droplet }, {})

/** A tag, for its canonical spelling. Source: openapi tags.yml. */
export const Tag = wireObject(
  'Tag',
  { name: t.string },
  { resources: wireObject('TagResources', {}, { count: t.number }) },
)
const DoubledTag = wireObject('DoubledTag', { tag: Tag }, {})
/** The published answer has the tag one level too deep; both forms are read (corrections file). */
export const TagAnswer = wireObject('TagAnswer', { tag: t.union([Tag, DoubledTag], 'Tag') }, {})
export type TagAnswer = t.TypeOf<typeof TagAnswer>
export const TagList = wireObject('TagList', { tags: t.array(Tag) }, paging)

/** An answer of which nothing is needed: 204, and bodies that only repeat the request. */
export const Nothing = t.unknown
