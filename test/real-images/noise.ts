import { createCipheriv } from 'node:crypto'

const seed = Buffer.alloc(16, 0x5a)

/** Bytes that no compressor makes fewer, the same every time. */
export const noise = (bytes: number): Buffer => createCipheriv('aes-128-ctr', seed, seed).update(Buffer.alloc(bytes))
