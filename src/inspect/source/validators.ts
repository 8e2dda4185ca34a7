import { InspectError } from '../inspect-error.ts'
import type { Answer } from './ask.ts'

/** What tells one state of a file from another. */
export interface Validators {
  readonly etag?: string | undefined
  readonly lastModified?: string | undefined
  /** The length of the whole file, in bytes. */
  readonly totalBytes?: number | undefined
}

/** The validators of an answer, which tells the length of the whole file in its own way. */
export const validatorsOf = ({ headers }: Pick<Answer, 'headers'>, totalBytes: number | undefined): Validators => ({
  etag: headers['etag'],
  lastModified: headers['last-modified'],
  totalBytes,
})

const differ = <A>(a: A | undefined, b: A | undefined): boolean => a !== undefined && b !== undefined && a !== b

const isWeak = (etag: string | undefined): boolean => etag?.startsWith('W/') ?? false

/**
 * Whether two answers are of different files. Only what both tell counts. Another length is always another file. Strong ETags decide
 * by themselves, so that mirrors whose clocks differ give one file. Where one of them is weak or missing, another Last-Modified is another
 * file; the same one speaks for the same, whatever weak ETags say, which each server behind a balancer may make in its own way.
 */
export const isOtherFile = (a: Validators, b: Validators): boolean => {
  if (differ(a.totalBytes, b.totalBytes)) return true
  if (a.etag !== undefined && b.etag !== undefined && !isWeak(a.etag) && !isWeak(b.etag)) return a.etag !== b.etag
  if (a.lastModified !== undefined && b.lastModified !== undefined) return a.lastModified !== b.lastModified
  return differ(a.etag, b.etag)
}

/** The file is no longer the one that was opened. */
export const changed = (): InspectError =>
  new InspectError('changed', 'The file is another one than when the look began', {
    hint: 'Look again when nobody writes it any more, and give it another name for each version',
  })
