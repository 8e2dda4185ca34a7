import type { Compression } from '../model/disk-format.ts'
import type { ImageFacts } from './facts.ts'
import type { Completeness, Container } from './formats/container.ts'
import { recognise } from './formats/recognise.ts'
import { conclude } from './guest/conclusions.ts'
import type { DiskFacts } from './guest/disk-facts.ts'
import { readDisk } from './guest/read-disk.ts'
import type { Medium, Reading } from './reading.ts'
import { shownFeatures } from './shown-features.ts'
import { openArchive } from './wrapping/archive.ts'
import type { Layer } from './wrapping/layer.ts'
import { openLayer } from './wrapping/open-layer.ts'
import { readText } from './wrapping/text.ts'

/** What the bytes of a file tell. The rest of {@link ImageFacts} is about where the file lies. */
export type SeenInBytes = Omit<ImageFacts, 'source' | 'bytes' | 'cost' | 'fullPass'>

/** Compressions within each other that are looked through. No importer takes even two. */
const mostLayers = 2

interface Opened {
  readonly layers: readonly Layer[]
  /** What is in all of them. */
  readonly inside: Medium
}

function* openLayers(file: Medium): Reading<Opened> {
  const layers: Layer[] = []
  let inside = file
  while (layers.length < mostLayers) {
    const layer = yield* openLayer(inside)
    if (layer === undefined) break
    layers.push(layer)
    inside = layer.inside
  }
  return { layers, inside }
}

const announced = (layer: Layer | undefined): Pick<SeenInBytes, 'unpackedBytes' | 'unpackedBytesAre'> =>
  layer?.unpackedBytes === undefined
    ? {}
    : { unpackedBytes: layer.unpackedBytes, unpackedBytesAre: layer.unpackedBytesAre }

/** The length of what is in all layers, in bytes, where it is known for certain. */
const insideLength = ({ layers, inside }: Opened): number | undefined => {
  const [innermost] = layers.slice(-1)
  if (innermost === undefined) return inside.length
  return innermost.unpackedBytesAre === 'exact' ? innermost.unpackedBytes : undefined
}

const isTruncated = (
  layers: readonly Layer[],
  { promisedBytes, endMissing }: Completeness,
  length: number | undefined,
): boolean | undefined => {
  if (endMissing === true || layers.some(({ truncated }) => truncated === true)) return true
  if (promisedBytes === undefined || length === undefined) return undefined
  return promisedBytes > length
}

const nothingOnDisk: DiskFacts = { partitions: [], bootLoaders: [], damage: [], unread: [] }

const nothingPromised: Completeness = {}

/** A plain disk in a compression is as long as what is in it, where that is known. */
const diskBytes = ({ format, virtualBytes }: Container, length: number | undefined): number | undefined =>
  format === 'raw' && length !== undefined ? Math.max(virtualBytes ?? 0, length) : virtualBytes

const aboutContainer = (container: Container | undefined, length: number | undefined): Partial<SeenInBytes> => {
  if (container === undefined) return {}
  const virtualBytes = diskBytes(container, length)
  return {
    format: container.format,
    ...(container.variant !== undefined && { variant: container.variant }),
    ...(virtualBytes !== undefined && { virtualBytes }),
  }
}

const unknownOf = (disk: DiskFacts | undefined, truncated: boolean | undefined, format: unknown): readonly string[] => [
  ...(disk?.unread ?? []).map((what) => `${what}: not looked at`),
  ...(format !== undefined && truncated === undefined ? ['whether the file is whole: its length is not known'] : []),
]

/**
 * Looks at a file from the outside to the inside: compressions, archive or text, format, how long the file has to be, and what stands on
 * the disk. Total: any bytes give an answer.
 */
export function* look(file: Medium): Reading<SeenInBytes> {
  const opened = yield* openLayers(file)
  const { layers, inside } = opened
  const compressions: readonly Compression[] = layers.map(({ compression }) => compression)
  const outside = { compressions, ...announced(layers.at(-1)) }

  const archive = yield* openArchive(inside)
  const text = archive === undefined ? yield* readText(inside) : undefined
  if (archive !== undefined || text !== undefined) {
    const truncated = layers.some((layer) => layer.truncated === true)
    return {
      ...outside,
      ...(archive !== undefined && { archive: { kind: archive.archive, entries: archive.entries } }),
      ...(text !== undefined && { text }),
      features: {},
      ...(truncated && { truncated }),
      conclusions: {},
      unknown: [],
    }
  }

  const container = yield* recognise(inside)
  const completeness = container === undefined ? nothingPromised : yield* container.completeness()
  // What is no format by itself may be a file system without a partition table.
  const medium = container === undefined ? inside : container.disk
  const disk = medium === undefined ? undefined : yield* readDisk(medium)
  const length = insideLength(opened)
  const truncated = isTruncated(layers, completeness, length)
  return {
    ...outside,
    ...aboutContainer(container, length),
    features: shownFeatures(container?.features ?? {}),
    ...(completeness.promisedBytes !== undefined && { promisedBytes: completeness.promisedBytes }),
    ...(truncated !== undefined && { truncated }),
    ...(disk !== undefined && { disk }),
    conclusions: conclude(disk ?? nothingOnDisk),
    unknown: unknownOf(disk, truncated, container?.format),
  }
}
