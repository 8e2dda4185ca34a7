import { digitalOceanCapabilities } from 'imageferry/digitalocean'
import { gcoreCapabilities } from 'imageferry/gcore'
import { memoryCapabilities } from 'imageferry/memory'
import { describe, expect, it } from 'vitest'
import { checkCompatibility } from '../../src/inspect/compatibility/check.ts'
import type {
  Compatibility,
  Finding,
  FindingCode,
  IntendedImport,
  Severity,
  Verdict,
} from '../../src/inspect/compatibility/finding.ts'
import type { ImageFacts } from '../../src/inspect/facts.ts'
import type { Conclusions, DiskFacts, Partition, UnreadPart } from '../../src/inspect/guest/disk-facts.ts'
import type { NotKnown } from '../../src/inspect/not-known.ts'
import type { Compression } from '../../src/model/disk-format.ts'
import type { Capabilities } from '../../src/store/capabilities.ts'
import { facts, lacking, local, named, partition, unrecognised, usualDisk, usualSource } from './made-up-facts.ts'

const targets = {
  digitalocean: digitalOceanCapabilities,
  gcore: gcoreCapabilities,
  memory: memoryCapabilities,
  /** An adapter of somebody else's, which knows of formats and of nothing else. */
  other: {
    ...memoryCapabilities,
    import: { formats: ['raw', 'vhdx'], uncertainFormats: [], compressions: [], uncertainCompressions: [], fields: [] },
  },
} satisfies Readonly<Record<string, Capabilities>>

type Target = keyof typeof targets

const names = Object.keys(targets) as readonly Target[]

interface Case {
  readonly sentence: string
  /** What is unlike a usual image. */
  readonly given?: Partial<ImageFacts>
  /** All that is known, where less is than of a usual image. */
  readonly whole?: ImageFacts
  readonly intended?: IntendedImport
  /** How bad it is at each target; where nothing is said, it is not found there. */
  readonly found: Partial<Record<Target, Severity | undefined>>
}

const everywhere = (severity: Severity): Record<Target, Severity> => ({
  digitalocean: severity,
  gcore: severity,
  memory: severity,
  other: severity,
})

const nowhere = {}

const unlike = (given: Partial<Conclusions>): Partial<ImageFacts> => ({
  conclusions: { ...facts().conclusions, ...given },
})

const because = ['somebody said so']

const head = (status: number | undefined, hasQuery = false): Partial<ImageFacts> => ({
  source: { ...usualSource, hasQuery, head: { ...(status === undefined ? {} : { status }), differences: [] } },
})

const parted = (...partitions: readonly Partial<Partition>[]): Partial<ImageFacts> => ({
  disk: { ...usualDisk, partitions: partitions.map((given, index) => partition(index + 1, given)) },
})

const onDisk = (fileSystem: 'ext4' | 'xfs' | 'lvm' | 'btrfs'): Partial<ImageFacts> =>
  parted({ purpose: 'efi-system', fileSystem: 'fat32' }, { fileSystem, bytes: 2e9 })

const perhapsEncrypted: Partial<ImageFacts> = {
  ...parted({ fileSystem: 'luks' }, { fileSystem: 'ext4', bytes: 2e9 }),
  conclusions: { ...facts().conclusions, encrypted: undefined },
}

const severalSystems: Partial<ImageFacts> = {
  ...parted({ purpose: 'microsoft-reserved' }, { fileSystem: 'ext4' }),
  conclusions: { ...facts().conclusions, osFamily: undefined },
}

const unreadRoot: Partial<ImageFacts> = {
  disk: {
    ...usualDisk,
    partitions: [partition(1, { purpose: 'linux-root' })],
    unread: [{ part: 'file-system', partition: 1 }],
  },
}

const plainLacking = (...damage: readonly string[]): Partial<ImageFacts> => ({
  format: 'raw',
  truncated: true,
  disk: { ...usualDisk, damage },
})

const vendorsOnly: DiskFacts = { ...usualDisk, bootLoaders: ['EFI/debian/shimx64.efi', 'EFI/debian/grubx64.efi'] }

const staleGpt = 'behind the MBR stands a GPT that it does not announce'

const gigabyte = 1000 ** 3

/** A plain disk with an MBR, in a compression that does not tell its length. */
const mbrIn = (
  compression: Compression,
  endBytes: number,
  virtualBytesAre: ImageFacts['virtualBytesAre'] = 'at-least',
): ImageFacts =>
  lacking(
    facts({
      compressions: [compression],
      format: 'raw',
      virtualBytes: endBytes,
      virtualBytesAre,
      disk: { ...usualDisk, partitionTable: 'mbr', endBytes },
      truncated: undefined,
    }),
    'variant',
  )

/** Of which no length is known but that of the file. */
const withoutLengths = lacking(facts(), 'virtualBytes')

const lengthUnknown: NotKnown = {
  about: 'wholeness',
  what: 'whether the file is whole',
  reason: 'its length is not known',
}

/** Bytes that did not come. */
const missingBytes = (reason = 'they did not come', what = 'bytes 0 to 9 of the file'): NotKnown => ({
  about: 'bytes',
  what,
  reason,
})

/** Where another finding says why no system can be seen. */
const withoutSystem: readonly Case[] = [
  {
    sentence: 'a file system stands on a plain disk',
    whole: { ...unrecognised, disk: { ...usualDisk, partitionTable: 'none', partitions: [], fileSystem: 'ext4' } },
    found: nowhere,
  },
  {
    sentence: 'nothing is there to start from',
    given: { conclusions: { firmware: { value: 'none', evidence: because } } },
    found: nowhere,
  },
  { sentence: 'the end of the file is missing', given: { truncated: true, conclusions: {} }, found: nowhere },
  { sentence: 'nothing known is in it', whole: unrecognised, found: nowhere },
]

