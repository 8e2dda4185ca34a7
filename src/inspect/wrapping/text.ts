import { type ByteReader, byteReader } from '../byte-reader.ts'
import type { Medium, Reading } from '../reading.ts'
import { telltaleBytes } from './recognise.ts'

/** What a server sends instead of a file when a link needs a login, has expired or leads nowhere. */
export type TextKind = 'html' | 'xml' | 'json'

const looks: readonly (readonly [TextKind, RegExp])[] = [
  ['html', /^(?:<!--[\s\S]*?-->\s*)?<(?:!doctype\s+html|html)[\s>]/i],
  // An object store's error may come with or without a declaration.
  ['xml', /^<(?:\?xml\s|Error>|ListBucketResult[\s>])/],
  ['json', /^(?:\{\s*(?:"|\}\s*$)|\[\s*(?:[{["\d]|\]\s*$))/],
]

/** Whether the bytes are a text that stands where a file should be, and which. Anything with a zero byte at its beginning is none. */
export const textKind = (reader: ByteReader): TextKind | undefined => {
  const beginning = reader
    .latin1(0, 1024)
    .replace(/^\xef\xbb\xbf/, '')
    .trimStart()
  if (beginning.includes('\0')) return undefined
  return looks.find(([, look]) => look.test(beginning))?.[0]
}

/** {@link textKind} of a file. */
export function* readText(file: Medium): Reading<TextKind | undefined> {
  const { bytes } = yield* file.read(0, telltaleBytes)
  return textKind(byteReader(bytes))
}
