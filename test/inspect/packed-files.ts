import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Bytes that look like a disk: stretches that cannot be packed, repeated text, and zeros, the same ones for the same label. */
export const diskLike = (length: number, label: string): Uint8Array => {
  const bytes = Buffer.alloc(length)
  for (let at = 0, index = 0; at < length; at += 4096, index += 1) {
    const seed = createHash('sha512').update(`${label}/${index}`).digest()
    const kind = (seed[0] ?? 0) % 4
    if (kind === 0) continue
    for (let within = 0; within < 4096 && at + within < length; within += 64) {
      const piece = kind === 1 ? createHash('sha512').update(seed).update(`${within}`).digest() : seed
      piece.copy(bytes, at + within)
    }
  }
  return bytes
}

/** What a program writes to its output when it is given a file of these bytes as its last argument. */
export const packedBy = (program: string, args: readonly string[], content: Uint8Array): Uint8Array => {
  const folder = mkdtempSync(join(tmpdir(), 'packed-'))
  try {
    const path = join(folder, 'disk.img')
    writeFileSync(path, content)
    return execFileSync(program, [...args, path], { maxBuffer: 2 ** 28, stdio: ['ignore', 'pipe', 'ignore'] })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** A frame of Zstandard that the library never comes to the end of: the weights of a code of which each takes no bit. */
export const endlessZstd = (): Uint8Array => {
  const weights = [5, 0xf0, 0x03, 0, 0x80]
  const literals = [0x02 | (20 << 4), (20 >> 4) | ((weights.length + 6) << 6), (weights.length + 6) >> 2]
  const block = [...literals.map((byte) => byte & 0xff), ...weights, 1, 1, 1, 1, 1, 1, 0]
  const header = 1 | (2 << 1) | (block.length << 3)
  return Uint8Array.from([0x28, 0xb5, 0x2f, 0xfd, 0x20, 100, header & 0xff, header >> 8, 0, ...block])
}