/** What every code means at every target. One that is missing does not compile. */
const cases: Readonly<Record<FindingCode, readonly Case[]>> = {
  'head-refused': [
    {
      sentence: 'HEAD is refused, as by a signed link',
      given: head(403, true),
      found: { digitalocean: 'blocks', gcore: 'blocks', memory: 'unknown', other: 'unknown' },
    },
    {
      sentence: 'HEAD is unknown to the server',
      given: head(405),
      found: { digitalocean: 'blocks', gcore: 'blocks', memory: 'unknown', other: 'unknown' },
    },
    {
      sentence: 'HEAD is refused for now',
      given: head(503),
      found: { digitalocean: 'likely-fails', gcore: 'likely-fails', memory: 'unknown', other: 'unknown' },
    },
    {
      sentence: 'HEAD is not answered',
      given: head(undefined),
      found: { digitalocean: 'likely-fails', gcore: 'likely-fails', memory: 'unknown', other: 'unknown' },
    },
    {
      sentence: 'HEAD is answered by something that is no refusal',
      given: head(304),
      found: { digitalocean: 'likely-fails', gcore: 'likely-fails', memory: 'unknown', other: 'unknown' },
    },
    {
      sentence: 'HEAD is refused by the first status that is a refusal',
      given: head(400),
      found: { digitalocean: 'blocks', gcore: 'blocks', memory: 'unknown', other: 'unknown' },
    },
    { sentence: 'the file is on this machine', given: { source: local('/images/disk.qcow2') }, found: nowhere },
  ],
  'head-differs': [
    {
      sentence: 'HEAD tells another length',
      given: { source: { ...usualSource, head: { status: 200, bytes: 5, differences: [] } } },
      found: { digitalocean: 'likely-fails', gcore: 'likely-fails', memory: 'unknown', other: 'unknown' },
    },
    {
      sentence: 'HEAD differs in something else',
      given: { source: { ...usualSource, head: { status: 200, differences: ['another content type'] } } },
      found: everywhere('unknown'),
    },
    { sentence: 'HEAD tells no length', given: head(200), found: nowhere },
  ],
  'file-name': [
    {
      sentence: 'the name has an extension that nobody knows',
      given: { source: named('disk.bin.lz4') },
      found: { digitalocean: 'likely-fails' },
    },
    {
      sentence: 'the name has no extension',
      given: { source: named('download') },
      found: { digitalocean: 'likely-fails' },
    },
    { sentence: 'the path ends in a slash', given: { source: named('') }, found: { digitalocean: 'likely-fails' } },
    {
      sentence: 'the file here has no extension',
      given: { source: local('/images/disk') },
      found: { digitalocean: 'unknown' },
    },
    {
      sentence: 'the file here has none, but its URL will',
      given: { source: local('/images/disk') },
      intended: { url: 'https://images.example.com/a/DISK.QCOW2' },
      found: nowhere,
    },
    { sentence: 'the name has another extension that is known', given: { source: named('disk.img') }, found: nowhere },
    {
      sentence: 'the name says a format that is not taken',
      given: { source: named('disk.vhd') },
      found: { digitalocean: 'likely-fails', gcore: 'unknown', memory: 'unknown' },
    },
    {
      sentence: 'the name says an archive',
      given: { format: 'raw', source: named('disk.ova') },
      found: everywhere('likely-fails'),
    },
    {
      sentence: 'the name says a compression that is not there',
      given: { format: 'raw', source: named('disk.raw.gz') },
      found: { digitalocean: 'unknown', gcore: 'unknown', memory: 'unknown', other: 'likely-fails' },
    },
    {
      sentence: 'the name hides the compression',
      given: { compressions: ['gzip'], source: named('disk.qcow2') },
      found: { digitalocean: 'unknown', gcore: 'unknown', memory: 'unknown' },
    },
    {
      sentence: 'the format is refused, which no name changes',
      given: { format: 'vhd', source: named('disk.vhd') },
      found: nowhere,
    },
    {
      sentence: 'the compression is refused, which no name changes',
      given: { compressions: ['xz'], source: named('disk.qcow2.xz') },
      found: nowhere,
    },
    {
      sentence: 'it is compressed twice, which no name changes',
      given: { compressions: ['gzip', 'gzip'], source: named('disk.qcow2.gz.gz') },
      found: nowhere,
    },
    {
      sentence: 'it is an archive, which no name changes',
      given: { archive: { kind: 'tar', entries: [] }, compressions: ['gzip'], source: named('disk.tgz') },
      found: nowhere,
    },
  ],
  url: [
    { sentence: 'the URL of the import is none', intended: { url: 'disk.qcow2' }, found: everywhere('blocks') },
    {
      sentence: 'the URL is for another protocol',
      intended: { url: 'ftp://a.example/disk.qcow2' },
      found: everywhere('blocks'),
    },
    { sentence: 'the URL is fit', intended: { url: 'http://a.example/disk.qcow2' }, found: nowhere },
  ],
  'url-query': [
    {
      sentence: 'the URL has a query',
      given: { source: { ...usualSource, hasQuery: true } },
      found: { digitalocean: 'unknown' },
    },
    {
      sentence: 'the URL of the import has one',
      intended: { url: 'https://a.example/disk.qcow2?x=1' },
      found: { digitalocean: 'unknown' },
    },
  ],
  'url-credentials': [
    {
      sentence: 'the URL has a user that is not needed',
      given: { source: { ...usualSource, hasUserInfo: true } },
      found: everywhere('unknown'),
    },
    {
      sentence: 'a file from here is to have a URL with a user',
      given: { source: local('disk.qcow2') },
      intended: { url: 'https://me:hush@a.example/disk.qcow2' },
      found: everywhere('likely-fails'),
    },
  ],
  'content-encoding': [
    {
      sentence: 'the server calls the file encoded',
      given: { source: { ...usualSource, contentEncoding: 'gzip' } },
      found: everywhere('unknown'),
    },
    {
      sentence: 'the server calls it not encoded',
      given: { source: { ...usualSource, contentEncoding: 'identity' } },
      found: nowhere,
    },
  ],
  'broken-off': [
    {
      sentence: 'the server ended its answer before its end',
      given: { source: { ...usualSource, brokenOff: true } },
      found: everywhere('likely-fails'),
    },
  ],
  'not-an-image': [
    { sentence: 'it is a web page', whole: { ...unrecognised, text: 'html' }, found: everywhere('blocks') },
    {
      sentence: 'it is the error message of a server',
      whole: { ...unrecognised, text: 'xml' },
      found: everywhere('blocks'),
    },
    { sentence: 'it is empty', given: { bytes: 0 }, found: everywhere('blocks') },
    {
      sentence: 'nothing known is in it',
      whole: unrecognised,
      found: { ...everywhere('likely-fails'), digitalocean: 'blocks' },
    },
    {
      sentence: 'nothing known is in what could be seen of it',
      whole: { ...unrecognised, unknown: [missingBytes()] },
      found: everywhere('likely-fails'),
    },
    {
      sentence: 'nothing known is in it, and no disk was looked for',
      whole: lacking(unrecognised, 'disk'),
      found: everywhere('likely-fails'),
    },
  ],
  archive: [
    {
      sentence: 'it is an archive',
      given: { archive: { kind: 'tar', entries: ['box.ovf', 'disk.vmdk'] } },
      found: everywhere('blocks'),
    },
  ],
  format: [
    {
      sentence: 'it is a VHD',
      given: { format: 'vhd', variant: 'fixed', source: named('disk.img') },
      found: { digitalocean: 'blocks', other: 'blocks' },
    },
    {
      sentence: 'it is an ISO',
      given: { format: 'iso', source: named('disk.img') },
      found: { digitalocean: 'blocks', other: 'blocks' },
    },
    { sentence: 'it is a qcow2', found: { other: 'blocks' } },
  ],
  'uncertain-format': [
    { sentence: 'it is a VMDK', given: { format: 'vmdk', source: named('disk.img') }, found: { gcore: 'unknown' } },
    { sentence: 'it is an ISO', given: { format: 'iso', source: named('disk.img') }, found: { gcore: 'unknown' } },
  ],
  compression: [
    {
      sentence: 'it is in xz',
      given: { compressions: ['xz'], source: named('disk.qcow2.xz') },
      found: { digitalocean: 'blocks', other: 'blocks' },
    },
    {
      sentence: 'it is in gzip',
      given: { compressions: ['gzip'], source: named('disk.qcow2.gz') },
      found: { other: 'blocks' },
    },
  ],
  'uncertain-compression': [
    {
      sentence: 'it is in gzip',
      given: { compressions: ['gzip'], source: named('disk.qcow2.gz') },
      found: { gcore: 'unknown' },
    },
    {
      sentence: 'it is in zstd',
      given: { compressions: ['zstd'], source: named('disk.qcow2.zst') },
      found: { gcore: 'unknown' },
    },
  ],
  'nested-compression': [
    { sentence: 'it is compressed twice', given: { compressions: ['gzip', 'xz'] }, found: everywhere('blocks') },
  ],
  'too-large': [
    { sentence: 'the disk has 100 GB', given: { virtualBytes: 100 * gigabyte }, found: { digitalocean: 'blocks' } },
    { sentence: 'the disk has a byte less', given: { virtualBytes: 100 * gigabyte - 1 }, found: nowhere },
    {
      sentence: 'it unpacks to 200 GB',
      given: { compressions: ['gzip'], unpackedBytes: 200 * gigabyte, unpackedBytesAre: 'exact' },
      found: { digitalocean: 'blocks' },
    },
    {
      sentence: 'its partitions end at 150 GB, and it unpacks to an unknown length',
      whole: mbrIn('bzip2', 150 * gigabyte),
      found: { digitalocean: 'blocks' },
    },
    {
      sentence: 'its partitions end behind what it is told to unpack to',
      whole: { ...mbrIn('xz', 150 * gigabyte), unpackedBytes: gigabyte, unpackedBytesAre: 'exact' },
      found: { digitalocean: 'blocks' },
    },
    {
      sentence: 'its partitions end just below the limit, and what gzip announces is the length of another format',
      whole: {
        ...mbrIn('gzip', 100 * gigabyte - 1, 'exact'),
        format: 'vhdx',
        unpackedBytes: 0,
        unpackedBytesAre: 'modulo',
      },
      found: nowhere,
    },
    {
      sentence: 'no number says how large the disk is',
      given: { virtualBytes: Number.MAX_SAFE_INTEGER, virtualBytesAre: 'at-least' },
      found: { digitalocean: 'blocks' },
    },
    {
      sentence: 'it is a container that tells no size of its disk, and has 100 GB itself',
      whole: { ...withoutLengths, bytes: 100 * gigabyte },
      found: { digitalocean: 'blocks' },
    },
    {
      sentence: 'every byte was counted, and they are too many',
      given: {
        compressions: ['bzip2'],
        format: 'raw',
        virtualBytes: gigabyte,
        fullPass: { sha256: 'ab', bytes: 5, unpackedBytes: 101 * gigabyte },
      },
      found: { digitalocean: 'blocks' },
    },
  ],
  'size-unknown': [
    {
      sentence: 'its partitions end below the limit, and more may be behind them',
      whole: { ...mbrIn('gzip', 99 * gigabyte), unpackedBytes: gigabyte, unpackedBytesAre: 'modulo' },
      found: { digitalocean: 'unknown' },
    },
    {
      sentence: 'its partitions end below the limit, and nothing announces a length',
      whole: mbrIn('bzip2', 99 * gigabyte),
      found: { digitalocean: 'unknown' },
    },
    {
      sentence: 'its partitions end below the limit, and no more can be packed in so small a file',
      whole: { ...mbrIn('bzip2', 50 * gigabyte), unpackedBytesAtMost: 100 * gigabyte - 1 },
      found: nowhere,
    },
    {
      sentence: 'its partitions end below the limit, and just too much can be packed in such a file',
      whole: { ...mbrIn('bzip2', 50 * gigabyte), unpackedBytesAtMost: 100 * gigabyte },
      found: { digitalocean: 'unknown' },
    },
    {
      sentence: 'it is a container that tells no size of its disk',
      whole: { ...withoutLengths, unpackedBytesAtMost: gigabyte },
      found: { digitalocean: 'unknown' },
    },
    {
      sentence: 'its partitions end below the limit, and its length is known',
      whole: { ...mbrIn('xz', 50 * gigabyte), unpackedBytes: 60 * gigabyte, unpackedBytesAre: 'exact' },
      found: nowhere,
    },
    {
      sentence: 'gzip announces a size up to a multiple of 4 GiB, and nothing else tells it',
      whole: { ...unrecognised, compressions: ['gzip'], unpackedBytes: 5, unpackedBytesAre: 'modulo' },
      found: { digitalocean: 'unknown' },
    },
    {
      sentence: 'gzip announces so little, and the disk itself tells its size',
      given: { compressions: ['gzip'], unpackedBytes: 5, unpackedBytesAre: 'modulo' },
      found: nowhere,
    },
    {
      sentence: 'bzip2 announces nothing',
      whole: { ...unrecognised, compressions: ['bzip2'] },
      found: { digitalocean: 'unknown' },
    },
  ],
  quota: [
    {
      sentence: 'there may be no image in the region',
      intended: { quota: { images: { limit: 0, used: 0 } } },
      found: everywhere('blocks'),
    },
    { sentence: 'one more image may be there', intended: { quota: { images: { limit: 5, used: 4 } } }, found: nowhere },
    {
      sentence: 'not even the file has room',
      intended: { quota: { bytes: { limit: gigabyte, used: gigabyte / 2 } } },
      found: everywhere('blocks'),
    },
    {
      sentence: 'the file has room, and the disk has not',
      intended: { quota: { bytes: { limit: 2 * gigabyte, used: 0 } } },
      found: everywhere('likely-fails'),
    },
    {
      sentence: 'there is no room at all, and one amount alone is known',
      whole: withoutLengths,
      intended: { quota: { bytes: { limit: 5, used: 5 } } },
      found: everywhere('blocks'),
    },
    {
      sentence: 'there is too little room for the one amount that is known, and others may count',
      whole: withoutLengths,
      intended: { quota: { bytes: { limit: 5, used: 4 } } },
      found: everywhere('likely-fails'),
    },
    { sentence: 'all has room', intended: { quota: { bytes: { limit: 20 * gigabyte, used: 0 } } }, found: nowhere },
  ],
  truncated: [
    { sentence: 'its end is missing', given: { truncated: true }, found: everywhere('blocks') },
    {
      sentence: 'it was unpacked, and not to its end',
      given: { compressions: ['gzip'], truncated: true, fullPass: { sha256: 'ab', bytes: 5, damaged: true } },
      found: everywhere('blocks'),
    },
    {
      sentence: 'a plain disk lacks the second header of its GPT',
      given: { ...plainLacking('the second GPT header is missing'), source: named('disk.img') },
      found: everywhere('likely-fails'),
    },
    {
      sentence: 'a plain disk lacks more than that',
      given: plainLacking('the second GPT header is missing', 'partition 1 leads out of the disk'),
      found: everywhere('blocks'),
    },
    {
      sentence: 'a disk that lacks the second header of its GPT is in a file that was cut short',
      given: { ...plainLacking('the second GPT header is missing'), format: 'qcow2' },
      found: everywhere('blocks'),
    },
    {
      sentence: 'its end is probably missing',
      given: { truncated: undefined, truncationSuspected: 'gzip announces 5 bytes', unpackedBytes: 5 },
      found: everywhere('likely-fails'),
    },
  ],
  'backing-file': [
    {
      sentence: 'it is a layer over another file',
      given: { features: { backingFile: 'base.qcow2' } },
      found: everywhere('blocks'),
    },
    {
      sentence: 'it holds differences to another disk',
      given: { format: 'vhdx', variant: 'differencing' },
      found: everywhere('blocks'),
    },
  ],
  'data-file': [
    { sentence: 'its data lies elsewhere', given: { features: { dataFile: '' } }, found: everywhere('blocks') },
  ],
  'several-files': [
    {
      sentence: 'a text describes its files',
      given: { format: 'vmdk', variant: 'descriptor', features: { furtherFiles: ['disk-flat.vmdk'] } },
      found: everywhere('blocks'),
    },
    {
      sentence: 'it is a part of a disk',
      given: { format: 'vmdk', variant: 'split-extent' },
      found: everywhere('blocks'),
    },
  ],
  'encrypted-format': [
    { sentence: 'it is encrypted', given: { features: { encryption: 'luks' } }, found: everywhere('blocks') },
  ],
  'internal-snapshots': [
    { sentence: 'it holds snapshots', given: { features: { snapshots: 2 } }, found: everywhere('likely-fails') },
  ],
  dirty: [{ sentence: 'it was not closed', given: { features: { dirty: true } }, found: everywhere('likely-fails') }],
  corrupt: [
    { sentence: 'it says so', given: { features: { corrupt: true } }, found: everywhere('blocks') },
    {
      sentence: 'its header contradicts itself',
      given: { features: { damage: ['no table of reference counts'] } },
      found: everywhere('blocks'),
    },
  ],
  'unknown-features': [
    {
      sentence: 'it needs what nobody knows',
      given: { features: { unknownFeatures: ['bit 9'] } },
      found: everywhere('blocks'),
    },
    {
      sentence: 'it needs what qemu-img does not know',
      given: { format: 'vhdx', features: { unsupported: ['sectors of 4096 bytes'] } },
      found: everywhere('likely-fails'),
    },
  ],
  'partition-table': [
    {
      sentence: 'a file system stands on a plain disk',
      whole: { ...unrecognised, disk: { ...usualDisk, partitionTable: 'none', partitions: [], fileSystem: 'ext4' } },
      found: { digitalocean: 'blocks', gcore: 'unknown', memory: 'unknown', other: 'unknown' },
    },
    {
      sentence: 'a file system stands on the disk in a container',
      given: { disk: { ...usualDisk, partitionTable: 'none', partitions: [], fileSystem: 'ext4' } },
      found: { digitalocean: 'unknown' },
    },
    {
      sentence: 'the table counts larger sectors than servers have',
      given: { disk: { ...usualDisk, sectorBytes: 4096 } },
      found: everywhere('likely-fails'),
    },
    {
      sentence: 'the table of an installation medium counts larger sectors',
      given: { disk: { ...usualDisk, sectorBytes: 4096 }, format: 'iso', source: named('disk.img') },
      found: nowhere,
    },
    {
      sentence: 'an older GPT was left behind the MBR',
      given: { disk: { ...usualDisk, partitionTable: 'mbr', damage: [staleGpt] } },
      found: everywhere('unknown'),
    },
    {
      sentence: 'an older GPT was left behind an MBR that contradicts itself',
      given: { disk: { ...usualDisk, partitionTable: 'mbr', damage: [staleGpt, 'partition 1 leads out of the disk'] } },
      found: everywhere('likely-fails'),
    },
    {
      sentence: 'the table contradicts itself',
      given: { disk: { ...usualDisk, damage: ['the check sum of the GPT is wrong'] } },
      found: everywhere('likely-fails'),
    },
    {
      sentence: 'no MBR announces the GPT',
      given: { disk: { ...usualDisk, damage: ['the MBR does not announce the GPT'] } },
      found: everywhere('likely-fails'),
    },
    {
      sentence: 'it is a disc, which starts without its partitions',
      given: { format: 'iso', disk: { ...usualDisk, damage: ['the GPT leads out of the disk'] } },
      found: nowhere,
    },
    {
      sentence: 'the table leads to what was cut off',
      given: { truncated: true, disk: { ...usualDisk, damage: ['partition 1 leads out of the disk'] } },
      found: nowhere,
    },
  ],
  'not-bootable': [
    {
      sentence: 'nothing is there to start from',
      given: unlike({ firmware: { value: 'none', evidence: because } }),
      found: everywhere('likely-fails'),
    },
    {
      sentence: 'the disk is blank',
      given: {
        disk: { partitionTable: 'none', partitions: [], bootLoaders: [], damage: [], unread: [] },
        conclusions: {},
      },
      found: everywhere('likely-fails'),
    },
    {
      sentence: 'nothing known is there, and no format',
      whole: { ...unrecognised, conclusions: { firmware: { value: 'none', evidence: because } } },
      found: nowhere,
    },
    {
      sentence: 'nothing is there to start from, and whether it is an image could not be seen',
      whole: {
        ...unrecognised,
        disk: { partitions: [], bootLoaders: [], damage: [], unread: [{ part: 'partition-table' }] },
        conclusions: { firmware: { value: 'none', evidence: because } },
      },
      found: everywhere('likely-fails'),
    },
    {
      sentence: 'no loader is where firmware looks, it starts by a BIOS only, and UEFI is asked for',
      given: { disk: vendorsOnly, ...unlike({ firmware: { value: 'bios', evidence: because } }) },
      intended: { firmware: 'uefi' },
      found: nowhere,
    },
    {
      sentence: 'it starts by UEFI only, and no loader is where firmware looks',
      given: { disk: vendorsOnly, ...unlike({ firmware: { value: 'uefi', evidence: because } }) },
      found: everywhere('likely-fails'),
    },
    {
      sentence: 'the loader is where firmware looks',
      given: {
        disk: { ...usualDisk, bootLoaders: ['EFI/debian/grubx64.efi', 'efi/boot/bootx64.efi'] },
        ...unlike({ firmware: { value: 'uefi', evidence: because } }),
      },
      found: nowhere,
    },
    {
      sentence: 'no loader is where firmware looks, and a BIOS finds something',
      given: { disk: vendorsOnly },
      found: nowhere,
    },
    {
      sentence: 'no loader is where firmware looks, and UEFI is asked for',
      given: { disk: vendorsOnly },
      intended: { firmware: 'uefi' },
      found: { gcore: 'likely-fails', memory: 'likely-fails' },
    },
    {
      sentence: 'no loader is where firmware looks, and it is for bare metal',
      given: { disk: vendorsOnly },
      intended: { bareMetal: true },
      found: { gcore: 'likely-fails' },
    },
    {
      sentence: 'whether a loader is where firmware looks could not be read',
      given: {
        disk: { ...vendorsOnly, unread: [{ part: 'boot-loaders', partition: 15 }] },
        ...unlike({ firmware: { value: 'uefi', evidence: because } }),
      },
      found: nowhere,
    },
    {
      sentence: 'nothing known is there but code to start from',
      given: {
        disk: { partitionTable: 'none', partitions: [], bootCode: true, bootLoaders: [], damage: [], unread: [] },
        conclusions: {},
      },
      found: nowhere,
    },
  ],
  firmware: [
    {
      sentence: 'it starts by UEFI only, and nothing is said',
      given: unlike({ firmware: { value: 'uefi', evidence: because } }),
      found: { digitalocean: 'unknown', gcore: 'likely-fails', memory: 'unknown', other: 'unknown' },
    },
    {
      sentence: 'it starts by UEFI only, and that is asked for',
      given: unlike({ firmware: { value: 'uefi', evidence: because } }),
      intended: { firmware: 'uefi' },
      found: { digitalocean: 'unknown', other: 'unknown' },
    },
    {
      sentence: 'it starts by a BIOS only, and UEFI is asked for',
      given: unlike({ firmware: { value: 'bios', evidence: because } }),
      intended: { firmware: 'uefi' },
      found: { gcore: 'likely-fails', memory: 'likely-fails' },
    },
    {
      sentence: 'it starts by a BIOS only, and is for bare metal',
      given: unlike({ firmware: { value: 'bios', evidence: because } }),
      intended: { bareMetal: true },
      found: { gcore: 'blocks' },
    },
    {
      sentence: 'it starts by UEFI, and is for bare metal',
      given: unlike({ firmware: { value: 'uefi', evidence: because } }),
      intended: { bareMetal: true },
      found: { digitalocean: 'unknown', memory: 'unknown', other: 'unknown' },
    },
    {
      sentence: 'a BIOS is asked for on bare metal',
      intended: { bareMetal: true, firmware: 'bios' },
      found: { gcore: 'blocks' },
    },
    {
      sentence: 'how it starts is not known, and it is for bare metal',
      given: { conclusions: {} },
      intended: { bareMetal: true },
      found: { gcore: 'unknown' },
    },
  ],
  architecture: [
    {
      sentence: 'it is for aarch64, and nothing is said',
      given: unlike({ architecture: { value: 'aarch64', evidence: because } }),
      found: { digitalocean: 'blocks', gcore: 'likely-fails', memory: 'unknown', other: 'unknown' },
    },
    {
      sentence: 'it is for aarch64, and that is said',
      given: unlike({ architecture: { value: 'aarch64', evidence: because } }),
      intended: { architecture: 'aarch64' },
      found: { digitalocean: 'blocks', other: 'unknown' },
    },
    {
      sentence: 'it is for riscv64',
      given: unlike({ architecture: { value: 'riscv64', evidence: because } }),
      found: { digitalocean: 'blocks', gcore: 'blocks', memory: 'unknown', other: 'unknown' },
    },
    {
      sentence: 'it is for x86_64, and is said to be for aarch64',
      intended: { architecture: 'aarch64' },
      found: { digitalocean: 'blocks', gcore: 'likely-fails', memory: 'likely-fails' },
    },
    {
      sentence: 'what it is for cannot be seen',
      given: { conclusions: { firmware: { value: 'uefi', evidence: because } } },
      found: { digitalocean: 'unknown', gcore: 'unknown' },
    },
    {
      sentence: 'it starts by a BIOS, and says no more',
      given: { conclusions: { firmware: { value: 'bios', evidence: because } } },
      found: nowhere,
    },
    {
      sentence: 'it starts by a BIOS and by UEFI, and says no more',
      given: { conclusions: { firmware: { value: 'both', evidence: because } } },
      found: nowhere,
    },
    {
      sentence: 'an older GPT was left behind the MBR, which hides nothing',
      given: {
        disk: { ...usualDisk, partitionTable: 'mbr', damage: [staleGpt] },
        conclusions: { firmware: { value: 'uefi', evidence: because } },
      },
      found: { digitalocean: 'unknown', gcore: 'unknown' },
    },
    ...withoutSystem,
    {
      sentence: 'nothing starts from it, and it is for aarch64',
      given: unlike({
        firmware: { value: 'none', evidence: because },
        architecture: { value: 'aarch64', evidence: because },
      }),
      found: { digitalocean: 'blocks', gcore: 'likely-fails', memory: 'unknown', other: 'unknown' },
    },
  ],
  'operating-system': [
    {
      sentence: 'it holds Windows, and nothing is said',
      given: unlike({ osFamily: { value: 'windows', evidence: because } }),
      found: { digitalocean: 'blocks', gcore: 'loses' },
    },
    {
      sentence: 'it holds Windows, and that is said',
      given: unlike({ osFamily: { value: 'windows', evidence: because } }),
      intended: { os: { family: 'windows' } },
      found: { digitalocean: 'blocks' },
    },
    {
      sentence: 'it holds a BSD',
      given: unlike({ osFamily: { value: 'bsd', evidence: because } }),
      found: { gcore: 'loses' },
    },
    {
      sentence: 'it holds Linux, and is said to be Windows',
      intended: { os: { distribution: 'windows' } },
      found: { digitalocean: 'blocks', gcore: 'loses', memory: 'loses', other: 'loses' },
    },
    { sentence: 'what it holds cannot be seen', given: { conclusions: {} }, found: { digitalocean: 'unknown' } },
    { sentence: 'it holds several systems', given: severalSystems, found: { digitalocean: 'unknown' } },
    ...withoutSystem,
  ],
  'file-system': [
    { sentence: 'the root is of xfs', given: onDisk('xfs'), found: { digitalocean: 'likely-fails' } },
    { sentence: 'the root is of btrfs', given: onDisk('btrfs'), found: { digitalocean: 'likely-fails' } },
    { sentence: 'the root is in LVM', given: onDisk('lvm'), found: { digitalocean: 'unknown' } },
    { sentence: 'the root is of ext4', given: onDisk('ext4'), found: nowhere },
    {
      sentence: 'the largest partition is of xfs, and another that may be the root of ext4',
      given: parted({ fileSystem: 'ext4' }, { fileSystem: 'xfs', bytes: 2e9 }),
      found: { digitalocean: 'unknown' },
    },
    {
      sentence: 'the largest partition is of ext4, and another that may be the root of xfs',
      given: parted({ fileSystem: 'xfs' }, { fileSystem: 'ext4', bytes: 2e9 }),
      found: { digitalocean: 'unknown' },
    },
    {
      sentence: 'the largest partition is of ext4, and another that may be the root is encrypted',
      given: parted({ fileSystem: 'luks' }, { fileSystem: 'ext4', bytes: 2e9 }),
      found: { digitalocean: 'unknown' },
    },
    {
      sentence: 'the largest partition is of ext4, and a smaller one of ext2',
      given: parted({ fileSystem: 'ext2' }, { fileSystem: 'ext4', bytes: 2e9 }),
      found: nowhere,
    },
    {
      sentence: 'the largest partition is of ext4, and is for /home by its type',
      given: parted({ fileSystem: 'xfs' }, { fileSystem: 'ext4', purpose: 'linux-home', bytes: 2e9 }),
      found: { digitalocean: 'likely-fails' },
    },
    {
      sentence: 'the root is of xfs by its type, and another is of ext4',
      given: parted({ fileSystem: 'ext4', bytes: 2e9 }, { fileSystem: 'xfs', purpose: 'linux-root' }),
      found: { digitalocean: 'likely-fails' },
    },
    {
      sentence: 'the largest partition is of xfs, and that for /boot of ext4',
      given: parted({ fileSystem: 'ext4', purpose: 'linux-boot' }, { fileSystem: 'xfs', bytes: 2e9 }),
      found: { digitalocean: 'likely-fails' },
    },
    {
      sentence: 'the root is of xfs, in a partition with the type of Windows data',
      given: parted({ fileSystem: 'xfs', purpose: 'microsoft-data' }),
      found: { digitalocean: 'likely-fails' },
    },
    {
      sentence: 'the system is a BSD',
      given: { ...parted({ fileSystem: 'ufs' }), ...unlike({ osFamily: { value: 'bsd', evidence: because } }) },
      found: { digitalocean: 'unknown' },
    },
    {
      sentence: 'the root is blank',
      given: parted({ purpose: 'linux-root', blank: true }, { fileSystem: 'ext4', bytes: 2e9 }),
      found: everywhere('likely-fails'),
    },
    {
      sentence: 'all that may be the root is blank',
      given: parted({ blank: true }, { purpose: 'linux-boot', fileSystem: 'ext4' }),
      found: everywhere('likely-fails'),
    },
    {
      sentence: 'every partition is blank but those to start from',
      given: parted(
        { purpose: 'efi-system', fileSystem: 'fat32' },
        { purpose: 'bios-boot' },
        { purpose: 'microsoft-reserved' },
        { purpose: 'microsoft-data', blank: true },
      ),
      found: everywhere('likely-fails'),
    },
    {
      sentence: 'a partition for data is blank, and another that may be the root is larger',
      given: parted({ fileSystem: 'ext4', bytes: 2e9 }, { blank: true }),
      found: nowhere,
    },
    {
      sentence: 'the largest partition is blank, and another may be the root',
      given: parted({ fileSystem: 'ext4' }, { blank: true, bytes: 2e9 }),
      found: everywhere('unknown'),
    },
    {
      sentence: 'what the root holds is not known here',
      given: parted({ purpose: 'linux-root' }),
      found: everywhere('unknown'),
    },
    {
      sentence: 'what the root holds is not known here, and the disk contradicts itself',
      given: {
        disk: { ...usualDisk, partitions: [partition(1)], damage: ['the beginning of partition 1 cannot be read'] },
      },
      found: nowhere,
    },
    {
      sentence: 'what the root holds could not be read',
      given: unreadRoot,
      found: nowhere,
    },
    {
      sentence: 'the root is blank in what is left of a file that was cut short',
      given: { ...parted({ purpose: 'linux-root', blank: true }), truncated: true },
      found: nowhere,
    },
    {
      sentence: 'it is an installation medium',
      given: { ...parted({ fileSystem: 'iso9660' }), format: 'iso', source: named('disk.img') },
      found: nowhere,
    },
    {
      sentence: 'the disk is Windows',
      given: { ...onDisk('xfs'), ...unlike({ osFamily: { value: 'windows', evidence: because } }) },
      found: nowhere,
    },
  ],
  'encrypted-disk': [
    {
      sentence: 'the root is encrypted',
      given: unlike({ encrypted: { value: true, evidence: because } }),
      found: everywhere('likely-fails'),
    },
    {
      sentence: 'which partition is the root cannot be seen, and one of them is encrypted',
      given: perhapsEncrypted,
      found: everywhere('unknown'),
    },
    {
      sentence: 'a partition is encrypted, and another is marked as the root, of which nothing was read',
      given: {
        ...parted({ fileSystem: 'luks' }, { purpose: 'linux-root' }),
        conclusions: { ...facts().conclusions, encrypted: undefined },
      },
      found: nowhere,
    },
  ],
  'multiple-disks': [
    {
      sentence: 'it is one disk of several',
      given: unlike({ multipleDisks: { value: true, evidence: because } }),
      found: everywhere('likely-fails'),
    },
  ],
  'guest-agent': [
    { sentence: 'a usual image is looked at', found: { digitalocean: 'unknown', gcore: 'unknown' } },
    { sentence: 'it is no image at all', given: { text: 'html' }, found: nowhere },
  ],
  unread: [
    {
      sentence: 'something could not be read',
      given: { unknown: [missingBytes()] },
      found: everywhere('unknown'),
    },
    {
      sentence: 'a partition could not be read',
      given: { disk: { ...usualDisk, unread: [{ part: 'file-system', partition: 3 }] } },
      found: everywhere('unknown'),
    },
    {
      sentence: 'the length in the compression is not known, which is told of its size where there is a limit',
      whole: { ...unrecognised, compressions: ['bzip2'], unknown: [lengthUnknown] },
      found: { ...everywhere('unknown'), digitalocean: undefined },
    },
    {
      sentence: 'the length in the compression is not known, and the disk tells its size',
      given: { compressions: ['bzip2'], unknown: [lengthUnknown] },
      found: everywhere('unknown'),
    },
  ],
  name: [
    { sentence: 'the name is short', intended: { name: 'a' }, found: { gcore: 'blocks' } },
    { sentence: 'the name is blank', intended: { name: ' ' }, found: everywhere('blocks') },
    { sentence: 'the name is fit', intended: { name: 'debian 12' }, found: nowhere },
  ],
  'minimum-disk': [
    {
      sentence: 'a larger disk is wanted',
      intended: { minimumDiskBytes: 20 * gigabyte },
      found: { digitalocean: 'loses', gcore: 'loses', memory: 'unknown', other: 'unknown' },
    },
    {
      sentence: 'a smaller disk is wanted',
      intended: { minimumDiskBytes: gigabyte },
      found: { gcore: 'loses', memory: 'unknown', other: 'unknown' },
    },
  ],
  field: [
    {
      sentence: 'it is for bare metal',
      intended: { bareMetal: true },
      found: { digitalocean: 'blocks', other: 'blocks' },
    },
    {
      sentence: 'it is for graphics processors',
      intended: { gpu: true },
      found: { digitalocean: 'loses', other: 'loses' },
    },
    { sentence: 'its processor is said', intended: { architecture: 'x86_64' }, found: { other: 'loses' } },
    { sentence: 'it is not for bare metal', intended: { bareMetal: false }, found: nowhere },
  ],
}

