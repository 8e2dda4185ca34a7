import type { Compression, DiskFormat } from 'imageferry'
import { runTool } from '../tools.ts'

/** A file format to put a plain disk into. */
export interface ContainerSpec {
  /** For people. */
  readonly name: string
  /** What it is, in our words. */
  readonly format: DiskFormat
  readonly extension: string
  /** In qemu-img's words. */
  readonly driver: string
  readonly options: readonly string[]
}

const qcow2 = (name: string, ...options: readonly string[]): ContainerSpec => ({
  name,
  format: 'qcow2',
  extension: 'qcow2',
  driver: 'qcow2',
  options,
})

/** Every format that an importer knows and qemu-img makes. */
export const containers = {
  raw: { name: 'raw', format: 'raw', extension: 'raw', driver: 'raw', options: [] },
  qcow2: qcow2('qcow2 v3'),
  qcow2v2: qcow2('qcow2 v2', '-o', 'compat=0.10'),
  qcow2compressed: qcow2('qcow2, compressed clusters', '-c'),
  qcow2zstd: qcow2('qcow2, clusters compressed by zstd', '-c', '-o', 'compression_type=zstd'),
  qcow2small: qcow2('qcow2 of small clusters', '-o', 'cluster_size=4k'),
  qcow2large: qcow2('qcow2 of 2 MiB clusters', '-o', 'cluster_size=2M'),
  qcow2extended: qcow2('qcow2 with subclusters', '-o', 'extended_l2=on,cluster_size=128k'),
  vhdx: { name: 'vhdx', format: 'vhdx', extension: 'vhdx', driver: 'vhdx', options: [] },
  vhdxFixed: {
    name: 'fixed vhdx',
    format: 'vhdx',
    extension: 'vhdx',
    driver: 'vhdx',
    options: ['-o', 'subformat=fixed'],
  },
  vhd: { name: 'dynamic vhd', format: 'vhd', extension: 'vhd', driver: 'vpc', options: [] },
  vhdFixed: { name: 'fixed vhd', format: 'vhd', extension: 'vhd', driver: 'vpc', options: ['-o', 'subformat=fixed'] },
  vdi: { name: 'vdi', format: 'vdi', extension: 'vdi', driver: 'vdi', options: [] },
  vdiStatic: { name: 'static vdi', format: 'vdi', extension: 'vdi', driver: 'vdi', options: ['-o', 'static=on'] },
  vmdk: { name: 'vmdk', format: 'vmdk', extension: 'vmdk', driver: 'vmdk', options: [] },
  vmdkStream: {
    name: 'stream-optimised vmdk',
    format: 'vmdk',
    extension: 'vmdk',
    driver: 'vmdk',
    options: ['-o', 'subformat=streamOptimized'],
  },
} as const satisfies Record<string, ContainerSpec>

/** A name in the table of {@link containers}. */
export type ContainerName = keyof typeof containers

/** Puts a plain disk into another format. */
export const convert = async (disk: string, to: string, { driver, options }: ContainerSpec): Promise<void> => {
  await runTool('qemu-img', 'convert', '-f', 'raw', '-O', driver, ...options, disk, to)
}

const compressors: Readonly<Record<Compression, readonly [tool: string, extension: string, ...options: string[]]>> = {
  gzip: ['gzip', 'gz', '-kf1'],
  bzip2: ['bzip2', 'bz2', '-kf1'],
  xz: ['xz', 'xz', '-kf0'],
  zstd: ['zstd', 'zst', '-qf'],
}

/** Compresses a file beside itself, as the tool names it, and gives the new path. */
export const compress = async (path: string, compression: Compression): Promise<string> => {
  const [name, extension, ...options] = compressors[compression]
  await runTool(name, ...options, path)
  return `${path}.${extension}`
}

/** What qemu-img tells of an image, of which only the common part is named here. */
export interface QemuInfo {
  readonly format: string
  readonly 'virtual-size': number
  readonly 'backing-filename'?: string
  readonly encrypted?: boolean
  readonly 'dirty-flag'?: boolean
  readonly snapshots?: readonly unknown[]
  readonly 'format-specific'?: { readonly data?: { readonly compat?: string; readonly corrupt?: boolean } }
}

/** qemu-img's own view of a file. A fixed VHD has to be named to it, because it begins like a plain disk. */
export const qemuInfo = async (path: string, driver?: string): Promise<QemuInfo> =>
  JSON.parse(
    await runTool('qemu-img', 'info', '--output=json', '-U', ...(driver === undefined ? [] : ['-f', driver]), path),
  )
