import type { Compression } from '../../model/disk-format.ts'
import { byteReader } from '../byte-reader.ts'
import type { Medium, Reading } from '../reading.ts'
import { beginning } from './beginning.ts'
import { gzipLength } from './gzip-length.ts'
import type { Layer } from './layer.ts'
import { readCompression, telltaleBytes } from './recognise.ts'
import { xzLength } from './xz-length.ts'
import { zstdLength } from './zstd-length.ts'

type Announced = Omit<Layer, 'compression' | 'inside'>

function announcedBy(compression: Compression, file: Medium): Reading<Announced> {
  if (compression === 'gzip') return gzipLength(file)
  if (compression === 'xz') return xzLength(file)
  return compression === 'zstd' ? zstdLength(file) : nothingAnnounced()
}

/** A bzip2 file tells no length anywhere. */
// biome-ignore lint/correctness/useYield: where nothing is told there is nothing to read.
function* nothingAnnounced(): Reading<Announced> {
  return {}
}

/** The compression around a file, if there is one. Reads the file's end where a length is announced there. */
export function* openLayer(file: Medium): Reading<Layer | undefined> {
  const { bytes } = yield* file.read(0, telltaleBytes)
  const compression = readCompression(byteReader(bytes))
  if (compression === undefined) return undefined
  const announced = yield* announcedBy(compression, file)
  return { compression, ...announced, inside: beginning(compression, file) }
}
