import type { Compression } from 'imageferry'
import type { FindingCode, Verdict } from 'imageferry/inspect'
import { type ContainerName, containers } from './containers.ts'
import type { DiskSpec } from './disks.ts'
import type { FaultName, PackedFaultName } from './faults.ts'

/** An image to be made. */
export interface MadeImage {
  readonly disk: DiskName
  readonly container: ContainerName
  readonly compression?: Compression | undefined
  readonly fault?: FaultName | undefined
  /** What is done to the file after it was compressed. */
  readonly packedFault?: PackedFaultName | undefined
}

/**
 * What can be told of a file that was cut: that it was, that it probably was, or nothing without all of it. Never that it is whole.
 */
export type Cut = 'seen' | 'suspected' | 'untold'

/** An image to be made, and what is to be said of it. */
export interface ImageCase extends MadeImage {
  /** What a fault has to be called. */
  readonly code?: FindingCode | undefined
  /** Absent for a file that is whole. */
  readonly cut?: Cut | undefined
  readonly digitalocean: Verdict
  readonly gcore: Verdict
}

/** The disks that images are made of. */
export const disks = {
  ubuntu: { layout: 'gpt-both', root: 'ext4' },
  debianBios: { layout: 'mbr-bios', root: 'ext4' },
  oldLinux: { layout: 'mbr-bios', root: 'ext3' },
  ext2Linux: { layout: 'gpt-bios', root: 'ext2' },
  uefiOnly: { layout: 'gpt-uefi', root: 'ext4' },
  uefiMbr: { layout: 'mbr-uefi', root: 'ext4' },
  arm: { layout: 'gpt-uefi', root: 'ext4', loader: 'BOOTAA64.EFI' },
  rocky: { layout: 'gpt-both', root: 'xfs' },
  fedora: { layout: 'gpt-both', root: 'btrfs' },
  windows: { layout: 'gpt-uefi', root: 'ntfs', vendorLoader: 'EFI/Microsoft/Boot/bootmgfw.efi' },
  encrypted: { layout: 'gpt-both', root: 'luks' },
  swapOnly: { layout: 'gpt-data', root: 'swap' },
  dataDisk: { layout: 'gpt-data', root: 'ext4' },
  bareExt4: { layout: 'bare', root: 'ext4' },
  filled: { layout: 'gpt-both', root: 'ext4', filled: true },
  filledRocky: { layout: 'gpt-both', root: 'xfs', filled: true },
  blank: { layout: 'gpt-both', root: 'nothing' },
  freeBsd: { layout: 'gpt-freebsd', root: 'strange' },
  vendorOnly: { layout: 'gpt-uefi', root: 'ext4', loader: 'none', vendorLoader: 'EFI/ubuntu/shimx64.efi' },
  xfsWithHome: { layout: 'gpt-both', root: 'xfs', beside: { holds: 'ext4', type: '8302', mebibytes: 400 } },
  xfsOrExt4: { layout: 'gpt-both', root: 'xfs', beside: { holds: 'ext4', type: '8300', mebibytes: 400 } },
  luksOrExt4: { layout: 'gpt-both', root: 'luks', beside: { holds: 'ext4', type: '8300', mebibytes: 40 } },
  luksWithBoot: { layout: 'gpt-both', root: 'luks', beside: { holds: 'ext4', type: 'ea00', mebibytes: 40 } },
  ext4WithOldBoot: { layout: 'gpt-both', root: 'ext4', beside: { holds: 'ext2', type: '8300', mebibytes: 20 } },
  windowsBeforeLinux: { layout: 'mbr-windows', root: 'ntfs', beside: { holds: 'ext4', type: '83', mebibytes: 20 } },
  windowsOrLinux: {
    ...{ layout: 'gpt-both', root: 'ntfs', vendorLoader: 'EFI/Microsoft/Boot/bootmgfw.efi' },
    beside: { holds: 'ext4', type: '8300', mebibytes: 40 },
  },
  logical: { layout: 'mbr-bios', root: 'ext4', logical: 5 },
  manyLogical: { layout: 'mbr-bios', root: 'ext4', logical: 8 },
} as const satisfies Record<string, DiskSpec>

/** A name in the table of {@link disks}. */
export type DiskName = keyof typeof disks

/**
 * What each provider says to a disk in a format and compression that it takes. From its own rules: DigitalOcean wants Linux on ext3 or ext4, x86_64, and a
 * partition table; Gcore says nothing of what is inside, but it has to start, with options that are not given here.
 */
