import type { StoredRegion } from './regions.ts'
import type { GpuNamespace, ImageSeed } from './stored-image.ts'

const bytesPerMebibyte = 2 ** 20

const linux = (name: string, distro: string, version: string, mebibytes: number, minDisk = 5): ImageSeed => ({
  name,
  os_distro: distro,
  os_version: version,
  size: mebibytes * bytesPerMebibyte,
  min_disk: minDisk,
})

const windows = (name: string, version: string, mebibytes: number): ImageSeed => ({
  name,
  os_type: 'windows',
  os_distro: 'windows',
  os_version: version,
  size: mebibytes * bytesPerMebibyte,
  min_disk: 25,
  min_ram: 2048,
  ssh_key: 'deny',
  hw_machine_type: 'q35',
  hw_firmware_type: 'uefi',
  readOnlyTags: { os_type: 'windows', os_version: version },
})

// Names in the provider's style; sizes are of the order that such cloud images have.
const forVirtualMachines: readonly ImageSeed[] = [
  { ...linux('ubuntu-22.04-x64', 'ubuntu', '22.04', 2252, 3), readOnlyTags: { os_type: 'linux', os_version: '22.04' } },
  { ...linux('ubuntu-24.04-x64', 'ubuntu', '24.04', 2560, 4), readOnlyTags: { os_type: 'linux', os_version: '24.04' } },
  { ...linux('ubuntu-24.04-arm64', 'ubuntu', '24.04', 2490, 4), architecture: 'aarch64', hw_firmware_type: 'uefi' },
  linux('debian-11-generic-x64-qcow2', 'debian', '11', 1945, 3),
  linux('debian-12-generic-x64-qcow2', 'debian', '12', 2010, 3),
  linux('centos-stream-9-x64', 'centos', '9-stream', 1180, 10),
  linux('rocky-9-x64', 'rocky', '9', 1060, 10),
  linux('almalinux-9-x64', 'almalinux', '9', 1020, 10),
  linux('fedora-40-x64', 'fedora', '40', 980),
  windows('windows-server-2019', '2019', 10_650),
  windows('windows-server-2022', '2022', 11_980),
]

// Bare metal boots by UEFI only. [PD:upload-an-image-to-the-storage]
const forBareMetal: readonly ImageSeed[] = [
  { ...linux('ubuntu-22.04-x64-bm', 'ubuntu', '22.04', 3072, 10), is_baremetal: true, hw_firmware_type: 'uefi' },
]

const withDriver = (gpuNamespace: GpuNamespace, firmware: string): ImageSeed => ({
  ...linux(`ubuntu-24.04-x64-gpu-${gpuNamespace}`, 'ubuntu', '24.04', 9216, 20),
  gpuNamespace,
  hw_firmware_type: firmware,
  gpu_driver: 'nvidia',
  gpu_driver_type: 'open',
  gpu_driver_version: '570.148.08',
  cuda_toolkit_version: '13.0.2',
})

// Driver and toolkit are those of the specification's example.
const forGpu: readonly ImageSeed[] = [withDriver('virtual', 'bios'), withDriver('baremetal', 'uefi')]

/** The public images of a region: those for virtual machines, for bare metal and for GPU servers, where it has such. */
export const catalogueOf = (region: StoredRegion): readonly ImageSeed[] =>
  [
    ...(region.hasKvm ? forVirtualMachines : []),
    ...(region.hasBaremetal ? forBareMetal : []),
    ...(region.hasGpu ? forGpu : []),
  ].map((image, index) => ({
    ...image,
    region_id: region.id,
    own: false,
    visibility: 'public',
    disk_format: 'raw',
    display_order: 2000 + index * 10,
    // Long before anything that happens here, and not all in one moment.
    createdAtMs: Date.UTC(2025, 1, 3, 9, 30) + index * 86_400_000,
  }))
