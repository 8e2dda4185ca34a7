/** Disks as real tools make them, in sparse files, and a reading carried out over such a file as a server far away would serve it. */

import { closeSync, openSync, readSync, statSync } from 'node:fs'
import { mkdtemp, open, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Medium, noPart, type Reading, wholeFile } from '../../src/inspect/reading.ts'
import { runTool } from '../tools.ts'

export const mebibyte = 2 ** 20

/** A folder for files, and the way to remove it. */
export const workFolder = async () => {
  const path = await mkdtemp(join(tmpdir(), 'guest-'))
  return { path, remove: () => rm(path, { recursive: true, force: true }) }
}

/** A sparse file of a length in bytes, made by the steps. */
export const sparse = async (path: string, bytes: number): Promise<string> => {
  await rm(path, { force: true })
  await writeFile(path, '')
  await truncate(path, bytes)
  return path
}

/** Writes bytes into a file at a place. */
export const overwrite = async (path: string, at: number, bytes: Uint8Array): Promise<void> => {
  const file = await open(path, 'r+')
  try {
    await file.write(bytes, 0, bytes.length, at)
  } finally {
    await file.close()
  }
}

/** Puts a file into another at a place that is a multiple of 1 MiB, leaving holes where there are holes. */
export const place = async (from: string, into: string, at: number): Promise<void> => {
  await runTool(
    'dd',
    `if=${from}`,
    `of=${into}`,
    'bs=1M',
    `seek=${at / mebibyte}`,
    'conv=notrunc,sparse',
    'status=none',
  )
}

const firstBytes = 320 * 1024
const windowBytes = 48 * 1024
const blockBytes = 512

/** What a reading over a file told, and how often it had to ask beyond the first 320 KiB. */
export interface Outcome<A> {
  readonly value: A
  readonly requests: number
  /** How often it asked at all. */
  readonly wishes: number
}

/**
 * Carries a reading out over a file. What is fetched is kept: the first 320 KiB, and 48 KiB from each place that is asked for. After `most`
 * requests nothing further can be had.
 */
export const readFile = <A>(path: string, read: (file: Medium) => Reading<A>, most = 100): Outcome<A> => {
  const length = statSync(path).size
  const file = openSync(path, 'r')
  const known = new Set<number>()
  let requests = 0
  let wishes = 0
  const isKnown = (at: number, bytes: number): boolean => {
    if (at + bytes <= firstBytes) return true
    for (let block = Math.floor(Math.max(at, firstBytes) / blockBytes); block * blockBytes < at + bytes; block += 1) {
      if (!known.has(block)) return false
    }
    return true
  }
  try {
    const reading = read(wholeFile(length))
    let step = reading.next()
    while (step.done !== true) {
      const wish = step.value
      wishes += 1
      if (wish.kind === 'unpack') throw new Error('Nothing is packed on a disk')
      if (!isKnown(wish.at, Math.min(wish.length, length - wish.at))) {
        if (requests === most) {
          step = reading.next({ bytes: new Uint8Array(), short: 'unavailable' })
          continue
        }
        requests += 1
        const end = wish.at + Math.max(wish.length, windowBytes)
        for (let block = Math.floor(wish.at / blockBytes); block * blockBytes < end; block += 1) known.add(block)
      }
      const bytes = Buffer.alloc(wish.length)
      const count = readSync(file, bytes, 0, wish.length, wish.at)
      step = reading.next(count < wish.length ? { bytes: bytes.subarray(0, count), short: 'end' } : { bytes })
    }
    return { value: step.value, requests, wishes }
  } finally {
    closeSync(file)
  }
}

/** A medium as it is when only so many of its first bytes are there. */
export const firstOf = (medium: Medium, bytes: number): Medium => ({
  length: bytes,
  *read(at, length) {
    if (at >= bytes) return noPart('end')
    const part = yield* medium.read(at, Math.min(length, bytes - at))
    return at + length > bytes ? { bytes: part.bytes, short: 'end' } : part
  },
})
