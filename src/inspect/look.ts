import type { Compression } from '../model/disk-format.ts'
import type { ImageFacts } from './facts.ts'
import type { Completeness, Container } from './formats/container.ts'
import { recognise } from './formats/recognise.ts'
import { conclude } from './guest/conclusions.ts'
import type { DiskFacts } from './guest/disk-facts.ts'
import { readDisk } from './guest/read-disk.ts'
import type { Medium, Reading } from './reading.ts'
import { shownFeatures } from './shown-features.ts'
import type { EndClues } from './wholeness.ts'
import { openArchive } from './wrapping/archive.ts'
import type { Layer } from './wrapping/layer.ts'
import { openLayer } from './wrapping/open-layer.ts'
import { readText } from './wrapping/text.ts'

/** What the bytes of a file tell by themselves. The rest of {@link ImageFacts} is about where the file lies, and how long it is. */
export type SeenInBytes = Omit<
  ImageFacts,
  'source' | 'bytes' | 'cost' | 'fullPass' | 'truncated' | 'truncationSuspected' | 'unknown'
>

/** What was seen, and what it tells of the file's end. */
export interface Seen {
  readonly facts: SeenInBytes
  readonly clues: EndClues
}

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

const announced = (
  layer: Layer | undefined,
): Pick<SeenInBytes, 'unpackedBytes' | 'unpackedBytesAre' | 'unpackedBytesAtMost'> => ({
  ...(layer?.unpackedBytes !== undefined && {
    unpackedBytes: layer.unpackedBytes,
    unpackedBytesAre: layer.unpackedBytesAre,
  }),
  ...(layer?.unpackedBytesAtMost !== undefined && { unpackedBytesAtMost: layer.unpackedBytesAtMost }),
})

const nothingOnDisk: DiskFacts = { partitions: [], bootLoaders: [], damage: [], unread: [] }

const nothingPromised: Completeness = {}

const aboutContainer = (container: Container | undefined): Partial<SeenInBytes> =>
  container === undefined
    ? {}
    : {
        format: container.format,
        ...(container.variant !== undefined && { variant: container.variant }),
        ...(container.virtualBytes !== undefined && { virtualBytes: container.virtualBytes }),
      }

const cluesOf = ({ layers }: Opened, { endMissing = false }: Completeness): EndClues => ({
  endsMissing: layers.map(({ truncated }) => truncated),
  endMissing,
  endingRunBytes: layers.at(-1)?.endingRunBytes,
})

/**
 * Looks at a file from the outside to the inside: compressions, archive or text, format, how long the file has to be, and what stands on
 * the disk. Total: any bytes give an answer.
 */
export function* look(file: Medium): Reading<Seen> {
  const opened = yield* openLayers(file)
  const { layers, inside } = opened
  const compressions: readonly Compression[] = layers.map(({ compression }) => compression)
  const outside = { compressions, ...announced(layers.at(-1)) }

  const archive = yield* openArchive(inside)
  const text = archive === undefined ? yield* readText(inside) : undefined
  if (archive !== undefined || text !== undefined) {
    const facts: SeenInBytes = {
      ...outside,
      ...(archive !== undefined && { archive: { kind: archive.archive, entries: archive.entries } }),
      ...(text !== undefined && { text }),
      features: {},
      conclusions: {},
    }
    return { facts, clues: cluesOf(opened, nothingPromised) }
  }

  const container = yield* recognise(inside)
  const completeness = container === undefined ? nothingPromised : yield* container.completeness()
  // What is no format by itself may be a file system without a partition table.
  const medium = container === undefined ? inside : container.disk
  const disk = medium === undefined ? undefined : yield* readDisk(medium)
  const facts: SeenInBytes = {
    ...outside,
    ...aboutContainer(container),
    features: shownFeatures(container?.features ?? {}),
    ...(completeness.promisedBytes !== undefined && { promisedBytes: completeness.promisedBytes }),
    ...(disk !== undefined && { disk }),
    conclusions: conclude(disk ?? nothingOnDisk),
  }
  return { facts, clues: cluesOf(opened, completeness) }
}
