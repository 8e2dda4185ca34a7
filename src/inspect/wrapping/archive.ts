import { byteReader } from '../byte-reader.ts'
import type { Medium, Reading } from '../reading.ts'
import type { Archive } from './layer.ts'
import { readArchive, telltaleBytes } from './recognise.ts'
import { tarEntries } from './tar.ts'
import { zipEntries } from './zip.ts'

/**
 * The archive that a file is, with the names of its first files. Of 7z and rar no names are told, because their lists of files are packed
 * themselves.
 */
export function* openArchive(file: Medium): Reading<Archive | undefined> {
  const { bytes } = yield* file.read(0, telltaleBytes)
  const archive = readArchive(byteReader(bytes))
  if (archive === undefined) return undefined
  const entries = archive === 'tar' ? yield* tarEntries(file) : archive === 'zip' ? yield* zipEntries(file) : []
  return { archive, entries }
}
