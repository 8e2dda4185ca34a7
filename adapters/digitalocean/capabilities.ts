import { type Capabilities, notSupported, supported } from '../../src/store/capabilities.ts'

const later = 'This version of the DigitalOcean adapter does not offer it yet'

/** What DigitalOcean's image API can do. Sources: fact sheet §5 (writing), §6 (files), §7 (actions), §10 (tags). */
export const capabilities: Capabilities = {
  operations: {
    listPage: supported,
    get: supported,
    importFromUrl: supported,
    findOperations: supported,
    update: supported,
    replicate: supported,
    delete: supported,
    createFromServer: notSupported(later),
    createFromVolume: notSupported('DigitalOcean makes volume snapshots from volumes, which are no images'),
    createFromBackup: supported,
    getOperations: supported,
    listRegions: supported,
    quota: notSupported('DigitalOcean does not tell how many images an account may have'),
  },
  import: {
    formats: ['raw', 'qcow2', 'vhdx', 'vdi', 'vmdk'],
    uncertainFormats: [],
    compressions: ['gzip', 'bzip2'],
    maximumBytes: 100 * 1000 ** 3,
    fields: ['description', 'tags', 'os'],
  },
  update: { fields: ['name', 'description', 'distribution', 'tags'] },
  tags: { style: 'flat', maximumLength: 255, repeatedKeys: true },
  names: {},
  slugs: true,
  regionsPerImage: 'many',
  keysLiveIn: 'description',
}
