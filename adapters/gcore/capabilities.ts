import { type Capabilities, notSupported, supported } from '../../src/store/capabilities.ts'

const later = 'This version of the Gcore adapter does not offer it yet'

/** What Gcore's image API can do. Sources: fact sheet §2 (calls), §3 (fields, names, tags), §3.6 (files), §4 (imports). */
export const capabilities: Capabilities = {
  operations: {
    listPage: supported,
    get: supported,
    importFromUrl: supported,
    findOperations: notSupported(later),
    update: supported,
    replicate: notSupported('Gcore cannot copy an image to another region; import it there from its source'),
    delete: supported,
    createFromServer: notSupported('Gcore makes images from volumes, not from servers'),
    createFromVolume: notSupported(later),
    createFromBackup: notSupported('Gcore has no backups of images'),
    getOperations: supported,
    listRegions: supported,
    quota: supported,
  },
  import: {
    formats: ['raw', 'vhd', 'vhdx', 'vdi', 'ploop', 'qcow2', 'aki', 'ari', 'ami'],
    uncertainFormats: ['vmdk', 'iso'],
    compressions: [],
    fields: ['tags', 'os', 'architecture', 'firmware', 'machineType', 'sshKeyPolicy', 'bareMetal', 'copyOnWrite'],
    // A project gets a handful of imports at a time, and what has not begun after 10 minutes is given up.
    concurrent: 6,
  },
  update: { fields: ['name', 'osFamily', 'sshKeyPolicy', 'firmware', 'machineType', 'bareMetal', 'tags'] },
  tags: { style: 'pairs', maximumLength: 255, repeatedKeys: false },
  names: {
    pattern: '^[a-zA-Z0-9][a-zA-Z 0-9._\\-]{1,61}[a-zA-Z0-9._]$',
    rule: '3 to 63 letters, digits, blanks, dots, dashes and underscores, beginning with a letter or a digit and ending with neither a blank nor a dash',
  },
  slugs: false,
  regionsPerImage: 'one',
}
