import { type Capabilities, fixed, notSupported, supported } from '../../src/store/capabilities.ts'
import { needs } from './import-needs.ts'

/**
 * The most characters of an escaped operation key: a tag's value has 255, of which the kind of what was begun, a digest of 16 hex
 * digits and two colons take 25 at the most. Source: fact sheet §3.3.
 */
export const longestKey = 230

/**
 * What Gcore's image API can do. Sources: fact sheet §2 (calls), §3 (fields, names, tags), §3.6 (files), §4 (imports). There are no
 * scopes to name: what an API key may do is decided by its role in the project (§1, §5).
 */
export const capabilities: Capabilities = fixed({
  operations: {
    listPage: supported,
    get: supported,
    importFromUrl: supported,
    findOperations: supported,
    update: supported,
    replicate: notSupported('Gcore cannot copy an image to another region; import it there from its source'),
    delete: supported,
    createFromServer: notSupported('Gcore makes images from volumes, not from servers'),
    createFromVolume: supported,
    createFromBackup: notSupported('Gcore has no backups of images'),
    getOperations: supported,
    listRegions: supported,
    quota: supported,
  },
  import: {
    formats: ['raw', 'vhd', 'vhdx', 'vdi', 'ploop', 'qcow2', 'aki', 'ari', 'ami'],
    uncertainFormats: ['vmdk', 'iso'],
    compressions: [],
    uncertainCompressions: ['gzip', 'bzip2', 'xz', 'zstd'],
    fields: [
      'tags',
      'os',
      'architecture',
      'firmware',
      'machineType',
      'sshKeyPolicy',
      'bareMetal',
      'gpu',
      'copyOnWrite',
    ],
    // A project gets a handful of imports at a time, and what has not begun after 10 minutes is given up.
    concurrent: 6,
    ...needs,
  },
  capture: { fields: ['tags', 'osFamily', 'architecture', 'firmware', 'machineType', 'sshKeyPolicy', 'bareMetal'] },
  update: { fields: ['name', 'osFamily', 'sshKeyPolicy', 'firmware', 'machineType', 'bareMetal', 'tags'] },
  tags: { style: 'pairs', maximumLength: 255, repeatedKeys: false },
  names: {
    pattern: '^[a-zA-Z0-9][a-zA-Z 0-9._\\-]{1,61}[a-zA-Z0-9._]$',
    rule: '3 to 63 letters, digits, blanks, dots, dashes and underscores, beginning with a letter or a digit and ending with neither a blank nor a dash',
  },
  slugs: false,
  regionsPerImage: 'one',
  prices: true,
  keysLiveIn: 'tag',
  maximumKeyLength: longestKey,
  // No numbers are published.
  limits: { requests: [], imagesPerRequest: 1000 },
})