const rows = Object.entries(cases).flatMap(([code, all]) =>
  all.flatMap(({ sentence, given, whole = facts(given), intended, found }) =>
    names.map((target) => ({ code, target, sentence, whole, intended, expected: found[target] ?? 'nothing' })),
  ),
)

const checked = (target: Target, given?: Partial<ImageFacts>, intended?: IntendedImport): Compatibility =>
  checkCompatibility(facts(given), targets[target], intended)

const findingOf = (code: FindingCode, { findings }: Compatibility): Finding => {
  const found = findings.find((finding) => finding.code === code)
  if (found === undefined) throw new Error(`There is no ${code} among ${findings.map((one) => one.code).join(', ')}`)
  return found
}

describe('a finding', () => {
  it.each(rows)('$code at $target where $sentence: $expected', ({ code, target, whole, intended, expected }) => {
    const found = checkCompatibility(whole, targets[target], intended).findings.filter(
      (finding) => finding.code === code,
    )
    expect([...new Set(found.map(({ severity }) => severity))]).toEqual(expected === 'nothing' ? [] : [expected])
    for (const { message, evidence, source } of found) {
      expect(message).toMatch(/^[A-Z].* .*[^.]$/)
      expect(evidence).toMatch(/\S/)
      expect(source).toMatch(/\S/)
    }
  })

  it('calls the target by its name', () => {
    const { message } = findingOf('format', checked('digitalocean', { format: 'vhd' }, { target: 'DigitalOcean' }))
    expect(message).toBe('DigitalOcean imports raw, qcow2, vhdx, vdi, vmdk, not vhd')
  })

  it('of what sources disagree on, or say nothing of, calls the target by its name as well', () => {
    const intended = { target: 'Gcore' }
    expect(findingOf('uncertain-format', checked('gcore', { format: 'vmdk' }, intended)).message).toBe(
      "Gcore's sources disagree on whether it takes vmdk",
    )
    expect(findingOf('uncertain-compression', checked('gcore', { compressions: ['zstd'] }, intended)).message).toBe(
      'No source of Gcore says whether it takes files compressed by zstd',
    )
    expect(findingOf('uncertain-compression', checked('gcore', { compressions: ['zstd'] })).message).toBe(
      'No source of the target says whether it takes files compressed by zstd',
    )
  })

  it('of a region that is closed to the account is one, with what helps there', () => {
    const quota = { images: { limit: 0, used: 0 }, bytes: { limit: 0, used: 0 } }
    const found = checked('gcore', {}, { quota }).findings.filter(({ code }) => code === 'quota')
    expect(found).toMatchObject([
      {
        evidence: 'The quota is 0 images and 0 bytes of images',
        remedy: 'Import into another region, or ask for a quota',
      },
    ])
  })

  it('of a length that HEAD tells otherwise tells both lengths once', () => {
    const differences = ['HEAD tells a length of 5 bytes, GET of 600000000', 'HEAD tells another ETag than GET']
    const source = { ...usualSource, head: { status: 200, bytes: 5, differences } }
    expect(findingOf('head-differs', checked('gcore', { source })).evidence).toBe(
      'HEAD tells a length of 5 bytes, the file has 600.0 MB (600000000 bytes); HEAD tells another ETag than GET',
    )
    const late = { ...source, head: { ...source.head, differences: differences.slice(1) } }
    expect(findingOf('head-differs', checked('gcore', { source: late })).evidence).toMatch(/^HEAD tells a length of 5 /)
  })

  it('of what could not be read tells the parts of the disk and the reason once', () => {
    const reason = (bytes: number) =>
      `the server gives no parts, and a look reads no further than ${bytes} bytes from the start`
    const unread: readonly UnreadPart[] = [1, 14].map((number) => ({ part: 'file-system', partition: number }))
    const stretches = [
      missingBytes(reason(5), 'bytes 99 to 199 of the file'),
      missingBytes(reason(9), 'bytes 899 to 999 of the file'),
    ]
    const parts: readonly NotKnown[] = [
      { about: 'disk', what: 'the file system of partition 1', reason: 'not looked at' },
    ]
    const given = { disk: { ...usualDisk, unread }, unknown: [...parts, lengthUnknown, ...stretches] }
    expect(findingOf('unread', checked('gcore', given)).evidence).toBe(
      `the file systems of partitions 1, 14: ${reason(9)}; whether the file is whole: its length is not known`,
    )
    expect(findingOf('unread', checked('gcore', { unknown: stretches })).evidence).toBe(
      `bytes 99 to 199 of the file, bytes 899 to 999 of the file: ${reason(9)}`,
    )
  })

  it('quotes where its rule comes from, and says where none states it', () => {
    expect(findingOf('too-large', checked('digitalocean', { virtualBytes: 2e11 })).source).toBe(
      'O:images_create_custom.yml',
    )
    expect(findingOf('head-refused', checked('gcore', head(403))).source).toBe('LAN a8b43a6')
    expect(findingOf('truncated', checked('gcore', { truncated: true })).source).toBe('(inferred)')
  })

  it('quotes what was seen, with units', () => {
    const { evidence } = findingOf('too-large', checked('digitalocean', { virtualBytes: 120_000_000_001 }))
    expect(evidence).toBe('qcow2, 120.0 GB (120000000001 bytes)')
    const missing = checked('gcore', { truncated: true, promisedBytes: 700_000_000 })
    expect(findingOf('truncated', missing).evidence).toBe(
      'qcow2, it has 600.0 MB (600000000 bytes), it needs at least 700.0 MB (700000000 bytes)',
    )
  })

  it('of a size that is not known tells what is, and how to come to know it', () => {
    const source = local('disk.raw.bz2')
    const gzip = { ...mbrIn('gzip', 5 * gigabyte), unpackedBytes: 5120, unpackedBytesAre: 'modulo' } as const
    const foundIn = (code: FindingCode, given: ImageFacts): Finding =>
      findingOf(code, checkCompatibility(given, digitalOceanCapabilities))
    expect(foundIn('too-large', mbrIn('bzip2', 150 * gigabyte)).evidence).toBe(
      'raw in bzip2, at least 150.0 GB (150000000000 bytes)',
    )
    expect(foundIn('size-unknown', { ...mbrIn('bzip2', 5 * gigabyte), source })).toMatchObject({
      evidence: 'raw in bzip2, at least 5.0 GB (5000000000 bytes) by its partition table',
      remedy: "bzip2 -dc < 'disk.raw.bz2' | wc -c",
    })
    expect(foundIn('size-unknown', gzip)).toMatchObject({
      evidence:
        'raw in gzip, which announces 5.1 kB (5120 bytes) or any multiple of 4 GiB more, and whose partition table ends at 5.0 GB (5000000000 bytes)',
      remedy: 'Look at the whole file, which counts what is in it',
    })
    expect(foundIn('size-unknown', { ...withoutLengths, bytes: undefined })).toMatchObject({
      evidence: 'qcow2, which tells no size',
      remedy: undefined,
    })
  })

  it('of a file that is too large, and no image that is known, says nothing of a disk in it', () => {
    const nothing = { ...unrecognised, bytes: 9e15 }
    expect(findingOf('too-large', checkCompatibility(nothing, digitalOceanCapabilities)).remedy).toBeUndefined()
  })

  it('of a file that was probably cut short says why, and how to see it', () => {
    const suspected = { truncated: undefined, truncationSuspected: 'gzip announces 5 bytes', unpackedBytes: 5 }
    const given = { ...suspected, compressions: ['gzip'], source: local('disk.img.gz') } as const
    const again = 'Fetch the whole file again, and compare its length or its check sum'
    expect(findingOf('truncated', checked('gcore', given))).toMatchObject({
      message: 'The file is probably cut short',
      evidence: 'gzip announces 5 bytes',
      remedy: `${again}; this tests it: gzip -t < 'disk.img.gz'`,
    })
    expect(findingOf('truncated', checked('gcore', suspected)).remedy).toBe(again)
    const pass = { sha256: 'ab', bytes: 5, damaged: true } as const
    const damaged = { compressions: ['gzip'], truncated: true, fullPass: pass, source: local('disk.img.gz') } as const
    expect(findingOf('truncated', checked('gcore', damaged))).toMatchObject({
      message: 'The file does not unpack to its end',
      evidence: 'qcow2 in gzip, of which all was read: it is damaged, or a part is missing',
      remedy: `${again}; this tests it: gzip -t < 'disk.img.gz'`,
    })
  })

  it('of a server that broke off tells the length that it had told of', () => {
    const source = { ...usualSource, brokenOff: true } as const
    expect(findingOf('broken-off', checked('gcore', { source })).evidence).toBe(
      'An answer ended early, of a file that is told to have 600.0 MB (600000000 bytes)',
    )
    expect(findingOf('broken-off', checked('gcore', { source, bytes: undefined })).evidence).toBe(
      'An answer ended early',
    )
  })

  it('of loaders that no new server knows tells where to copy which of them', () => {
    const remedy = (value: string | undefined, bootLoaders = vendorsOnly.bootLoaders): string | undefined => {
      const architecture = value === undefined ? undefined : { value, evidence: because }
      const conclusions = unlike({ firmware: { value: 'uefi', evidence: because }, architecture })
      return findingOf('not-bootable', checked('memory', { disk: { ...vendorsOnly, bootLoaders }, ...conclusions }))
        .remedy
    }
    const copy = 'Copy EFI/debian/shimx64.efi, and what it loads from beside it, into EFI/BOOT, itself as'
    expect(remedy('x86_64')).toBe(`${copy} BOOTX64.EFI`)
    expect(remedy('aarch64')).toBe(`${copy} BOOTAA64.EFI`)
    expect(remedy('riscv64')).toBe('Copy a boot loader into EFI/BOOT, by the name that firmware looks for')
    const others = ['EFI/debian/mmx64.efi', 'EFI/debian/grubx64.efi', 'EFI/debian/shimx64.efi']
    expect(remedy('x86_64', others)).toBe(`${copy} BOOTX64.EFI`)
    expect(remedy('x86_64', others.slice(0, 2))).toMatch(/^Copy EFI\/debian\/grubx64.efi, /)
    expect(remedy('x86_64', others.slice(0, 1))).toMatch(/^Copy EFI\/debian\/mmx64.efi, /)
    expect(remedy(undefined, ['EFI/Microsoft/Boot/bootmgfw.efi'])).toBe(
      'Copy EFI/Microsoft/Boot/bootmgfw.efi, and what it loads from beside it, into EFI/BOOT, itself as BOOTX64.EFI ' +
        '(BOOTAA64.EFI for aarch64)',
    )
  })

  it('of a GPT and an MBR that do not go together says which one has to be made right', () => {
    const remedyOf = (...damage: readonly string[]): string | undefined =>
      findingOf('partition-table', checked('gcore', { disk: { ...usualDisk, damage } })).remedy
    expect(remedyOf(staleGpt)).toContain('Remove both headers of the GPT')
    expect(remedyOf('the MBR does not announce the GPT')).toContain('an MBR that announces it')
    expect(remedyOf('the MBR does not announce the GPT', 'partition 1 leads out of the disk')).toBeUndefined()
  })

  it('of a blank root says that a download which broke off may look like this', () => {
    const found = findingOf('file-system', checked('gcore', parted({ purpose: 'linux-root', blank: true })))
    expect(found.evidence).toBe(
      'partition 1 begins with nothing but zeros, which may come of a download that broke off',
    )
  })

  it('of a file that is no image is not that nothing starts from it as well', () => {
    const given: ImageFacts = { ...unrecognised, conclusions: { firmware: { value: 'none', evidence: because } } }
    for (const target of names)
      expect(checkCompatibility(given, targets[target]).findings.map(({ code }) => code)).not.toContain('not-bootable')
  })

  it('quotes nothing that may be secret, and nothing that a terminal obeys', () => {
    const source = named('disk\u001b[31m.x\u202e')
    const backingFile = 'https://me:hushhush@a.example/base.qcow2?signature=secretsecret\u0007'
    const intended: IntendedImport = {
      url: 'https://me:hushhush@a.example/disk?signature=secretsecret',
      name: '\u001b]0;x\u0007',
    }
    for (const target of names) {
      const text = [checked(target, { source, features: { backingFile } }, intended), checked(target, { source })]
        .flatMap(({ findings }) => findings)
        .map(({ message, evidence, remedy = '' }) => `${message} ${evidence} ${remedy}`)
        .join(' ')
      expect(text).not.toMatch(/hushhush|secretsecret|\p{C}/u)
      expect(text).toContain('a.example/base.qcow2')
    }
  })
})

