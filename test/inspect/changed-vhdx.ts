import { vhdxDisk } from '../../demo/disk-images.ts'

const kibibyte = 1024
const mebibyte = 2 ** 20

/** Where in the VHDX of the demonstration its structures begin, in bytes. */
export const at = {
  header: 64 * kibibyte,
  otherHeader: 128 * kibibyte,
  regions: 192 * kibibyte,
  metadata: 2 * mebibyte,
}

/** Where its block table begins, in bytes. */
export const bat = 3 * mebibyte

/** Where the values of its metadata begin, in bytes. */
export const items = at.metadata + 64 * kibibyte

/** That VHDX with a change. */
export const changed = (change: (file: Buffer) => void): Buffer => {
  const file = Buffer.from(vhdxDisk())
  change(file)
  return file
}

const parentLocator = (...pairs: readonly (readonly [key: string, value: string])[]): Buffer => {
  const head = Buffer.alloc(20 + pairs.length * 12)
  head.writeUInt16LE(pairs.length, 18)
  const texts: Buffer[] = []
  let offset = head.length
  const put = (text: string): readonly [number, number] => {
    const bytes = Buffer.from(text, 'utf16le')
    texts.push(bytes)
    offset += bytes.length
    return [offset - bytes.length, bytes.length]
  }
  for (const [index, [key, value]] of pairs.entries()) {
    const [keyAt, keyBytes] = put(key)
    const [valueAt, valueBytes] = put(value)
    head.writeUInt32LE(keyAt, 20 + index * 12)
    head.writeUInt32LE(valueAt, 24 + index * 12)
    head.writeUInt16LE(keyBytes, 28 + index * 12)
    head.writeUInt16LE(valueBytes, 30 + index * 12)
  }
  return Buffer.concat([head, ...texts])
}

/** A differencing disk over the parent, whose first block is present, its second partly, and its third not. */
export const differencing = (...pairs: readonly (readonly [key: string, value: string])[]): Buffer =>
  changed((file) => {
    const locator = parentLocator(...pairs)
    const entry = at.metadata + 32 + 5 * 32
    file.writeUInt16LE(6, at.metadata + 10)
    file.set(Buffer.from('2d5fd3a80bb34d45abf7d3d84834ab0c', 'hex'), entry)
    file.writeUInt32LE(72 * kibibyte, entry + 16)
    file.writeUInt32LE(locator.length, entry + 20)
    file.writeUInt32LE(4, entry + 24)
    file.set(locator, at.metadata + 72 * kibibyte)
    file.writeUInt32LE(2, items + 4)
    file.writeUInt32LE(7, bat + 8)
  })
