import type { Image, ImageKind, Provenance } from '../../src/model/image.ts'
import { formatImageRef } from '../../src/model/ref.ts'
import type { RegionId } from '../../src/model/region.ts'
import { gibibytes, sizeFromGibibytes } from '../../src/model/size.ts'
import type { ImageStatus } from '../../src/model/status.ts'
import type { Tag } from '../../src/model/tag.ts'
import { presentText } from '../../src/model/text.ts'
import { parseTimestamp } from '../../src/model/timestamp.ts'
import { type Description, readTrailer } from './description.ts'
import { privateOs, publicOs, saysX64 } from './distribution.ts'
import { operationRefOf } from './ids.ts'
import { decodeTag } from './tags.ts'
import type * as Wire from './wire.ts'

/** The provider's word for itself. */
export const provider = 'digitalocean'

const statuses: ReadonlyMap<string, ImageStatus> = new Map([
  ['new', 'queued'],
  ['pending', 'importing'],
  ['available', 'available'],
  ['retired', 'retired'],
])

/**
 * The status in the model. Compared without regard to capitals (`NEW` and `new` have both been sent). There is no word for
 * failure: an import that failed is `deleted` with an error message, and published samples carry `" "` where there is none.
 * Source: fact sheet §3.
 */
export const toStatus = (word: string, failure: string | undefined): ImageStatus => {
  // Folding allocates even where nothing changes, and nearly every image is `available` as it stands.
  const known = statuses.get(word)
  if (known !== undefined) return known
  const folded = word.toLowerCase()
  if (folded === 'deleted') return failure === undefined ? 'deleted' : 'failed'
  return statuses.get(folded) ?? 'unknown'
}

const privateKinds: Readonly<Record<string, ImageKind>> = { admin: 'managed' }

/**
 * The kind. `type` tells private images apart; public ones carry `snapshot` or `base` by no rule that holds, so there only
 * the query that found them knows (fact sheet §2).
 */
const toKind = (wire: Wire.Image, catalogue: ImageKind | undefined): ImageKind | undefined => {
  if (wire.public === true) return catalogue ?? (wire.type === 'base' ? 'base' : undefined)
  const type = presentText(wire.type)
  return type === undefined ? undefined : Object.hasOwn(privateKinds, type) ? privateKinds[type] : type
}

const noRegions: readonly RegionId[] = []
const noTags: readonly Tag[] = []

const hasRepetition = (slugs: readonly string[]): boolean => {
  for (let index = 1; index < slugs.length; index++) if (slugs.indexOf(slugs[index] ?? '') !== index) return true
  return false
}

/** The regions, each once: published samples list one twice. The payload's own array serves where it can. */
const toRegions = (slugs: readonly string[] | null | undefined): readonly RegionId[] => {
  if (slugs === null || slugs === undefined || slugs.length === 0) return noRegions
  return (hasRepetition(slugs) ? [...new Set(slugs)] : slugs) as readonly RegionId[]
}

/**
 * Whether the name may carry an operation key: those of snapshots do, which take no description (fact sheet §5), and those of
 * imports, which do, never.
 */
export const holdsNameTrailer = ({ public: isPublic, type }: Wire.Image): boolean =>
  isPublic !== true && type?.toLowerCase() !== 'custom'

const provenanceOf = (
  store: string,
  image: string,
  described: Description | undefined,
  named: Description | undefined,
): Provenance | undefined => {
  if (described?.key !== undefined)
    return { operation: operationRefOf(store, { kind: 'import', image }), key: described.key }
  return named?.key === undefined ? undefined : { key: named.key, server: named.server }
}

/** An image in the model. Total: whatever DigitalOcean sends, with any field missing or new, becomes an image. */
export const toImage = (store: string, wire: Wire.Image, catalogue?: ImageKind): Image => {
  const isPublic = wire.public === true
  const name = wire.name ?? ''
  const slug = presentText(wire.slug)
  const failure = presentText(wire.error_message)
  const distribution = presentText(wire.distribution)
  const providerStatus = wire.status ?? ''
  const id = String(wire.id)
  const description = presentText(wire.description)
  const trailer = description === undefined ? undefined : readTrailer(description)
  const trailed = readTrailer(name)
  const named = trailed !== undefined && holdsNameTrailer(wire) ? trailed : undefined
  return {
    ref: formatImageRef(store, id),
    provider,
    name: named?.text ?? name,
    kind: toKind(wire, catalogue),
    visibility: isPublic ? 'public' : 'private',
    status: toStatus(providerStatus, failure),
    providerStatus,
    failure,
    os: isPublic ? publicOs(distribution, name) : distribution === undefined ? undefined : privateOs(distribution),
    architecture: isPublic && saysX64(name, slug) ? 'x86_64' : undefined,
    size: typeof wire.size_gigabytes === 'number' ? sizeFromGibibytes(wire.size_gigabytes) : undefined,
    minimumDiskBytes: typeof wire.min_disk_size === 'number' ? gibibytes(wire.min_disk_size) : undefined,
    createdAt: typeof wire.created_at === 'string' ? parseTimestamp(wire.created_at) : undefined,
    slug,
    description: trailer === undefined ? description : presentText(trailer.text),
    regions: toRegions(wire.regions),
    tags: wire.tags === null || wire.tags === undefined || wire.tags.length === 0 ? noTags : wire.tags.map(decodeTag),
    provenance: provenanceOf(store, id, trailer, named),
    raw: wire,
  }
}