const ofDisk: Readonly<Record<DiskName, readonly [digitalocean: Verdict, gcore: Verdict]>> = {
  ubuntu: ['accepted', 'accepted'],
  debianBios: ['accepted', 'accepted'],
  oldLinux: ['accepted', 'accepted'],
  ext2Linux: ['doubtful', 'accepted'],
  uefiOnly: ['accepted', 'doubtful'],
  uefiMbr: ['accepted', 'doubtful'],
  arm: ['refused', 'doubtful'],
  rocky: ['doubtful', 'accepted'],
  fedora: ['doubtful', 'accepted'],
  windows: ['refused', 'doubtful'],
  encrypted: ['doubtful', 'doubtful'],
  swapOnly: ['doubtful', 'doubtful'],
  dataDisk: ['doubtful', 'doubtful'],
  bareExt4: ['doubtful', 'doubtful'],
  filled: ['accepted', 'accepted'],
  filledRocky: ['doubtful', 'accepted'],
  // A boot loader, and nothing for it to load.
  blank: ['doubtful', 'doubtful'],
  // It starts, and what its root holds is not known here.
  freeBsd: ['unknown', 'unknown'],
  // A server's firmware has no boot entries but the fallback, EFI/BOOT.
  vendorOnly: ['doubtful', 'doubtful'],
  xfsWithHome: ['doubtful', 'accepted'],
  xfsOrExt4: ['unknown', 'accepted'],
  luksOrExt4: ['unknown', 'unknown'],
  luksWithBoot: ['doubtful', 'doubtful'],
  ext4WithOldBoot: ['accepted', 'accepted'],
  windowsBeforeLinux: ['refused', 'accepted'],
  windowsOrLinux: ['unknown', 'accepted'],
  logical: ['accepted', 'accepted'],
  manyLogical: ['accepted', 'accepted'],
}

const rank: readonly Verdict[] = ['accepted', 'unknown', 'doubtful', 'refused']
const worse = (one: Verdict, other: Verdict): Verdict => (rank.indexOf(one) > rank.indexOf(other) ? one : other)

/** DigitalOcean does not take VHD; of Gcore's formats VMDK is uncertain, which is no reason against it. */
const ofFormat = (container: ContainerName): Verdict =>
  containers[container].format === 'vhd' ? 'refused' : 'accepted'

const ofCompression = (compression: Compression | undefined): Verdict =>
  compression === 'xz' || compression === 'zstd' ? 'refused' : 'accepted'

/** A file system without a partition table: what is documented of it is about plain disks. */
const ofPartitions = (disk: DiskName, container: ContainerName): Verdict =>
  disk === 'bareExt4' && container === 'raw' ? 'refused' : 'accepted'

const good = (disk: DiskName, container: ContainerName, compression?: Compression): ImageCase => ({
  disk,
  container,
  compression,
  digitalocean: [ofFormat(container), ofCompression(compression), ofPartitions(disk, container)].reduce(
    worse,
    ofDisk[disk][0],
  ),
  // No source says whether Gcore takes what is compressed.
  gcore: worse(ofDisk[disk][1], compression === undefined ? 'accepted' : 'unknown'),
})

const diskNames = Object.keys(disks).filter((name): name is DiskName => Object.hasOwn(disks, name))
const containerNames = Object.keys(containers).filter((name): name is ContainerName => Object.hasOwn(containers, name))
const compressions: readonly Compression[] = ['gzip', 'bzip2', 'xz', 'zstd']

const everyFormat = (['ubuntu', 'debianBios', 'uefiOnly', 'rocky'] as const).flatMap((disk) =>
  containerNames.map((container) => good(disk, container)),
)

const hasNeighbours = (disk: DiskName): boolean => 'beside' in disks[disk] || 'logical' in disks[disk]

const everyDisk = diskNames
  .filter((disk) => !hasNeighbours(disk))
  .flatMap((disk) => (['raw', 'qcow2', 'vhdx', 'vmdk'] as const).map((container) => good(disk, container)))

/** Where which partition is the root, or what starts, has to be told from more than the root itself. */
const everyNeighbour = diskNames
  .filter(hasNeighbours)
  .flatMap((disk) => (['raw', 'qcow2'] as const).map((container) => good(disk, container)))

const everyCompression = (['ubuntu', 'oldLinux', 'arm', 'windows', 'encrypted'] as const).flatMap((disk) =>
  (['raw', 'qcow2'] as const).flatMap((container) =>
    compressions.map((compression) => good(disk, container, compression)),
  ),
)

const faulty = (
  fault: FaultName,
  code: FindingCode,
  container: ContainerName,
  more: Partial<ImageCase> = {},
): ImageCase => ({
  disk: 'ubuntu',
  container,
  fault,
  code,
  ...(code === 'truncated' && { cut: 'seen' }),
  digitalocean: 'refused',
  gcore: 'refused',
  ...more,
})

const likely = { digitalocean: 'doubtful', gcore: 'doubtful' } as const