describe('the verdict', () => {
  const cut: DiskFacts = { partitions: [], bootLoaders: [], damage: [], unread: [{ part: 'partition-table' }] }

  it.each<readonly [sentence: string, given: ImageFacts, verdicts: Readonly<Record<Target, Verdict>>]>([
    [
      'is accepted where all is well',
      facts(),
      { digitalocean: 'accepted', gcore: 'accepted', memory: 'accepted', other: 'refused' },
    ],
    [
      'is accepted with a warning where sources disagree',
      facts({ format: 'vmdk', source: named('disk.img') }),
      { digitalocean: 'accepted', gcore: 'accepted', memory: 'accepted', other: 'refused' },
    ],
    [
      'is accepted where a partition table alone tells that the disk is small enough, and nothing speaks against it',
      { ...mbrIn('bzip2', gigabyte, 'by-table'), source: named('disk.img.bz2') },
      { digitalocean: 'accepted', gcore: 'unknown', memory: 'accepted', other: 'refused' },
    ],
    [
      'is unknown where the disk may be larger than the limit, and accepted where there is none',
      { ...mbrIn('bzip2', gigabyte), source: named('disk.img.bz2') },
      { digitalocean: 'unknown', gcore: 'unknown', memory: 'accepted', other: 'refused' },
    ],
    [
      'is accepted where the disk may be larger than its table says, and cannot be larger than the limit',
      { ...mbrIn('gzip', gigabyte), unpackedBytesAtMost: 99 * gigabyte, source: named('disk.img.gz') },
      { digitalocean: 'accepted', gcore: 'unknown', memory: 'accepted', other: 'refused' },
    ],
    [
      'is refused where something blocks, whatever else there is',
      facts({ truncated: true, features: { dirty: true } }),
      { digitalocean: 'refused', gcore: 'refused', memory: 'refused', other: 'refused' },
    ],
    [
      'is doubtful where something probably fails',
      facts({ format: 'raw', source: named('disk.raw'), features: { dirty: true } }),
      { digitalocean: 'doubtful', gcore: 'doubtful', memory: 'doubtful', other: 'doubtful' },
    ],
    [
      'is doubtful where nothing known was recognised, and refused where nothing else is taken',
      { ...unrecognised, source: named('disk.img') },
      { digitalocean: 'refused', gcore: 'doubtful', memory: 'doubtful', other: 'doubtful' },
    ],
    [
      'is unknown where the beginning could not be read',
      { ...unrecognised, source: named('disk.img'), disk: cut, unknown: [missingBytes()] },
      { digitalocean: 'unknown', gcore: 'unknown', memory: 'unknown', other: 'unknown' },
    ],
    [
      'is unknown where the format is known, and the disk in it could not be read',
      lacking(
        facts({ format: 'vhdx', source: named('disk.vhdx'), conclusions: {}, unknown: [missingBytes()] }),
        'disk',
      ),
      { digitalocean: 'unknown', gcore: 'unknown', memory: 'unknown', other: 'unknown' },
    ],
    [
      'is unknown where what the disk starts by could not be read',
      facts({
        disk: { ...usualDisk, unread: [{ part: 'boot-loaders', partition: 15 }] },
        conclusions: { ...facts().conclusions, firmware: undefined },
      }),
      { digitalocean: 'unknown', gcore: 'unknown', memory: 'unknown', other: 'refused' },
    ],
    [
      'is accepted where the root file system alone was not read',
      facts(unreadRoot),
      { digitalocean: 'accepted', gcore: 'accepted', memory: 'accepted', other: 'refused' },
    ],
    [
      'is accepted where that alone was not read, and nothing was concluded of the firmware',
      facts({ ...unreadRoot, conclusions: { ...facts().conclusions, firmware: undefined } }),
      { digitalocean: 'accepted', gcore: 'accepted', memory: 'accepted', other: 'refused' },
    ],
    [
      'is unknown where which partition is the root is a guess, and a guess decides',
      facts({
        disk: {
          ...usualDisk,
          partitions: [
            partition(1, { purpose: 'linux', fileSystem: 'ext4' }),
            partition(2, { purpose: 'linux', fileSystem: 'xfs', bytes: 2 ** 33 }),
          ],
        },
      }),
      { digitalocean: 'unknown', gcore: 'accepted', memory: 'accepted', other: 'refused' },
    ],
    [
      'is unknown where the system may be encrypted',
      facts(perhapsEncrypted),
      { digitalocean: 'unknown', gcore: 'unknown', memory: 'unknown', other: 'refused' },
    ],
    [
      'is unknown where which of several systems starts cannot be seen, and not all are taken',
      facts(severalSystems),
      { digitalocean: 'unknown', gcore: 'accepted', memory: 'accepted', other: 'refused' },
    ],
    [
      'is accepted where nothing speaks for any system',
      facts({ ...unreadRoot, conclusions: { ...facts().conclusions, osFamily: undefined } }),
      { digitalocean: 'accepted', gcore: 'accepted', memory: 'accepted', other: 'refused' },
    ],
    [
      'is unknown where a length is unusual',
      facts({
        compressions: ['gzip'],
        truncated: undefined,
        truncationSuspected: 'an odd length',
        source: named('a.qcow2.gz'),
      }),
      { digitalocean: 'unknown', gcore: 'unknown', memory: 'unknown', other: 'refused' },
    ],
    [
      'is doubtful where a table promises more than gzip announces',
      facts({
        ...{ compressions: ['gzip'], truncated: undefined, truncationSuspected: 'less', source: named('a.qcow2.gz') },
        ...{ unpackedBytes: 5_000, unpackedBytesAre: 'modulo', promisedBytes: 6_000 },
      }),
      { digitalocean: 'doubtful', gcore: 'doubtful', memory: 'doubtful', other: 'refused' },
    ],
    [
      'is unknown where no partition could hold a system',
      facts({
        disk: {
          ...usualDisk,
          partitions: [
            partition(15, { purpose: 'efi-system', fileSystem: 'fat32' }),
            partition(2, { fileSystem: 'swap' }),
          ],
        },
      }),
      { digitalocean: 'unknown', gcore: 'unknown', memory: 'unknown', other: 'refused' },
    ],
    [
      'is doubtful where the loader in EFI/BOOT is for another processor',
      facts({
        disk: { ...usualDisk, bootLoaders: ['EFI/BOOT/BOOTIA32.EFI', 'EFI/debian/grubx64.efi'] },
        conclusions: { ...facts().conclusions, firmware: { value: 'uefi', evidence: ['EFI/BOOT/BOOTIA32.EFI'] } },
      }),
      { digitalocean: 'doubtful', gcore: 'doubtful', memory: 'doubtful', other: 'refused' },
    ],
    [
      'is unknown for a bare file system where no source asks for a partition table',
      {
        ...unrecognised,
        source: named('disk.img'),
        disk: { ...usualDisk, partitionTable: 'none', fileSystem: 'ext4' },
      },
      { digitalocean: 'refused', gcore: 'unknown', memory: 'unknown', other: 'unknown' },
    ],
  ])('%s', (_, given, verdicts) => {
    expect(
      Object.fromEntries(names.map((target) => [target, checkCompatibility(given, targets[target]).verdict])),
    ).toEqual(verdicts)
  })

  it('has the worst findings first', () => {
    const severities = checked(
      'digitalocean',
      { truncated: true, features: { dirty: true }, source: named('disk.x', { hasQuery: true }) },
      { gpu: true },
    ).findings.map(({ severity }) => severity)
    expect([...new Set(severities)]).toEqual(['blocks', 'likely-fails', 'loses', 'unknown'])
    expect(severities).toEqual(
      [...severities].sort((one, other) => severities.indexOf(one) - severities.indexOf(other)),
    )
  })
})
