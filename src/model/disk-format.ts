/**
 * The container formats that image importers know, by the names the field uses (Glance's `disk_format`, where it has one).
 * `raw` is a plain disk with a partition table; `ami`, `ari` and `aki` are machine, ramdisk and kernel images.
 */
export type DiskFormat = 'raw' | 'qcow2' | 'vhd' | 'vhdx' | 'vdi' | 'vmdk' | 'ploop' | 'iso' | 'ami' | 'ari' | 'aki'

/** A compression around a disk image file (not the compression that qcow2 has inside). */
export type Compression = 'gzip' | 'bzip2' | 'xz' | 'zstd'
