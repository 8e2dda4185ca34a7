import type { ImportCapabilities } from '../../store/capabilities.ts'
import { archiveRefusal, compressionRefusal, formatRefusal, takesCompression, takesFormat } from '../../store/taken.ts'
import type { ImageFacts } from '../facts.ts'
import type { Finding } from './finding.ts'
import { toConvert, toExtract, toUnpack } from './remedy.ts'
import { inferred, isNoImage, kindOf, type Rule, sourceOf, targetOf, targetWithin } from './rule.ts'
import { shown, shownList } from './shown.ts'

const textAnswer = (facts: ImageFacts): string => {
  const { source, text } = facts
  if (source.kind === 'file') return `The file is ${text}`
  const status = source.hops.at(-1)?.status
  return [
    `The server sent ${text}`,
    ...(source.contentType === undefined ? [] : [`called ${shown(source.contentType)}`]),
    ...(status === undefined ? [] : [`with status ${status}`]),
  ].join(', ')
}

const noImage = (severity: Finding['severity'], message: string, evidence: string, remedy?: string): Finding => ({
  code: 'not-an-image',
  severity,
  message,
  evidence,
  ...(remedy === undefined ? {} : { remedy }),
  source: inferred,
})

/** Whether no file passes that has nothing known in it: the formats are certain, and a plain disk needs a partition table. */
const takesKnownOnly = ({ uncertainFormats, guest }: ImportCapabilities): boolean =>
  uncertainFormats.length === 0 && guest?.partitionTable === true

const isSeenWhole = ({ disk, unknown }: ImageFacts): boolean => disk?.unread.length === 0 && unknown.length === 0

const notAnImage: Rule = (facts, capabilities, intended) => {
  if (facts.text !== undefined) {
    const remedy =
      'See that the file is there and open to everybody, and that the URL is its own and not that of a page about it'
    return [noImage('blocks', 'It is a text and not an image', textAnswer(facts), remedy)]
  }
  if (facts.bytes === 0) return [noImage('blocks', 'The file is empty', 'The file has 0 bytes')]
  if (facts.archive !== undefined || facts.format !== undefined) return []
  const table = facts.disk?.partitionTable
  if (table === 'none' && facts.disk?.fileSystem !== undefined) return []
  const isRead = table === 'none' || (facts.disk === undefined && facts.unknown.length === 0)
  if (!isRead) return [noImage('unknown', 'Whether it is an image could not be seen', kindOf(facts))]
  const evidence = `${kindOf(facts)}, neither a partition table nor a file system`
  if (table === undefined || !isSeenWhole(facts) || !takesKnownOnly(capabilities.import))
    return [noImage('likely-fails', 'It is no image that is known here', evidence)]
  const message = `It is no image that is known here, and ${targetWithin(intended)} takes a plain disk with a partition table only`
  return [{ ...noImage('blocks', message, evidence), source: sourceOf(capabilities, 'partitionTable') }]
}

const diskName = /\.(?:img|raw|qcow2?|vhdx?|vdi|vmdk)$/i

const importOf = (entries: readonly string[]): string => {
  const disks = entries.filter((entry) => diskName.test(entry))
  const [only] = disks
  return only !== undefined && disks.length === 1 ? `import ${shown(only)}` : 'import the disk in it'
}

const archive: Rule = (facts, capabilities, intended) =>
  facts.archive === undefined
    ? []
    : [
        {
          code: 'archive',
          severity: 'blocks',
          message: `${archiveRefusal(targetOf(intended), facts.archive.kind)}. Unpack it, and ${importOf(facts.archive.entries)}`,
          evidence:
            facts.archive.entries.length === 0
              ? `a ${facts.archive.kind} archive`
              : `a ${facts.archive.kind} archive of ${shownList(facts.archive.entries)}`,
          remedy: toExtract(facts, facts.archive.kind),
          source: sourceOf(capabilities, 'oneFile'),
        },
      ]

const format: Rule = (facts, capabilities, intended) => {
  const taken = capabilities.import
  if (facts.format === undefined || isNoImage(facts) || takesFormat(facts.format, taken) === 'yes') return []
  const isRefused = takesFormat(facts.format, taken) === 'no'
  const refusal = formatRefusal(targetOf(intended), facts.format, taken)
  return [
    {
      code: isRefused ? 'format' : 'uncertain-format',
      severity: isRefused ? 'blocks' : 'unknown',
      message: isRefused ? refusal : `${targetOf(intended)}'s sources disagree on whether it takes ${facts.format}`,
      evidence: [kindOf(facts), ...(facts.variant === undefined ? [] : [facts.variant])].join(', '),
      remedy: toConvert(facts, taken),
      source: sourceOf(capabilities, isRefused ? 'formats' : 'uncertainFormats'),
    },
  ]
}

const compression: Rule = (facts, capabilities, intended) => {
  const taken = capabilities.import
  const [outermost, ...inner] = facts.compressions
  if (outermost === undefined || isNoImage(facts)) return []
  if (inner.length > 0) {
    return [
      {
        code: 'nested-compression',
        severity: 'blocks',
        message: 'It is compressed more than once, and an importer undoes one compression',
        evidence: kindOf(facts),
        remedy: toUnpack(facts),
        source: inferred,
      },
    ]
  }
  const standing = takesCompression(outermost, taken)
  if (standing === 'yes') return []
  const isRefused = standing === 'no'
  const refusal = compressionRefusal(targetOf(intended), outermost, taken)
  return [
    {
      code: isRefused ? 'compression' : 'uncertain-compression',
      severity: isRefused ? 'blocks' : 'unknown',
      message: isRefused
        ? refusal
        : `No source of ${targetWithin(intended)} says whether it takes files compressed by ${outermost}`,
      evidence: kindOf(facts),
      remedy: toUnpack(facts),
      source: sourceOf(capabilities, isRefused ? 'compressions' : 'uncertainCompressions'),
    },
  ]
}

/** What there is to say of what the file is. */
export const fileRules: readonly Rule[] = [notAnImage, archive, format, compression]
