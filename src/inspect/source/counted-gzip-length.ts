import { crc32, createInflateRaw, type InflateRaw } from 'node:zlib'
import { gzipHeaderEnd } from '../gzip-header.ts'

/** Counts what is in a gzip file, as it goes by. */
export interface CountedGzipLength {
  /** Takes the next bytes of the file; comes when they are unpacked, and nothing of them is kept. */
  readonly write: (bytes: Uint8Array) => Promise<void>
  /**
   * The length of what is in the file, in bytes, if what was written is all of it. `damaged`: it contradicts itself, or is cut short. `none`:
   * it is no gzip file.
   */
  readonly length: () => number | 'damaged' | 'none'
  /** Ends it. */
  readonly close: () => void
}

/** No header of a tool is longer, in bytes; another one is damage. */
const longestHeader = 64 * 2 ** 10
const trailerBytes = 8

/** One member while its data go by. */
interface Member {
  readonly inflate: InflateRaw
  /** Settles when the data contradict themselves. */
  readonly failed: Promise<'failed'>
  fed: number
  length: number
  checksum: number
}

const begin = (): Member => {
  const inflate = createInflateRaw()
  const failed = new Promise<'failed'>((resolve) => {
    inflate.on('error', () => resolve('failed'))
  })
  const member: Member = { inflate, failed, fed: 0, length: 0, checksum: 0 }
  inflate.on('data', (bytes: Buffer) => {
    member.length += bytes.length
    member.checksum = crc32(bytes, member.checksum)
  })
  return member
}

/** Whether a trailer fits what was unpacked. Source: RFC 1952, section 2.3.1: the CRC-32, and the length modulo 2^32. */
const fits = (trailer: Buffer, { checksum, length }: Member): boolean =>
  trailer.readUInt32LE(0) === checksum && trailer.readUInt32LE(4) === length % 2 ** 32

/**
 * A count of the members of a gzip file one after the other. What stands behind a member and is none, zeros or other bytes, is
 * left out, as gunzip does.
 */
export const countedGzipLength = (): CountedGzipLength => {
  let total = 0
  let members = 0
  let state: 'header' | 'data' | 'trailer' | 'ignored' | 'none' | 'damaged' = 'header'
  let pending: Buffer = Buffer.alloc(0)
  let member = begin()

  const damage = (): void => {
    state = 'damaged'
    pending = Buffer.alloc(0)
    member.inflate.destroy()
  }

  const header = (): boolean => {
    const end = gzipHeaderEnd(pending)
    if (end === 'short') {
      if (pending.length > longestHeader) damage()
      return false
    }
    if (end === 'none') {
      state = members === 0 ? 'none' : 'ignored'
      return false
    }
    pending = pending.subarray(end)
    member = begin()
    state = 'data'
    return true
  }

  const data = async (): Promise<boolean> => {
    const bytes = pending
    if (bytes.length === 0) return false
    const { inflate, failed } = member
    const written = new Promise<void>((resolve) => inflate.write(bytes, () => resolve()))
    if ((await Promise.race([written, failed])) === 'failed') {
      damage()
      return false
    }
    member.fed += bytes.length
    const rest = member.fed - inflate.bytesWritten
    pending = bytes.subarray(bytes.length - rest)
    if (rest > 0) state = 'trailer'
    return rest > 0
  }

  const trailer = (): boolean => {
    if (pending.length < trailerBytes) return false
    if (!fits(pending.subarray(0, trailerBytes), member)) {
      damage()
      return false
    }
    member.inflate.destroy()
    pending = pending.subarray(trailerBytes)
    total += member.length
    members += 1
    state = 'header'
    return true
  }

  /** Goes one step on in what is pending; `false` where more bytes are needed, or none any more. */
  const step = async (): Promise<boolean> => {
    if (pending.length === 0) return false
    if (state === 'header') return header()
    if (state === 'data') return data()
    return state === 'trailer' && trailer()
  }

  return {
    write: async (bytes) => {
      if (state === 'ignored' || state === 'none' || state === 'damaged') return
      pending = pending.length === 0 ? Buffer.from(bytes) : Buffer.concat([pending, bytes])
      while (await step());
    },
    length: () => {
      // What begins as a header and does not go on as one is a header that was cut short; one byte is nothing.
      if (state === 'none' || (members === 0 && state === 'header' && pending.length < 2)) return 'none'
      return members > 0 && (state === 'header' || state === 'ignored') ? total : 'damaged'
    },
    close: () => void member.inflate.destroy(),
  }
}
