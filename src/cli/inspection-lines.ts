import type { Compatibility, Finding, Severity } from '../inspect/compatibility/finding.ts'
import { mayHoldSystem } from '../inspect/compatibility/rule.ts'
import type { ImageFacts } from '../inspect/facts.ts'
import type { Conclusion, Partition } from '../inspect/guest/disk-facts.ts'
import { notKnownInWords } from '../inspect/not-known.ts'
import { showBytes } from './byte-size.ts'
import { printable } from './printable.ts'
import type { Style } from './terminal-style.ts'

/** A target, and how the image goes with it. */
export interface HeldAgainst extends Compatibility {
  readonly name: string
  readonly title: string
}

const labelWidth = 12

const shortOf = (severity: Severity, style: Style): string =>
  ({
    blocks: style.bad('✗ blocks'),
    'likely-fails': style.doubtful('! likely fails'),
    loses: style.doubtful('~ loses'),
    unknown: style.dim('? unknown'),
  })[severity]

/** Whether something is left open that could have been known; what is installed in an image can never be. */
const isOpen = ({ code, severity }: Finding): boolean => severity === 'unknown' && code !== 'guest-agent'

const verdictOf = ({ verdict, title, findings }: HeldAgainst, style: Style): string =>
  ({
    accepted: style.good(`✓ ${title} would take it${findings.some(isOpen) ? ', as far as can be told' : ''}`),
    doubtful: style.doubtful(`! ${title}: probably fails`),
    refused: style.bad(`✗ ${title} would refuse it`),
    unknown: style.doubtful(`? ${title}: cannot be told`),
  })[verdict]

const kindOf = ({ bytes, format, variant, archive, text, disk }: ImageFacts): string => {
  if (archive !== undefined) return `${archive.kind} archive`
  if (text !== undefined) return `no image but ${text.toUpperCase()} text`
  if (bytes === 0) return 'an empty file'
  if (format !== undefined)
    return variant === undefined || variant.startsWith(format) ? (variant ?? format) : `${format} (${variant})`
  return disk?.fileSystem === undefined ? 'nothing known' : `a bare ${disk.fileSystem} file system`
}

const whatItIs = (facts: ImageFacts): string => [...facts.compressions, kindOf(facts)].join(' → ')

const worth = { exact: '', 'by-table': ' by its partition table', 'at-least': ' or more' }

const sizes = ({ bytes, virtualBytes, virtualBytesAre, unpackedBytes, unpackedBytesAre }: ImageFacts): string =>
  [
    bytes === undefined ? 'length not told' : `${showBytes(bytes)} (${bytes} bytes)`,
    unpackedBytes === undefined
      ? undefined
      : `unpacked ${showBytes(unpackedBytes)}${unpackedBytesAre === 'modulo' ? ' or more' : ''}`,
    virtualBytes === undefined ? undefined : `disk ${showBytes(virtualBytes)}${worth[virtualBytesAre ?? 'exact']}`,
  ]
    .filter((part) => part !== undefined)
    .join(', ')

const partition = ({ number, purpose, fileSystem, bytes }: Partition): string =>
  `${number} ${[fileSystem, purpose ?? 'other', showBytes(bytes)].filter((word) => word !== undefined).join(' ')}`

const inside = ({ bytes, disk }: ImageFacts): string | undefined => {
  if (bytes === 0 || disk?.partitionTable === undefined) return undefined
  if (disk.partitionTable === 'none') return disk.fileSystem === undefined ? 'no partition table' : disk.fileSystem
  return [disk.partitionTable.toUpperCase(), ...disk.partitions.map(partition)].join(' · ')
}

const seen = <A>(told: Conclusion<A> | undefined, show: (value: A) => string): string | undefined =>
  told === undefined ? undefined : show(told.value)

const firmwares = { uefi: 'UEFI only', bios: 'BIOS only', both: 'UEFI and BIOS', none: 'nothing to boot from' }