const everyFault: readonly ImageCase[] = [
  ...(['raw', 'qcow2', 'qcow2compressed', 'qcow2small', 'vhdx', 'vdi', 'vmdk', 'vmdkStream', 'vhd'] as const).map(
    (container) => faulty('cut in half', 'truncated', container),
  ),
  ...(['raw', 'qcow2', 'vhdx', 'vdi', 'vmdk', 'vhd'] as const).map((container) =>
    faulty('cut to a tenth', 'truncated', container),
  ),
  ...(['raw', 'qcow2', 'qcow2v2'] as const).map((container) => faulty('cut by a hundredth', 'truncated', container)),
  faulty('cut in half', 'truncated', 'raw', { disk: 'debianBios' }),
  faulty('cut in half', 'truncated', 'qcow2', { compression: 'xz' }),
  faulty('a backing file', 'backing-file', 'qcow2'),
  faulty('an external data file', 'data-file', 'qcow2'),
  faulty('encrypted by LUKS', 'encrypted-format', 'qcow2'),
  faulty('encrypted by AES', 'encrypted-format', 'qcow2'),
  faulty('an internal snapshot', 'internal-snapshots', 'qcow2', likely),
  faulty('an internal snapshot', 'internal-snapshots', 'qcow2v2', likely),
  faulty('the dirty bit', 'dirty', 'qcow2', likely),
  faulty('the corrupt bit', 'corrupt', 'qcow2'),
  faulty('an unknown feature', 'unknown-features', 'qcow2'),
  faulty('split over several files', 'several-files', 'vmdk'),
  faulty('a part of a split disk', 'several-files', 'vmdk'),
  faulty('a description and a flat file', 'several-files', 'vmdk'),
  faulty('an unfinished log', 'dirty', 'vhdx', likely),
  faulty('in a tar archive', 'archive', 'qcow2'),
  faulty('in a compressed tar archive', 'archive', 'raw'),
  faulty('in a zip archive', 'archive', 'qcow2'),
  faulty('an appliance', 'archive', 'vmdkStream'),
  faulty('compressed twice', 'nested-compression', 'qcow2'),
  faulty('a log-in page in its place', 'not-an-image', 'qcow2'),
  faulty('an error of an object store in its place', 'not-an-image', 'raw'),
  faulty('nothing in it', 'not-an-image', 'qcow2'),
  // DigitalOcean wants a partition table on a plain disk.
  faulty('the boot sector wiped', 'not-an-image', 'raw', { disk: 'debianBios', gcore: 'doubtful' }),
  faulty('an installation medium in its place', 'not-an-image', 'raw', { code: undefined, gcore: 'accepted' }),
  faulty('grown to 120 GB', 'too-large', 'qcow2', { gcore: 'accepted', code: undefined }),
  // More bytes than a number can say exactly.
  faulty('grown to 10 PB', 'too-large', 'qcow2large', { gcore: 'accepted', code: undefined }),
  faulty('grown to 150 GB, in gzip', 'too-large', 'raw', { disk: 'debianBios', gcore: 'unknown', code: undefined }),
  // These end with room that no guest sees: qemu-img finds the same disk in what is left.
  ...(['vhdx', 'vmdkStream'] as const).map((container) => ({
    ...good('ubuntu', container),
    fault: 'cut by a hundredth' as const,
  })),
]

const everyDiskFault: readonly ImageCase[] = [
  ...(['qcow2', 'vhdx', 'vdi', 'vmdk'] as const).map((container) =>
    faulty('its disk cut within a partition', 'partition-table', container, likely),
  ),
  ...(
    [
      'a file system larger than its partition',
      'the MBR before the GPT wiped',
      'an MBR that does not announce the GPT',
    ] as const
  ).map((fault) => faulty(fault, 'partition-table', 'raw', likely)),
  // Systems go by the first header.
  faulty('without its second GPT header', 'truncated', 'raw', likely),
  { ...good('ubuntu', 'raw'), fault: 'the remains of a disc on it' },
]

/** What contradicts itself is refused; what only qemu-img does not read is not known to be. */
const everyHeader: readonly ImageCase[] = [
  faulty('a qcow2 header with a disk that its mapping is too small for', 'corrupt', 'qcow2'),
  faulty('a qcow2 header without a table of reference counts', 'corrupt', 'qcow2'),
  faulty('a qcow2 header with reference counts within a cluster', 'corrupt', 'qcow2'),
  faulty('a qcow2 header with snapshots within a cluster', 'corrupt', 'qcow2'),
  faulty('a qcow2 header with its mapping within a cluster', 'corrupt', 'qcow2'),
  faulty('a qcow2 header of another length', 'corrupt', 'qcow2'),
  faulty('a qcow2 header with an endless extension', 'corrupt', 'qcow2'),
  faulty('a vhdx of which no header counts', 'corrupt', 'vhdx'),
  faulty('a vhdx of which no region table counts', 'corrupt', 'vhdx'),
  faulty('a vhdx of which the first region table does not count', 'unknown-features', 'vhdx', likely),
  faulty('a vhdx with sectors of 4 KiB', 'unknown-features', 'vhdx', likely),
  faulty('a vhd with a footer whose check sum is wrong', 'corrupt', 'vhd'),
  faulty('a vhd with a table that is too small', 'corrupt', 'vhd'),
  faulty('a vdi with a map that is too small', 'corrupt', 'vdi'),
  faulty('a vdi with sectors of 4 KiB', 'unknown-features', 'vdi', likely),
  faulty('a vdi with a link to another', 'unknown-features', 'vdi', likely),
  faulty('a vdi with a parent', 'unknown-features', 'vdi', likely),
  faulty('a vmdk with tables that are too large', 'corrupt', 'vmdk'),
]

