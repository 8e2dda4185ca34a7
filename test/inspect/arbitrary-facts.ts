import fc from 'fast-check'
import type { IntendedImport } from '../../src/inspect/compatibility/finding.ts'
import type { ImageFacts, UrlSource } from '../../src/inspect/facts.ts'
import type { DiskFacts, Partition, UnreadPart } from '../../src/inspect/guest/disk-facts.ts'
import type { NotKnown } from '../../src/inspect/not-known.ts'

const perhaps = <A>(arbitrary: fc.Arbitrary<A>): fc.Arbitrary<A | undefined> => fc.option(arbitrary, { nil: undefined })

/** Texts as files and servers hold them: any characters, and what looks like something. */
export const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.constantFrom(
    '',
    'disk.qcow2',
    '../x',
    '-x',
    'nbd:a',
    'x.tar.gz',
    "it's",
    'a\nb',
    'https://a:b@c.example/d?e=f',
    '\u0000',
    '%2f',
  ),
)

const texts = fc.array(text, { maxLength: 12 })

const bytes = fc.oneof(
  fc.nat(),
  fc.constantFrom(0, 1, 2 ** 32, 100 * 1000 ** 3, 100 * 1000 ** 3 - 1, 2 ** 52, Number.MAX_SAFE_INTEGER),
)

const fileSystem = fc.constantFrom('ext2', 'ext4', 'xfs', 'btrfs', 'fat32', 'ntfs', 'luks', 'lvm', 'swap', 'iso9660')

const partition: fc.Arbitrary<Partition> = fc.record({
  number: fc.nat(),
  type: text,
  purpose: perhaps(
    fc.constantFrom(
      'efi-system',
      'bios-boot',
      'linux',
      'linux-root',
      'linux-swap',
      'linux-boot',
      'linux-home',
      'linux-verity',
      'microsoft-data',
      'extended',
    ),
  ),
  at: bytes,
  bytes,
  active: fc.boolean(),
  fileSystem: perhaps(fileSystem),
  blank: fc.option(fc.constant(true as const), { nil: undefined, freq: 1 }),
})

const number = fc.integer({ min: 1, max: 200 })

const unreadPart: fc.Arbitrary<UnreadPart> = fc.oneof(
  fc.constant<UnreadPart>({ part: 'partition-table' }),
  number.map((from): UnreadPart => ({ part: 'gpt-entries', from })),
  number.map((after): UnreadPart => ({ part: 'logical-partitions', after })),
  fc
    .tuple(fc.constantFrom('file-system' as const, 'boot-loaders' as const), perhaps(number))
    .map(([part, of]): UnreadPart => ({ part, partition: of })),
)

const notKnown: fc.Arbitrary<NotKnown> = fc.record({
  about: fc.constantFrom('disk', 'bytes', 'wholeness', 'packed'),
  what: text,
  reason: text,
})

const disk: fc.Arbitrary<DiskFacts> = fc.record({
  partitionTable: perhaps(fc.constantFrom('mbr', 'gpt', 'none')),
  partitions: fc.array(partition, { maxLength: 4 }),
  fileSystem: perhaps(fileSystem),
  bootCode: perhaps(fc.boolean()),
  startsActive: perhaps(fc.constant(true as const)),
  sectorBytes: perhaps(fc.constantFrom(512, 4096)),
  endBytes: perhaps(bytes),
  bootLoaders: fc.oneof(texts, fc.constantFrom(['EFI/BOOT/BOOTX64.EFI'], ['EFI/a/grubx64.efi'])),
  damage: fc.oneof(fc.constant([]), texts),
  unread: fc.oneof(fc.constant([]), fc.array(unreadPart, { maxLength: 3 })),
})

const url: fc.Arbitrary<UrlSource> = fc.record({
  kind: fc.constant('url'),
  url: text,
  fileName: text,
  hasQuery: fc.boolean(),
  hasUserInfo: fc.boolean(),
  head: fc.record({
    status: perhaps(fc.oneof(fc.constant(200), fc.nat({ max: 700 }))),
    bytes: perhaps(bytes),
    differences: fc.oneof(fc.constant([]), texts),
  }),
  hops: fc.array(fc.record({ url: text, status: fc.nat({ max: 700 }) }), { maxLength: 3 }),
  ranges: fc.boolean(),
  brokenOff: fc.option(fc.constant(true as const), { nil: undefined, freq: 1 }),
  contentType: perhaps(text),
  contentEncoding: perhaps(text),
})

