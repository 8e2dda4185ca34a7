import { type Image, imageEquals, imageRef, operationRef, regionId } from 'imageferry'
import { describe, expect, it } from 'vitest'
import { anImage } from './images.ts'

const differences: readonly Partial<Image>[] = [
  { ref: imageRef('memory:2') },
  { provider: 'other' },
  { name: 'web server' },
  { kind: 'snapshot' },
  { visibility: undefined },
  { status: 'queued' },
  { providerStatus: 'AVAILABLE' },
  { failure: 'text' },
  { os: { family: 'linux', distribution: 'ubuntu', version: '22.04' } },
  { os: undefined },
  { architecture: 'aarch64' },
  { firmware: 'uefi' },
  { machineType: 'q35' },
  { sshKeyPolicy: 'deny' },
  { gpuDriver: { vendor: 'nvidia' } },
  { lockedBy: operationRef('memory:import/1') },
  { diskFormat: 'raw' },
  { size: { bytes: 5, exact: false } },
  { size: undefined },
  { minimumDiskBytes: 1 },
  { minimumMemoryBytes: 1 },
  { createdAt: '2026-05-23T05:07:32Z' },
  { updatedAt: '2026-05-23T05:07:31Z' },
  { slug: 'web' },
  { description: 'text' },
  { regions: [regionId('nyc3')] },
  { regions: [regionId('nyc3'), regionId('ams3'), regionId('ams3')] },
  { tags: [{ key: 'env', value: 'prod' }] },
  {
    tags: [
      { key: 'env', value: 'prod' },
      { key: 'base-image', value: '' },
    ],
  },
  { provenance: { key: 'step-1' } },
  { price: { currency: 'USD', perHour: 1 } },
]

describe('two images', () => {
  it.each(differences)('are not equal where one has %j', (difference) => {
    expect(imageEquals(anImage(), anImage(difference))).toBe(false)
    expect(imageEquals(anImage(difference), anImage())).toBe(false)
    expect(imageEquals(anImage(difference), anImage(difference))).toBe(true)
  })

  it.each<Partial<Image>>([
    { raw: { id: 2, more: true } },
    { regions: [regionId('ams3'), regionId('nyc3')] },
    {
      tags: [
        { key: 'base-image', wire: 'BASE-IMAGE', readOnly: true },
        { key: 'env', value: 'prod' },
      ],
    },
    { failure: undefined, slug: undefined },
    // The same said in another order.
    { os: { version: '24.04', distribution: 'ubuntu', family: 'linux' } },
    { size: { exact: true, bytes: 5 } },
    { os: { family: 'linux', distribution: 'ubuntu', version: '24.04' }, provenance: undefined },
  ])('are equal where one has %j', (difference) => {
    expect(imageEquals(anImage(), anImage(difference))).toBe(true)
    expect(imageEquals(anImage(difference), anImage())).toBe(true)
  })

  it('tell what is absent from what is undefined in no part', () => {
    const one = anImage({ os: { distribution: 'ubuntu' }, gpuDriver: { vendor: 'nvidia' } })
    const other = anImage({
      os: { distribution: 'ubuntu', version: undefined },
      gpuDriver: { vendor: 'nvidia', type: undefined, version: undefined },
    })
    expect(imageEquals(one, other)).toBe(true)
  })

  it('leave their own lists as they are', () => {
    const image = anImage()
    imageEquals(image, anImage())
    expect(image.regions).toEqual(['nyc3', 'ams3'])
  })
})
