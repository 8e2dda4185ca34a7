import { type Capabilities, notSupported, supported } from '../../src/store/capabilities.ts'

const later = 'This version of the memory adapter does not offer it yet'

/** What the memory store can do: everything that this version of the port defines, with no limit of a provider. */
export const everything: Capabilities = {
  operations: {
    listPage: supported,
    get: supported,
    importFromUrl: supported,
    findOperations: supported,
    update: supported,
    replicate: notSupported(later),
    delete: supported,
    createFromServer: notSupported('The memory store has no servers'),
    createFromVolume: notSupported('The memory store has no volumes'),
    createFromBackup: notSupported('The memory store has no backups'),
    getOperations: supported,
    listRegions: supported,
    quota: notSupported(later),
  },
  import: {
    formats: ['raw', 'qcow2', 'vhd', 'vhdx', 'vdi', 'vmdk', 'ploop', 'iso', 'ami', 'ari', 'aki'],
    uncertainFormats: [],
    compressions: ['gzip', 'bzip2', 'xz', 'zstd'],
    fields: ['description', 'tags', 'os', 'architecture', 'firmware', 'machineType', 'sshKeyPolicy', 'bareMetal'],
  },
  update: {
    fields: [
      'name',
      'description',
      'distribution',
      'osFamily',
      'firmware',
      'machineType',
      'sshKeyPolicy',
      'bareMetal',
      'tags',
    ],
  },
  tags: { style: 'pairs', maximumLength: Number.MAX_SAFE_INTEGER, repeatedKeys: true },
  names: {},
  slugs: false,
  regionsPerImage: 'one',
  keysLiveIn: 'record',
}
