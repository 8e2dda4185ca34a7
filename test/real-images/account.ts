import type { ImportSpec } from 'imageferry'
import type { FindingCode, InspectErrorKind } from 'imageferry/inspect'
import { seededRandom } from '../../src/model/seeded-random.ts'
import type { Manner } from './account-server.ts'
import type { DiskName, MadeImage } from './cases.ts'

/** What the owner of an image says with its import, beside the name and the URL. */
export type OwnersOptions = Pick<ImportSpec, 'os' | 'architecture' | 'firmware' | 'bareMetal'>

/** A kind of image that a team has, and the provider that it is meant for. */
interface Kind extends MadeImage {
  readonly target: 'digitalocean' | 'gcore'
  readonly options?: OwnersOptions
  /** Where it is wanted. */
  readonly region: string
  /** How the host gives the file: as an object store does unless told. */
  readonly manner?: Manner
  /** The name that the import gives the image: that of its file unless told. */
  readonly importName?: string
}

/** A kind of image that is not taken, or does not start, and what that has to be called. */
interface FaultyKind extends Kind {
  readonly named: FindingCode | InspectErrorKind
}

/** An image of an account. */
export interface AccountImage extends Kind {
  /** No two images of an account have the same, such as `debian-12-web-07`. */
  readonly name: string
  /** What its fault has to be called; absent for a good one. */
  readonly named?: FindingCode | InspectErrorKind
}

const ubuntu = { disk: 'ubuntu', container: 'qcow2' } as const
const debian = { disk: 'debianBios', container: 'qcow2' } as const
const ocean = { target: 'digitalocean', region: 'nyc3' } as const
const cloud = { target: 'gcore', region: '76' } as const
/** A region that has bare-metal servers. */
const metal = { ...cloud, region: '148' } as const
/** A region where the project may have nothing. */
const closed = { ...cloud, region: '6' } as const
const uefi = { firmware: 'uefi' } as const

/** Good ones. What is named twice is twice as usual. */
const goodKinds: readonly Kind[] = [
  { ...ubuntu, ...ocean },
  { ...ubuntu, ...ocean },
  { ...debian, ...ocean },
  { ...ubuntu, ...ocean, container: 'raw', compression: 'gzip' },
  { ...ubuntu, ...ocean, container: 'raw', compression: 'gzip' },
  { ...debian, ...ocean, container: 'raw', compression: 'gzip' },
  { ...ubuntu, ...ocean, compression: 'gzip' },
  { ...debian, ...ocean, container: 'raw', compression: 'bzip2' },
  { ...debian, ...ocean, container: 'qcow2compressed' },
  { ...ubuntu, ...ocean, fault: 'grown to 40 GB' },
  { ...ubuntu, ...ocean, manner: 'redirected' },
  { ...ubuntu, ...ocean, manner: 'without ranges' },
  { ...ubuntu, ...ocean, container: 'raw', manner: 'without ranges' },
  { disk: 'oldLinux', container: 'raw', compression: 'gzip', ...ocean },
  { disk: 'oldLinux', container: 'vmdk', ...ocean },
  { ...ubuntu, ...ocean, container: 'vmdkStream' },
  { ...debian, ...ocean, container: 'vhdx' },
  { ...ubuntu, ...ocean, container: 'vdi' },
  { disk: 'uefiOnly', container: 'qcow2', ...ocean },
  { ...ubuntu, ...cloud },
  { ...ubuntu, ...cloud },
  { ...debian, ...cloud },
  { ...ubuntu, ...cloud, container: 'raw' },
  { ...debian, ...cloud, container: 'qcow2v2' },
  { ...debian, ...cloud, container: 'vhdx' },
  { ...ubuntu, ...cloud, container: 'vhd' },
  { ...debian, ...cloud, container: 'vhdFixed' },
  { ...debian, ...cloud, container: 'vdi' },
  { ...ubuntu, ...cloud, container: 'vmdk' },
  { ...ubuntu, ...cloud, compression: 'zstd' },
  { ...debian, ...cloud, container: 'raw', compression: 'xz' },
  { ...ubuntu, ...cloud, container: 'raw', compression: 'gzip' },
  { ...ubuntu, ...cloud, fault: 'grown to 120 GB' },
  { ...ubuntu, ...metal, options: { ...uefi, bareMetal: true } },
  { disk: 'uefiOnly', container: 'qcow2', ...cloud, options: uefi },
  { disk: 'rocky', container: 'qcow2', ...cloud },
  { disk: 'rocky', container: 'qcow2', ...cloud, manner: 'redirected' },
  { disk: 'fedora', container: 'qcow2compressed', ...cloud },
  { disk: 'arm', container: 'qcow2', ...cloud, options: { ...uefi, architecture: 'aarch64' } },
  { disk: 'windows', container: 'vhdx', ...cloud, options: { ...uefi, os: { family: 'windows' } } },
]

