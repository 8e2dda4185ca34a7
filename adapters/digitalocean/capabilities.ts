import { type Capabilities, fixed, notSupported, supportedWith } from '../../src/store/capabilities.ts'
import { needs } from './import-needs.ts'

/** The most characters of an escaped key: how long a description may be is not known, and the user's own comes first. */
export const longestKey = 200

/**
 * What DigitalOcean's image API can do. Sources: fact sheet §1 (scopes), §5 (writing), §6 (files), §7 (actions), §10 (tags), §11
 * (limits). The scopes are the `security` of the requests that an operation sends.
 */
export const capabilities: Capabilities = fixed({
  operations: {
    listPage: supportedWith('image:read'),
    get: supportedWith('image:read'),
    importFromUrl: supportedWith(
      'image:create',
      { scope: 'image:read', when: 'where there is a key' },
      { scope: 'tag:create', when: 'where there are tags' },
    ),
    // Without droplet:read a capture is found as well, under a ref of its own.
    findOperations: supportedWith('image:read', { scope: 'droplet:read', when: 'for captures' }),
    // The image is read before it is changed, and read back.
    update: supportedWith(
      'image:read',
      'image:update',
      { scope: 'tag:create', when: 'where tags are put' },
      { scope: 'tag:delete', when: 'where tags are dropped' },
    ),
    replicate: supportedWith('image:read', 'image:update'),
    delete: supportedWith('image:delete'),
    // The Droplet is looked at before, and while it is busy with another action.
    createFromServer: supportedWith('droplet:read', 'droplet:update', 'image:create', {
      scope: 'image:read',
      when: 'where there is a key',
    }),
    createFromVolume: notSupported('DigitalOcean makes volume snapshots from volumes, which are no images'),
    createFromBackup: supportedWith('image:read', 'image:update'),
    getOperations: supportedWith(
      'image:read',
      { scope: 'droplet:read', when: 'for captures' },
      { scope: 'actions:read', when: 'for the actions of images and Droplets that have gone' },
      { scope: 'snapshot:read', when: 'for captures of Droplets that have gone' },
    ),
    listRegions: supportedWith('regions:read'),
    quota: notSupported('DigitalOcean does not tell how many images an account may have'),
  },
  import: {
    formats: ['raw', 'qcow2', 'vhdx', 'vdi', 'vmdk'],
    uncertainFormats: [],
    compressions: ['gzip', 'bzip2'],
    uncertainCompressions: [],
    maximumBytes: 100 * 1000 ** 3,
    fields: ['description', 'tags', 'os'],
    ...needs,
  },
  capture: { fields: [] },
  update: { fields: ['name', 'description', 'distribution', 'tags'] },
  tags: { style: 'flat', maximumLength: 255, repeatedKeys: true },
  names: {},
  slugs: true,
  regionsPerImage: 'many',
  prices: false,
  keysLiveIn: 'description',
  maximumKeyLength: longestKey,
  limits: {
    requests: [
      { requests: 250, perSeconds: 60 },
      { requests: 5000, perSeconds: 3600 },
    ],
    imagesPerRequest: 200,
  },
})
