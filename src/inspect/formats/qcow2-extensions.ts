import { type ByteReader, byteReader } from '../byte-reader.ts'
import { printable } from '../names.ts'
import type { Qcow2Header, Stretch } from './qcow2-header.ts'

const headBytes = 8
const featureNameBytes = 48
const incompatibleFeature = 0
/** The longest name of another file that the format allows, in bytes. */
export const mostNameBytes = 1023
/** More than any writer makes: there are five kinds, each at most once. */
const mostExtensions = 32

const endOfExtensions = 0
const featureNameTable = 0x6803_f857
const dataFileName = 0x4441_5441
const encryptionHeader = 0x0537_be77

/** What the extensions behind a qcow2 header tell. */
export interface Qcow2Extensions {
  /** The last one leads out of the room that there is for them all. */
  readonly areOverlong: boolean
  /** The names of incompatible features, by bit number. */
  readonly featureNames: ReadonlyMap<number, string>
  /** The name of the file that holds the data. */
  readonly dataFile?: string | undefined
  /** Where the header of the encryption lies in the file. */
  readonly encryptionHeader?: Stretch | undefined
}

interface Extension extends Stretch {
  readonly type: number
}

/** The extensions, out of the file's beginning. */
export const readQcow2Extensions = (beginning: Uint8Array, header: Qcow2Header): Qcow2Extensions => {
  const reader = byteReader(beginning)
  const { extensions, areOverlong } = listed(reader, header)
  const first = (type: number): Extension | undefined => extensions.find((extension) => extension.type === type)
  const name = first(dataFileName)
  const encryption = first(encryptionHeader)
  return {
    areOverlong,
    featureNames: featureNames(reader, first(featureNameTable)),
    dataFile: name && nameIn(beginning.subarray(name.at, name.at + name.length)),
    encryptionHeader: encryption && {
      at: reader.u64be(encryption.at) ?? 0,
      length: reader.u64be(encryption.at + 8) ?? 0,
    },
  }
}

/** The name of another file, no longer than the format allows. */
export const nameIn = (bytes: Uint8Array): string =>
  printable(new TextDecoder().decode(bytes.subarray(0, mostNameBytes)))

interface Listed extends Pick<Qcow2Extensions, 'areOverlong'> {
  readonly extensions: readonly Extension[]
}

/** They lie between the header and the name of the backing file, or the end of the first cluster. */
const listed = (reader: ByteReader, { backingName, clusterBytes, headerBytes }: Qcow2Header): Listed => {
  const areaEnd = backingName.at === 0 ? clusterBytes : backingName.at
  const extensions: Extension[] = []
  let head = headerBytes
  while (extensions.length < mostExtensions && head < areaEnd) {
    const type = reader.u32be(head)
    const length = reader.u32be(head + 4)
    if (type === undefined || length === undefined) break
    const at = head + headBytes
    if (at + length > areaEnd) return { extensions, areOverlong: true }
    if (type === endOfExtensions || at + length > reader.length) break
    extensions.push({ type, at, length })
    head = at + Math.ceil(length / 8) * 8
  }
  return { extensions, areOverlong: false }
}

const featureNames = (reader: ByteReader, table: Extension | undefined): ReadonlyMap<number, string> => {
  const names = new Map<number, string>()
  const count = Math.floor((table?.length ?? 0) / featureNameBytes)
  for (let index = 0; index < count; index += 1) {
    const entry = (table?.at ?? 0) + index * featureNameBytes
    const bit = reader.u8(entry + 1)
    const [name = ''] = reader.latin1(entry + 2, featureNameBytes - 2).split('\0')
    if (reader.u8(entry) === incompatibleFeature && bit !== undefined && name !== '') names.set(bit, printable(name))
  }
  return names
}
