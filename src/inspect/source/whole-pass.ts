import { createHash } from 'node:crypto'
import type { Runtime } from '../../store/runtime.ts'
import type { FullPass } from '../facts.ts'
import type { NotKnown } from '../not-known.ts'
import { countedGzipLength } from './counted-gzip-length.ts'
import type { FullPassProgress } from './image-source.ts'

/** Progress is told so often at the most, in milliseconds. */
const progressEveryMs = 100

/** A file as it comes in, from its first byte to its last. */
export interface WholeFile {
  /** Some of the next bytes, which may be overwritten when the next are asked for; none at the end. */
  readonly next: () => Promise<Uint8Array>
  readonly totalBytes: number | undefined
  readonly runtime: Runtime
  readonly onProgress: ((progress: FullPassProgress) => void) | undefined
  /** Called with what could not be found out on the way, in words. */
  readonly onUnknown: (unknown: NotKnown) => void
}

const report = (listener: WholeFile['onProgress'], progress: FullPassProgress): void => {
  try {
    listener?.(progress)
  } catch {
    // As with observers: what was read for hours must not be lost for it.
  }
}

/** Reads a file once and keeps nothing of it: its digest, its length, and the length of what is in a gzip file. Rejects as `next` does. */
export const wholePass = async ({ next, totalBytes, runtime, onProgress, onUnknown }: WholeFile): Promise<FullPass> => {
  const digest = createHash('sha256')
  const gzip = countedGzipLength()
  let bytes = 0
  let toldAt = runtime.now()
  try {
    for (let piece = await next(); piece.length > 0; piece = await next()) {
      bytes += piece.length
      digest.update(piece)
      await gzip.write(piece)
      if (runtime.now() - toldAt < progressEveryMs) continue
      toldAt = runtime.now()
      report(onProgress, { bytes, totalBytes })
    }
  } finally {
    gzip.close()
  }
  report(onProgress, { bytes, totalBytes })
  const unpackedBytes = gzip.length()
  if (unpackedBytes === 'damaged')
    onUnknown({
      about: 'packed',
      what: 'the length of what is in the gzip file',
      reason: 'it is damaged, or cut short',
    })
  return {
    sha256: digest.digest('hex'),
    bytes,
    ...(typeof unpackedBytes === 'number' && { unpackedBytes }),
    ...(unpackedBytes === 'damaged' && { damaged: true as const }),
  }
}
