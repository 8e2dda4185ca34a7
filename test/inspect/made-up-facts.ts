import type { ImageFacts, UrlSource } from '../../src/inspect/facts.ts'
import type { DiskFacts, Partition } from '../../src/inspect/guest/disk-facts.ts'

const gigabyte = 1000 ** 3

/** A partition with what a test is about. */
export const partition = (number: number, given: Partial<Partition> = {}): Partition => ({
  number,
  type: '0fc63daf-8483-4772-8e79-3d69d8477de4',
  at: number * 2 ** 20,
  bytes: 2 ** 20,
  active: false,
  ...given,
})

/** The disk of a usual cloud image: an EFI system partition, a BIOS boot partition and a root of ext4. */
export const usualDisk: DiskFacts = {
  partitionTable: 'gpt',
  sectorBytes: 512,
  partitions: [
    partition(1, { purpose: 'linux-root', fileSystem: 'ext4', bytes: 9 * gigabyte }),
    partition(14, { purpose: 'bios-boot' }),
    partition(15, { purpose: 'efi-system', fileSystem: 'fat32' }),
  ],
  bootCode: true,
  bootLoaders: ['EFI/BOOT/BOOTX64.EFI'],
  damage: [],
  unread: [],
}

/** Where a usual image lies: on a server that does all that importers want. */
export const usualSource: UrlSource = {
  kind: 'url',
  url: 'https://images.example.com/debian/disk.qcow2',
  fileName: 'disk.qcow2',
  hasQuery: false,
  hasUserInfo: false,
  head: { status: 200, bytes: 600_000_000, differences: [] },
  hops: [{ url: 'https://images.example.com/debian/disk.qcow2', status: 200 }],
  ranges: true,
}

/** A qcow2 image of Debian that every provider takes, with what a test is about. */
export const facts = (given: Partial<ImageFacts> = {}): ImageFacts => ({
  source: usualSource,
  bytes: 600_000_000,
  compressions: [],
  format: 'qcow2',
  variant: 'qcow2 v3',
  virtualBytes: 10 * gigabyte,
  features: {},
  promisedBytes: 600_000_000,
  truncated: false,
  disk: usualDisk,
  conclusions: {
    firmware: { value: 'both', evidence: ['boot code', 'EFI/BOOT/BOOTX64.EFI'] },
    architecture: { value: 'x86_64', evidence: ['EFI/BOOT/BOOTX64.EFI'] },
    osFamily: { value: 'linux', evidence: ['partition 1 holds ext4'] },
    encrypted: { value: false, evidence: ['partition 1 holds ext4'] },
    multipleDisks: { value: false, evidence: ['no part of a group'] },
  },
  unknown: [],
  cost: { requests: 2, bytes: 327_680 },
  ...given,
})

/** The same at another name, without a query. */
export const named = (fileName: string, given: Partial<UrlSource> = {}): UrlSource => ({
  ...usualSource,
  url: `https://images.example.com/debian/${fileName}`,
  fileName,
  ...given,
})

/** The same as a file on this machine. */
export const local = (path: string): ImageFacts['source'] => ({
  kind: 'file',
  path,
  fileName: path.slice(path.lastIndexOf('/') + 1),
})

/** The same without some fields that may be absent. */
export const lacking = (
  given: ImageFacts,
  ...fields: readonly ('format' | 'variant' | 'virtualBytes' | 'disk')[]
): ImageFacts => ({ ...given, ...Object.fromEntries(fields.map((field) => [field, undefined])) })

/** A file of which no format is known, with a look at its beginning, where nothing stands that is. */
export const unrecognised: ImageFacts = lacking(
  facts({
    disk: { partitionTable: 'none', partitions: [], bootLoaders: [], damage: [], unread: [] },
    conclusions: {},
  }),
  'format',
  'variant',
  'virtualBytes',
)