/**
 * A disk of which what is compressed gives the boot loader and not the root, so that ext4 and xfs cannot be told apart there: neither speaks
 * against the import, and that it was not seen has to be said.
 */
const farRoot = (container: ContainerName, compression: Compression, disk: DiskName = 'filled'): ImageCase => ({
  ...good('filled', container, compression),
  disk,
  code: 'unread',
})

const everyFarRoot: readonly ImageCase[] = [
  ...(['raw', 'qcow2'] as const).flatMap((container) =>
    compressions.map((compression) => farRoot(container, compression)),
  ),
  // Whole ones, of each way in which a format ends its file: what gzip announces must not be taken for a cut.
  ...(['qcow2compressed', 'qcow2zstd', 'vhdx', 'vdi', 'vmdk', 'vmdkStream'] as const).map((container) =>
    farRoot(container, 'gzip'),
  ),
  farRoot('raw', 'gzip', 'filledRocky'),
  // The length at its end is that of the last member, which is no reason to think that it was cut.
  { ...farRoot('raw', 'gzip'), packedFault: 'gzip in members' },
  good('rocky', 'raw', 'gzip'),
]

/** What is to be said of a file that was cut, by what can be known of it. */
const withCut = (cut: Cut, one: ImageCase, suspected: Verdict = 'doubtful'): ImageCase => {
  if (cut === 'untold') return { ...one, cut }
  const verdict = cut === 'seen' ? 'refused' : suspected
  const { digitalocean, gcore } = one
  return { ...one, cut, code: 'truncated', digitalocean: worse(digitalocean, verdict), gcore: worse(gcore, verdict) }
}

/**
 * Cut after compression. xz and bzip2 end with a mark. gzip ends with a length, in whose place other bytes stand, which are no length that a disk
 * can have; zstd ends with nothing.
 */
const cutPacked = { gzip: 'suspected', bzip2: 'seen', xz: 'seen', zstd: 'untold' } as const

/**
 * Cut before compression. gzip keeps a length up to 4 GiB only, bzip2 none, and zstd that of one frame, behind which others may follow. What a
 * GPT disk ends with is seen at the end of bzip2, and says that it was cut or grown.
 */
const cutInside = { gzip: 'suspected', bzip2: 'untold', xz: 'seen', zstd: 'untold' } as const

const everyCut: readonly ImageCase[] = (['raw', 'qcow2'] as const).flatMap((container) =>
  compressions.flatMap((compression) => [
    ...(['cut to 60 %', 'cut by a byte'] as const).map((packedFault) => ({
      // A qcow2 file may have such a length, though few do.
      ...withCut(
        cutPacked[compression],
        farRoot(container, compression),
        container === 'qcow2' ? 'unknown' : 'doubtful',
      ),
      packedFault,
    })),
    {
      ...(container === 'raw' && compression === 'bzip2'
        ? withCut('suspected', farRoot(container, compression), 'unknown')
        : withCut(cutInside[compression], farRoot(container, compression))),
      fault: 'cut in half' as const,
    },
  ]),
)

/** All images, each once: format × compression × partitioning × file system × planted fault. */
export const imageCases: readonly ImageCase[] = [
  ...new Map(
    [
      ...everyFormat,
      ...everyDisk,
      ...everyCompression,
      ...everyFarRoot,
      ...everyCut,
      ...everyFault,
      ...everyHeader,
      ...everyDiskFault,
      ...everyNeighbour,
    ].map((one) => [[one.disk, one.container, one.compression, one.fault, one.packedFault].join('/'), one]),
  ).values(),
]

/** The case in words. */
export const titleOf = ({ disk, container, compression, fault, packedFault }: ImageCase): string =>
  [
    `${containers[container].name} with ${disk}`,
    compression === undefined ? undefined : `in ${compression}`,
    fault === undefined ? undefined : `: ${fault}`,
    packedFault === undefined ? undefined : `: ${packedFault} after that`,
  ]
    .filter((part) => part !== undefined)
    .join(' ')
