import type { Stats } from 'node:fs'
import type { FileHandle } from 'node:fs/promises'
import type { Allowance } from './allowance.ts'
import type { Supply } from './reads.ts'
import type { Stretches } from './stretches.ts'
import { changed } from './validators.ts'
import { windowFor } from './window.ts'

/** No device is as long, in bytes. */
const longestDevice = 2 ** 52

/** How many bytes can be read: a device does not tell its length, but nothing comes from behind its end. */
const readableLength = async (file: FileHandle): Promise<number> => {
  const hasByte = async (at: number): Promise<boolean> => (await file.read(new Uint8Array(1), 0, 1, at)).bytesRead > 0
  let readable = 0
  let beyond = longestDevice
  while (readable < beyond) {
    const at = Math.floor((readable + beyond) / 2)
    if (await hasByte(at)) readable = at + 1
    else beyond = at
  }
  return readable
}

/** The length of an open file or device, in bytes. */
export const lengthOf = async (file: FileHandle, stats: Stats): Promise<number> =>
  stats.isFile() ? stats.size : readableLength(file)

/** Rejects with `changed` where the file behind a handle has been written since it was opened. */
export const checkUnchanged = async (file: FileHandle, opened: Stats): Promise<void> => {
  const { size, mtimeMs } = await file.stat()
  if (size !== opened.size || mtimeMs !== opened.mtimeMs) throw changed()
}

/** A file on this machine that is open. */
export interface OpenFile {
  readonly file: FileHandle
  readonly stats: Stats
  /** In bytes. */
  readonly length: number
}

/** Reads the stretches of an open file as they would be fetched from a server, so that a look at either does the same. */
export const fileSupply = ({ file, stats, length }: OpenFile, known: Stretches, spending: Allowance): Supply => ({
  length: () => length,
  brokenOff: () => false,
  fetch: async (at, end) => {
    const spent = spending.exhausted()
    if (spent !== undefined) return spent
    const window = windowFor({ at, end }, known, { length, left: spending.bytesLeft() })
    await checkUnchanged(file, stats)
    spending.takeRequest()
    const { bytesRead, buffer } = await file.read(new Uint8Array(window.length), 0, window.length, window.at)
    spending.tookBytes(bytesRead)
    known.put(window.at, buffer.subarray(0, bytesRead))
    return 'the file gave none'
  },
})