const concluded = <A>(value: fc.Arbitrary<A>) =>
  perhaps(fc.record({ value, evidence: fc.array(text, { minLength: 1, maxLength: 3 }) }))

/** Whatever facts there can be, whether they make sense or not. */
export const arbitraryFacts: fc.Arbitrary<ImageFacts> = fc.record({
  source: fc.oneof(url, fc.record({ kind: fc.constant('file' as const), path: text, fileName: text })),
  bytes: perhaps(bytes),
  compressions: fc.array(fc.constantFrom('gzip', 'bzip2', 'xz', 'zstd'), { maxLength: 3 }),
  unpackedBytes: perhaps(bytes),
  unpackedBytesAre: perhaps(fc.constantFrom('exact', 'modulo')),
  unpackedBytesAtMost: perhaps(bytes),
  archive: fc.option(fc.record({ kind: fc.constantFrom('tar', 'zip', '7z', 'rar'), entries: texts }), {
    nil: undefined,
    freq: 1,
  }),
  text: fc.option(fc.constantFrom('html', 'xml', 'json'), { nil: undefined, freq: 1 }),
  format: perhaps(fc.constantFrom('raw', 'qcow2', 'vhd', 'vhdx', 'vdi', 'vmdk', 'ploop', 'iso', 'ami', 'ari', 'aki')),
  variant: perhaps(fc.constantFrom('qcow2 v3', 'fixed', 'dynamic', 'differencing', 'descriptor', 'split-extent')),
  virtualBytes: perhaps(bytes),
  virtualBytesAre: perhaps(fc.constantFrom('exact', 'by-table', 'at-least')),
  features: fc.record({
    backingFile: perhaps(text),
    dataFile: perhaps(text),
    encryption: perhaps(text),
    snapshots: perhaps(fc.nat()),
    dirty: perhaps(fc.constant(true)),
    corrupt: perhaps(fc.constant(true)),
    damage: perhaps(texts),
    unsupported: perhaps(texts),
    unknownFeatures: perhaps(texts),
    furtherFiles: perhaps(texts),
  }),
  promisedBytes: perhaps(bytes),
  truncated: perhaps(fc.boolean()),
  truncationSuspected: fc.option(text, { nil: undefined, freq: 1 }),
  disk: perhaps(disk),
  conclusions: fc.record({
    firmware: concluded(fc.constantFrom('uefi', 'bios', 'both', 'none')),
    architecture: concluded(fc.oneof(fc.constantFrom('x86_64', 'aarch64'), text)),
    osFamily: concluded(fc.constantFrom('linux', 'windows', 'bsd')),
    encrypted: concluded(fc.boolean()),
    multipleDisks: concluded(fc.boolean()),
  }),
  unknown: fc.array(notKnown, { maxLength: 3 }),
  cost: fc.record({ requests: fc.nat(), bytes }),
  fullPass: perhaps(fc.record({ sha256: text, bytes, unpackedBytes: perhaps(bytes) })),
})

const allowance = fc.record({ limit: bytes, used: bytes })

/** Whatever import may be meant. */
export const arbitraryImport: fc.Arbitrary<IntendedImport> = fc.record(
  {
    name: text,
    url: fc.oneof(text, fc.webUrl({ withQueryParameters: true })),
    architecture: fc.oneof(fc.constantFrom('x86_64', 'aarch64'), text),
    firmware: fc.oneof(fc.constantFrom('bios', 'uefi'), text),
    os: fc.record({ family: text, distribution: text }, { requiredKeys: [] }),
    bareMetal: fc.boolean(),
    gpu: fc.boolean(),
    minimumDiskBytes: bytes,
    quota: fc.record({ images: allowance, bytes: allowance }, { requiredKeys: [] }),
    target: fc.constantFrom('DigitalOcean', 'Gcore'),
  },
  { requiredKeys: [] },
)
