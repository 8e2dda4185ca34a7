import { type Image, imageRef } from 'imageferry'

/** An image of the store `memory` that is there to be used, with whatever is to be different. */
export const someImage = (id: string, more: Partial<Image> = {}): Image => ({
  ref: imageRef(`memory:${id}`),
  provider: 'memory',
  name: `image-${id}`,
  visibility: 'private',
  status: 'available',
  providerStatus: 'available',
  createdAt: '2026-01-01T00:00:00Z',
  regions: [],
  tags: [],
  raw: undefined,
  ...more,
})
