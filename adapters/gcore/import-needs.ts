import type { ImportNeeds } from '../../src/store/import-needs.ts'

/**
 * What an import into Gcore needs beside a file of the right format. Sources: fact sheet §3.4 and §3.5 (fields and their defaults), §3.6
 * and the older page (files), §7 (quota). Which firmware an image without one gets, no source says: servers of OpenStack get a BIOS.
 */
export const needs: ImportNeeds = {
  source: { head: true },
  guest: {
    toldFamilies: ['linux', 'windows'],
    architectures: ['x86_64', 'aarch64'],
    firmware: { bareMetal: ['uefi'] },
    agents: ['cloud-init'],
    furtherNeeds: ['drivers for VirtIO SCSI'],
  },
  defaults: { osFamily: 'linux', architecture: 'x86_64', firmware: 'bios' },
  minimumDisk: 'unset',
  sources: {
    formats: 'PD:upload-an-image-to-the-storage',
    uncertainFormats: 'PD:upload-an-image-to-the-storage; SUP:360002429818',
    uncertainCompressions: 'PD:upload-an-image-to-the-storage; TF2',
    oneFile: '(inferred)',
    quota: 'SPEC; LAN a8b43a6',
    head: 'LAN a8b43a6',
    credentials: 'LAN a8b43a6',
    toldFamilies: 'SPEC',
    architectures: 'SPEC',
    firmware: 'PD:upload-an-image-to-the-storage',
    agents: 'PD:upload-an-image-to-the-storage',
    defaults: 'SPEC',
    defaultFirmware: '(inferred)',
    names: 'SPEC',
    minimumDisk: 'SPEC',
  },
}
