import { constants, type Stats } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { basename } from 'node:path'
import { codeOf, InspectError, isInspectError } from '../inspect-error.ts'
import type { NotKnown } from '../not-known.ts'
import { allowance } from './allowance.ts'
import { checkUnchanged, fileSupply, lengthOf } from './file-supply.ts'
import type { ImageSource } from './image-source.ts'
import { type Lifetime, lifetime } from './lifetime.ts'
import { readsOf } from './reads.ts'
import { limitsOf, type SourceOptions } from './source-options.ts'
import { noStretches } from './stretches.ts'
import { wholePass } from './whole-pass.ts'
import { firstBytes } from './window.ts'

const pieceBytes = 256 * 2 ** 10

const unreadable = (path: string, why: string): InspectError =>
  new InspectError('unreadable', `${path} cannot be read (${why})`, {
    hint: 'Give the path of a disk image that you may read',
  })

/** Does some work on a file, until the signal is aborted. Errors of the file system come in words of ours. */
const reading = async <A>(path: string, signal: AbortSignal, work: () => Promise<A>): Promise<A> => {
  try {
    signal.throwIfAborted()
    return await work()
  } catch (error) {
    // A file that is closed under a read fails in its own way.
    if (signal.aborted) throw signal.reason
    throw isInspectError(error) ? error : unreadable(path, codeOf(error))
  }
}

const checkKind = (path: string, stats: Stats): void => {
  if (stats.isDirectory()) throw unreadable(path, 'it is a directory')
  if (!stats.isFile() && !stats.isBlockDevice()) throw unreadable(path, 'it is neither a file nor a block device')
}

const sourceOf = async (
  path: string,
  file: FileHandle,
  options: SourceOptions,
  time: Lifetime,
): Promise<ImageSource> => {
  const limits = limitsOf(options)
  const stats = await reading(path, time.signal, () => file.stat())
  checkKind(path, stats)
  const length = await reading(path, time.signal, () => lengthOf(file, stats))
  // A request is what costs at a server; here it is bytes.
  const spending = allowance({ ...limits, maximumRequests: Number.POSITIVE_INFINITY })
  const known = noStretches()
  const supply = fileSupply({ file, stats, length }, known, spending)
  const reads = readsOf(known, supply)
  const read: ImageSource['read'] = (at, length) =>
    time.within(() => reading(path, time.signal, () => reads.read(at, length)))
  await read(0, Math.min(firstBytes, limits.maximumBytes))
  const unknown = new Map<string, NotKnown>()
  let passed = { requests: 0, bytes: 0 }

  return {
    facts: () => ({ kind: 'file', path, fileName: basename(path) }),
    length,
    read,
    within: time.within,
    cost: () => {
      const { requests, bytes } = spending.spent()
      return { requests: requests + passed.requests, bytes: bytes + passed.bytes }
    },
    unavailable: () => [...reads.unavailable(), ...unknown.values()],
    fullPass: (onProgress) =>
      reading(path, time.signal, async () => {
        const piece = Buffer.alloc(pieceBytes)
        let at = 0
        const next = async (): Promise<Uint8Array> => {
          time.signal.throwIfAborted()
          const { bytesRead } = await file.read(piece, 0, pieceBytes, at)
          at += bytesRead
          passed = { requests: passed.requests + 1, bytes: passed.bytes + bytesRead }
          return piece.subarray(0, bytesRead)
        }
        await checkUnchanged(file, stats)
        const { runtime } = limits
        const onUnknown = (one: NotKnown): void => void unknown.set(one.what, one)
        const whole = await wholePass({ next, totalBytes: length, runtime, onProgress, onUnknown })
        await checkUnchanged(file, stats)
        return whole
      }),
    close: async () => {
      time.close()
      await file.close().catch(() => undefined)
    },
  }
}

/**
 * Opens a file or a block device on this machine, and reads its beginning. Rejects with an `InspectError`: `unreadable`, `changed`, `timeout`,
 * `canceled`.
 */
export const openFile = async (path: string, options: SourceOptions = {}): Promise<ImageSource> => {
  const time = lifetime(limitsOf(options))
  // A pipe is opened without waiting for somebody to write into it, and then refused.
  const file = await reading(path, time.signal, () => open(path, constants.O_RDONLY | constants.O_NONBLOCK)).catch(
    (error: unknown) => {
      time.close()
      throw error
    },
  )
  try {
    return await sourceOf(path, file, options, time)
  } catch (error) {
    time.close()
    await file.close().catch(() => undefined)
    throw error
  }
}
