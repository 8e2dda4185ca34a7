import { type FileHandle, open } from 'node:fs/promises'

const chunkBytes = 64 * 1024
const zeros = Buffer.alloc(chunkBytes)

/** Makes a file of so many bytes, all of them a hole. */
export const sparseFile = async (path: string, bytes: number): Promise<void> => {
  const file = await open(path, 'w')
  await file.truncate(bytes).finally(() => file.close())
}

/** Writes bytes into a file that is there. `at` is in bytes. */
export const writeInto = async (path: string, at: number, bytes: Uint8Array): Promise<void> => {
  const file = await open(path, 'r+')
  await file.write(bytes, 0, bytes.length, at).finally(() => file.close())
}

const copyChunks = async (source: FileHandle, target: FileHandle, at: number): Promise<void> => {
  const chunk = Buffer.alloc(chunkBytes)
  for (let from = 0; ; ) {
    const { bytesRead } = await source.read(chunk, 0, chunkBytes, from)
    if (bytesRead === 0) return
    const part = chunk.subarray(0, bytesRead)
    if (!part.equals(zeros.subarray(0, bytesRead))) await target.write(part, 0, bytesRead, at + from)
    from += bytesRead
  }
}

/** Copies a file into another one at a place, and leaves holes where it is all zeros. `at` is in bytes. */
export const copyInto = async (from: string, to: string, at: number): Promise<void> => {
  const source = await open(from, 'r')
  const target = await open(to, 'r+')
  await copyChunks(source, target, at).finally(() => Promise.all([source.close(), target.close()]))
}
