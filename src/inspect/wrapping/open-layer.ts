import type { Compression } from '../../model/disk-format.ts'
import { byteReader } from '../byte-reader.ts'
import type { Medium, Reading } from '../reading.ts'
import { announcedGzipLength } from './announced-gzip-length.ts'
import { beginning } from './beginning.ts'
import { bzip2End } from './bzip2-end.ts'
import { keptTail } from './kept-tail.ts'
import type { Layer } from './layer.ts'
import { packedEnd } from './packed-end.ts'
import { readCompression, telltaleBytes } from './recognise.ts'
import { xzLength } from './xz-length.ts'
import { zstdLength } from './zstd-length.ts'

type Announced = Omit<Layer, 'compression' | 'inside'>

const announcedBy: Readonly<Record<Compression, (file: Medium) => Reading<Announced>>> = {
  gzip: announcedGzipLength,
  bzip2: bzip2End,
  xz: xzLength,
  zstd: zstdLength,
}

/** The compression around a file, if there is one. Reads the file's end where that tells a length, or that it is there. */
export function* openLayer(file: Medium): Reading<Layer | undefined> {
  const { bytes } = yield* file.read(0, telltaleBytes)
  const compression = readCompression(byteReader(bytes))
  if (compression === undefined) return undefined
  const kept = keptTail(file)
  const announced = yield* announcedBy[compression](kept)
  const end = yield* packedEnd(compression, kept)
  return { compression, ...announced, ...end, inside: beginning(compression, file) }
}