const guest = (facts: ImageFacts): string | undefined => {
  const { conclusions } = facts
  // Nothing follows for a server from what is no disk.
  if (!mayHoldSystem(facts)) return undefined
  const parts = [
    seen(conclusions.firmware, (value) => firmwares[value]),
    seen(conclusions.architecture, String),
    seen(conclusions.osFamily, String),
    seen(conclusions.encrypted, (value) => (value ? 'encrypted' : 'not encrypted')),
    seen(conclusions.multipleDisks, (value) => (value ? 'one of several disks' : 'a single disk')),
  ].filter((part) => part !== undefined)
  return parts.length === 0 ? undefined : parts.join(' · ')
}

const features = ({ features: held, truncated, disk }: ImageFacts): string | undefined => {
  const parts = [
    truncated === true ? 'truncated' : undefined,
    held.backingFile === undefined ? undefined : `backing file ${held.backingFile}`,
    held.dataFile === undefined ? undefined : `data file ${held.dataFile}`,
    held.encryption === undefined ? undefined : `encrypted by ${held.encryption}`,
    held.snapshots === undefined ? undefined : `${held.snapshots} internal snapshots`,
    held.dirty === true ? 'not closed properly' : undefined,
    held.corrupt === true ? 'marked as corrupt' : undefined,
    held.damage === undefined ? undefined : `contradicts itself: ${held.damage.join(', ')}`,
    held.unsupported === undefined ? undefined : `not for qemu-img: ${held.unsupported.join(', ')}`,
    held.unknownFeatures === undefined ? undefined : `unknown features: ${held.unknownFeatures.join(', ')}`,
    held.furtherFiles === undefined ? undefined : `further files: ${held.furtherFiles.join(', ')}`,
    ...(disk?.damage ?? []),
  ].filter((part) => part !== undefined)
  return parts.length === 0 ? undefined : parts.join(' · ')
}

const source = ({ source: place }: ImageFacts): string =>
  place.kind === 'file' ? place.path : [place.url, ...place.hops.slice(1).map(({ url }) => url)].join(' → ')

const findingLines = ({ code, severity, message, evidence, remedy, source: rule }: Finding, style: Style) => [
  `  ${shortOf(severity, style)} ${style.dim(`[${code}]`)} ${printable(message)}`,
  `      seen: ${printable(evidence)}`,
  ...(remedy === undefined ? [] : [`      do:   ${style.bold(printable(remedy))}`]),
  `      ${style.dim(`rule: ${printable(rule)}`)}`,
]

const targetLines = (held: HeldAgainst, style: Style): readonly string[] => [
  '',
  style.bold(verdictOf(held, style)),
  ...held.findings.flatMap((finding) => findingLines(finding, style)),
]

/** What was found out, for people: the image first, then each target with its verdict and what there is against it. */
export const inspectionLines = (facts: ImageFacts, held: readonly HeldAgainst[], style: Style): readonly string[] => {
  const rows: readonly (readonly [label: string, text: string | undefined])[] = [
    ['image', whatItIs(facts)],
    ['from', source(facts)],
    ['size', sizes(facts)],
    ['boots', guest(facts)],
    ['inside', inside(facts)],
    ['holds', facts.archive?.entries.join(', ')],
    ['mind', features(facts)],
    ['sha256', facts.fullPass?.sha256],
    ['unknown', facts.unknown.length === 0 ? undefined : facts.unknown.map(notKnownInWords).join('; ')],
    [
      'looked at',
      `${showBytes(facts.cost.bytes)} in ${facts.cost.requests} ${facts.source.kind === 'url' ? 'requests' : 'reads'}`,
    ],
  ]
  return [
    ...rows.flatMap(([label, text]) =>
      text === undefined ? [] : [`${style.bold(label.padEnd(labelWidth))}${printable(text)}`],
    ),
    ...held.flatMap((target) => targetLines(target, style)),
  ]
}
