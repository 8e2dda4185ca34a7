import type { ImportCapabilities } from '../../store/capabilities.ts'
import { type SourceFormat, sourceFormatOf } from '../../store/source-format.ts'
import { takesCompression, takesFormat } from '../../store/taken.ts'
import type { ImageFacts } from '../facts.ts'
import { addressOf } from './address.ts'
import type { Finding } from './finding.ts'
import { inferred, isNoImage, kindOf, type Rule, sourceOf, targetOf } from './rule.ts'
import { shown } from './shown.ts'

/** Whether a text matches a pattern; `undefined` where the pattern is none. */
export const matches = (pattern: string, text: string): boolean | undefined => {
  try {
    return new RegExp(pattern).test(text)
  } catch {
    return undefined
  }
}

/** Whether the file is refused for what it is. Another name would change nothing of that, and must not be asked for. */
const isRefusedAnyway = ({ archive, format, compressions }: ImageFacts, taken: ImportCapabilities): boolean =>
  archive !== undefined ||
  compressions.length > 1 ||
  compressions.some((one) => takesCompression(one, taken) === 'no') ||
  (format !== undefined && takesFormat(format, taken) === 'no')

const unknownEnding: Rule = (facts, capabilities, intended) => {
  const needed = capabilities.import.source?.fileName
  const address = addressOf(facts, intended)
  if (needed === undefined || address === undefined) return []
  if (matches(needed.pattern, address.fileName.toLowerCase()) !== false) return []
  return [
    {
      code: 'file-name',
      severity: address.isLocal ? 'unknown' : 'likely-fails',
      message: `${targetOf(intended)} checks the name that the path of the URL ends in, and this is none that is known to work`,
      evidence: address.fileName === '' ? 'The path ends in no name' : `The name is ${shown(address.fileName)}`,
      remedy: `Offer the file by a name such that ${needed.rule}`,
      source: sourceOf(capabilities, 'fileName'),
    },
  ]
}

const said = (fileName: string): SourceFormat =>
  sourceFormatOf(`https://example.com/${fileName.replace(/[^\w.-]/g, '_')}`)

const misnamed = (evidence: string, refused: boolean, remedy: string): Finding => ({
  code: 'file-name',
  severity: refused ? 'likely-fails' : 'unknown',
  message: refused
    ? 'The name says something that is not taken, and what goes by the name refuses it'
    : 'The name says something else than the bytes, and what goes by the name takes it for that',
  evidence,
  remedy,
  source: inferred,
})

const differs = (named: SourceFormat, { format, compressions: [outermost] }: ImageFacts): boolean =>
  (named.format !== undefined && format !== undefined && named.format !== format) ||
  (named.compression !== undefined && named.compression !== outermost) ||
  (named.format !== undefined && named.compression === undefined && outermost !== undefined)

const otherThanBytes: Rule = (facts, capabilities, intended) => {
  const address = addressOf(facts, intended)
  if (address === undefined || facts.format === undefined || isNoImage(facts)) return []
  const named = said(address.fileName)
  const evidence = `The name is ${shown(address.fileName)}, the bytes are ${kindOf(facts)}`
  if (named.archive !== undefined) return [misnamed(evidence, true, 'Give the file a name that calls it no archive')]
  if (!differs(named, facts)) return []
  const taken = capabilities.import
  const formatRefused =
    named.format !== undefined && named.format !== facts.format && takesFormat(named.format, taken) === 'no'
  const compressionRefused = named.compression !== undefined && takesCompression(named.compression, taken) === 'no'
  const [outermost] = facts.compressions
  const fields = [`format: '${facts.format}'`, ...(outermost === undefined ? [] : [`compression: '${outermost}'`])]
  const remedy = `Give the file a name that says what it is, and import it with ${fields.join(' and ')}`
  return [misnamed(evidence, formatRefused || compressionRefused, remedy)]
}

/** What there is to say of the file's name. */
export const nameRules: readonly Rule[] = [unknownEnding, otherThanBytes].map(
  (rule): Rule =>
    (facts, capabilities, intended) =>
      isRefusedAnyway(facts, capabilities.import) ? [] : rule(facts, capabilities, intended),
)
