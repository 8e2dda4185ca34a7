import type { Compression, DiskFormat } from '../model/disk-format.ts'
import type { Capabilities, ImportCapabilities } from './capabilities.ts'
import type { FieldReasons } from './field-reasons.ts'
import { unknownImportFields } from './request-shapes.ts'
import type { ImportSpec } from './requests.ts'
import { sourceFormatOf } from './source-format.ts'
import { reasonAgainstSourceUrl } from './source-url.ts'
import {
  archiveRefusal,
  compressionRefusal,
  formatRefusal,
  formatToConvertTo,
  installFirst,
  takesCompression,
  takesFormat,
} from './taken.ts'

const formatRemedy = (format: DiskFormat, taken: ImportCapabilities): string => {
  if (format === 'iso') return installFirst
  const target = formatToConvertTo(taken)
  return target === undefined ? 'It cannot be imported' : `Convert it first: qemu-img convert -O ${target}`
}

const againstFormat = (
  format: DiskFormat | undefined,
  taken: ImportCapabilities,
  provider: string,
): string | undefined =>
  format === undefined || takesFormat(format, taken) !== 'no'
    ? undefined
    : `${formatRefusal(provider, format, taken)}. ${formatRemedy(format, taken)}`

const againstCompression = (
  compression: Compression | undefined,
  taken: ImportCapabilities,
  provider: string,
): string | undefined =>
  compression === undefined || takesCompression(compression, taken) !== 'no'
    ? undefined
    : `${compressionRefusal(provider, compression, taken)}. ` +
      'Decompress it first; qemu-img convert -c makes qcow2 small by itself'

const againstArchive = (archive: string | undefined, provider: string): string | undefined =>
  archive === undefined ? undefined : `${archiveRefusal(provider, archive)}. Unpack it first, and import the disk in it`

const againstSource = (spec: ImportSpec, { import: taken }: Capabilities, provider: string): FieldReasons => {
  const named = sourceFormatOf(spec.url)
  const ofUrl = [
    againstArchive(named.archive, provider),
    spec.format === undefined ? againstFormat(named.format, taken, provider) : undefined,
    spec.compression === undefined ? againstCompression(named.compression, taken, provider) : undefined,
  ].filter((reason) => reason !== undefined)
  const format = againstFormat(spec.format, taken, provider)
  const compression = againstCompression(spec.compression, taken, provider)
  return {
    ...(ofUrl.length === 0 ? {} : { url: ofUrl.join('; ') }),
    ...(format === undefined ? {} : { format }),
    ...(compression === undefined ? {} : { compression }),
  }
}

/**
 * Why an import cannot be carried out, the same for every provider: fields that the port does not know, a source that is no http URL, and a file that is certainly not
 * taken, as far as the spec or the name in its URL says what it is: another format, another compression, an archive. What the
 * caller tells goes before the name. What is uncertain passes, and so does a name that says nothing: whether a provider minds it
 * only its importer knows.
 */
export const reasonsAgainstImport = (spec: ImportSpec, capabilities: Capabilities, provider: string): FieldReasons => ({
  ...unknownImportFields(spec),
  ...againstSource(spec, capabilities, provider),
  ...reasonAgainstSourceUrl(spec.url),
})
