import { type Image, imageRef, regionId } from 'imageferry'

/** An image with something in every field, and whatever is to be different. */
export const anImage = (more: Partial<Image> = {}): Image => ({
  ref: imageRef('memory:1'),
  provider: 'memory',
  name: 'Web Server',
  kind: 'custom',
  visibility: 'private',
  status: 'available',
  providerStatus: 'available',
  os: { family: 'linux', distribution: 'ubuntu', version: '24.04' },
  architecture: 'x86_64',
  size: { bytes: 5, exact: true },
  createdAt: '2026-05-23T05:07:31Z',
  regions: [regionId('nyc3'), regionId('ams3')],
  tags: [{ key: 'env', value: 'prod' }, { key: 'base-image' }],
  raw: { id: 1 },
  ...more,
})