const faultyKinds: readonly FaultyKind[] = [
  // The host
  { ...ubuntu, ...ocean, manner: 'signed for GET', named: 'head-refused' },
  { ...debian, ...cloud, manner: 'another length by HEAD', named: 'head-differs' },
  { ...ubuntu, ...ocean, manner: 'no extension', named: 'file-name' },
  { ...ubuntu, ...cloud, manner: 'gone', named: 'unreachable' },
  { ...ubuntu, ...ocean, manner: 'in the own network', named: 'private-address' },
  { ...debian, ...ocean, container: 'vhdx', manner: 'being written', named: 'changed' },
  { ...ubuntu, ...ocean, manner: 'behind a log-in', named: 'not-an-image' },
  { ...debian, ...cloud, fault: 'an error of an object store in its place', named: 'not-an-image' },
  { ...ubuntu, ...cloud, fault: 'nothing in it', named: 'not-an-image' },
  // The file
  { ...ubuntu, ...ocean, fault: 'cut in half', named: 'truncated' },
  { ...debian, ...cloud, container: 'raw', fault: 'cut to a tenth', named: 'truncated' },
  { ...ubuntu, ...ocean, fault: 'a backing file', named: 'backing-file' },
  { ...ubuntu, ...cloud, fault: 'an external data file', named: 'data-file' },
  { ...ubuntu, ...ocean, container: 'raw', compression: 'xz', named: 'compression' },
  { ...debian, ...ocean, compression: 'zstd', named: 'compression' },
  { ...debian, ...ocean, fault: 'compressed twice', named: 'nested-compression' },
  { ...ubuntu, ...ocean, container: 'raw', fault: 'in a compressed tar archive', named: 'archive' },
  { ...debian, ...cloud, fault: 'in a zip archive', named: 'archive' },
  { ...ubuntu, ...cloud, container: 'vmdkStream', fault: 'an appliance', named: 'archive' },
  { ...ubuntu, ...ocean, container: 'vmdk', fault: 'split over several files', named: 'several-files' },
  { ...ubuntu, ...ocean, container: 'vmdk', fault: 'a description and a flat file', named: 'several-files' },
  { ...ubuntu, ...ocean, container: 'vhd', named: 'format' },
  { ...debian, ...ocean, container: 'vhdFixed', named: 'format' },
  { ...ubuntu, ...cloud, fault: 'encrypted by LUKS', named: 'encrypted-format' },
  { ...debian, ...ocean, fault: 'encrypted by AES', named: 'encrypted-format' },
  { ...ubuntu, ...cloud, fault: 'the corrupt bit', named: 'corrupt' },
  { ...ubuntu, ...ocean, fault: 'an unknown feature', named: 'unknown-features' },
  { ...ubuntu, ...cloud, fault: 'an internal snapshot', named: 'internal-snapshots' },
  { ...debian, ...cloud, container: 'vhdx', fault: 'an unfinished log', named: 'dirty' },
  { ...ubuntu, ...ocean, fault: 'grown to 120 GB', named: 'too-large' },
  // The guest
  { disk: 'windows', container: 'vhdx', ...ocean, named: 'operating-system' },
  { disk: 'arm', container: 'qcow2', ...ocean, named: 'architecture' },
  { disk: 'arm', container: 'qcow2', ...cloud, options: uefi, named: 'architecture' },
  { disk: 'rocky', container: 'qcow2', ...ocean, named: 'file-system' },
  { disk: 'bareExt4', container: 'raw', ...ocean, named: 'partition-table' },
  { disk: 'encrypted', container: 'qcow2', ...cloud, named: 'encrypted-disk' },
  { disk: 'dataDisk', container: 'qcow2', ...ocean, named: 'not-bootable' },
  { disk: 'uefiOnly', container: 'qcow2', ...cloud, named: 'firmware' },
  { ...debian, ...metal, options: { ...uefi, bareMetal: true }, named: 'firmware' },
  // The request
  { ...ubuntu, ...cloud, importName: 'Ubuntu 24.04 (web)', named: 'name' },
  { ...debian, ...closed, named: 'quota' },
]

