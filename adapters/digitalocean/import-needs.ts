import type { ImportNeeds } from '../../src/store/import-needs.ts'

/**
 * What an import into DigitalOcean needs beside a file of the right format. Source: fact sheet §6. That Droplets are x86_64 is the
 * product's; by which firmware they start, no source says.
 */
export const needs: ImportNeeds = {
  source: {
    head: true,
    // Seen working: .img .raw .qcow .qcow2 .bin, and these with .gz or .bz2. The other formats' names follow from them.
    fileName: {
      pattern: '^.*\\.(img|raw|bin|qcow|qcow2|vhdx|vdi|vmdk)(\\.gz|\\.bz2)?$',
      rule: 'it ends in .img, .raw, .bin, .qcow, .qcow2, .vhdx, .vdi or .vmdk, alone or with .gz or .bz2 behind it',
    },
    query: 'uncertain',
  },
  guest: {
    partitionTable: true,
    families: ['linux', 'bsd'],
    architectures: ['x86_64'],
    rootFileSystems: ['ext3', 'ext4'],
    agents: ['cloud-init 0.7.7 or newer', 'cloudbase-init', 'coreos-cloudinit', 'ignition', 'bsd-cloudinit'],
    furtherNeeds: [
      'ConfigDrive before NoCloud among the data sources of cloud-init',
      'an SSH server that starts with the system',
    ],
  },
  minimumDisk: 'from-image',
  sources: {
    formats: 'O:images_create_custom.yml; D:products/custom-images/details/limits',
    compressions: 'O:images_create_custom.yml; I:coreos/fedora-coreos-tracker#395',
    oneFile: 'I:digitalocean/doctl#671',
    maximumBytes: 'O:images_create_custom.yml',
    head: 'D:products/custom-images/details/limits',
    fileName: 'I:nanovms/ops#468; NV:4c11649',
    query: 'I:nanovms/ops#468; NV:digital_ocean_store.go',
    partitionTable: 'TF:docs/resources/custom_image.md',
    families: 'D:products/custom-images/details/limits; www.digitalocean.com/docs/images/custom-images',
    architectures: '(inferred)',
    rootFileSystems: 'www.digitalocean.com/docs/images/custom-images',
    agents: 'www.digitalocean.com/docs/images/custom-images',
    minimumDisk: 'O:resources/images/models/image.yml',
  },
}