const distributions: Readonly<Record<DiskName, readonly string[]>> = {
  ubuntu: ['ubuntu-22.04', 'ubuntu-24.04'],
  debianBios: ['debian-11', 'debian-12', 'alpine-3.19'],
  oldLinux: ['centos-6', 'debian-7'],
  ext2Linux: ['buildroot'],
  uefiOnly: ['ubuntu-24.04-uefi', 'debian-13'],
  uefiMbr: ['alpine-3.20'],
  arm: ['debian-12-arm64', 'ubuntu-24.04-arm64'],
  rocky: ['rocky-9', 'almalinux-9'],
  fedora: ['fedora-40', 'opensuse-15.6'],
  windows: ['windows-server-2022'],
  encrypted: ['ubuntu-24.04-secure'],
  swapOnly: ['swap'],
  dataDisk: ['data'],
  bareExt4: ['rootfs'],
  filled: ['ubuntu-24.04-desktop'],
  filledRocky: ['rocky-9-workstation'],
  blank: ['blank'],
  freeBsd: ['freebsd-14'],
  vendorOnly: ['ubuntu-24.04-installed'],
  xfsWithHome: ['rhel-9-home'],
  xfsOrExt4: ['rocky-9-data'],
  luksOrExt4: ['debian-12-vault'],
  luksWithBoot: ['fedora-40-secure'],
  ext4WithOldBoot: ['debian-12-installed'],
  windowsBeforeLinux: ['windows-10-dual'],
  windowsOrLinux: ['windows-11-dual'],
  logical: ['debian-12-separate'],
  manyLogical: ['debian-12-many'],
}

const purposes = ['base', 'web', 'db', 'ci', 'gateway', 'worker', 'golden'] as const

const good = 28
const faulty = 12

/**
 * The images of a team, most of them good for what they are meant for, each with the options that its owner gives: 40, of which 12 have a
 * fault, no two the same. The same seed gives the same.
 */
export const accountOf = (seed: number): readonly AccountImage[] => {
  const random = seededRandom(seed)
  const one = <A>(of: readonly A[]): A => {
    const drawn = of[Math.floor(random() * of.length)]
    if (drawn === undefined) throw new Error('Nothing to draw from')
    return drawn
  }
  const shuffled = <A>(all: readonly A[]): readonly A[] =>
    all
      .map((value) => ({ value, at: random() }))
      .sort((a, b) => a.at - b.at)
      .map(({ value }) => value)

  const kinds: readonly (Kind | FaultyKind)[] = [
    ...Array.from({ length: good }, () => one(goodKinds)),
    ...shuffled(faultyKinds).slice(0, faulty),
  ]
  return shuffled(kinds).map((kind, index) => ({
    ...kind,
    name: `${one(distributions[kind.disk])}-${one(purposes)}-${String(index + 1).padStart(2, '0')}`,
  }))
}
