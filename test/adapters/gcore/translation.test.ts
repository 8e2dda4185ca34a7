import { describe, expect, it } from 'vitest'
import { readError } from '../../../adapters/gcore/errors.ts'
import { imagesIn } from '../../../adapters/gcore/image.ts'
import { toRegion } from '../../../adapters/gcore/regions.ts'

const toImage = imagesIn({ store: 'gcore', projectId: '1337' }, '76')

/** All 33 fields of ImageSerializer. */
const wholeImage = {
  id: '44e136a7',
  name: 'ubuntu-20.10-x64',
  status: 'active',
  visibility: 'shared',
  size: 2361393152,
  min_disk: 3,
  min_ram: 512,
  disk_format: 'raw',
  architecture: 'x86_64',
  os_type: 'linux',
  os_distro: 'ubuntu',
  os_version: '20.10',
  hw_firmware_type: 'bios',
  hw_machine_type: 'pc',
  ssh_key: 'allow',
  is_baremetal: true,
  description: 'text',
  display_order: 2010,
  gpu_driver: 'nvidia',
  gpu_driver_type: 'open',
  gpu_driver_version: '570.148.08',
  task_id: 't1',
  creator_task_id: 't0',
  project_id: 1,
  region_id: 7,
  region: 'Luxembourg 1',
  created_at: '2024-05-05T14:51:26.570866',
  updated_at: '2024-05-05T14:51:26+0000',
  tags_v2: [
    { key: 'my-tag', value: 'my-tag-value', read_only: false },
    { key: 'os_type', value: 'linux', read_only: true },
  ],
  currency_code: 'USD',
  price_per_hour: 1,
  price_per_month: 720,
  price_status: 'show',
}

describe('an image of Gcore', () => {
  it('is read field by field', () => {
    expect(toImage(wholeImage)).toEqual({
      ref: 'gcore:1337/76/44e136a7',
      provider: 'gcore',
      name: 'ubuntu-20.10-x64',
      kind: 'bare-metal',
      visibility: 'shared',
      status: 'available',
      providerStatus: 'active',
      os: { family: 'linux', distribution: 'ubuntu', version: '20.10' },
      architecture: 'x86_64',
      firmware: 'bios',
      machineType: 'i440',
      sshKeyPolicy: 'allow',
      gpuDriver: { vendor: 'nvidia', type: 'open', version: '570.148.08' },
      lockedBy: 'gcore:1337/76/task/t1',
      diskFormat: 'raw',
      size: { bytes: 2361393152, exact: true },
      minimumDiskBytes: 3 * 2 ** 30,
      minimumMemoryBytes: 512 * 2 ** 20,
      createdAt: '2024-05-05T14:51:26.570866Z',
      updatedAt: '2024-05-05T14:51:26+00:00',
      description: 'text',
      regions: ['76'],
      tags: [
        { key: 'my-tag', value: 'my-tag-value' },
        { key: 'os_type', value: 'linux', readOnly: true },
      ],
      provenance: { operation: 'gcore:1337/76/task/t0' },
      price: { currency: 'USD', perHour: 1, perMonth: 720 },
      raw: wholeImage,
    })
  })

  it('is read where an id is all there is', () => {
    const wire = { id: 'a' }
    expect(toImage(wire)).toEqual({
      ref: 'gcore:1337/76/a',
      provider: 'gcore',
      name: '',
      status: 'unknown',
      providerStatus: '',
      regions: ['76'],
      tags: [],
      raw: wire,
    })
  })

  it('is read with null in every other field', () => {
    const wire = { ...Object.fromEntries(Object.keys(wholeImage).map((field) => [field, null])), id: 'a' }
    expect(toImage(wire)).toEqual({ ...toImage({ id: 'a' }), raw: wire })
  })

  const asObjects = [{ key: 'env', value: 'prod' }]
  it.each([
    ['tags_v2', { tags_v2: asObjects, tags: [{ key: 'x', value: 'y' }] }, [{ key: 'env', value: 'prod' }]],
    // What is sent for the one beside the other is not known: no tag may get lost by either reading.
    ['an empty tags_v2', { tags_v2: [], tags: asObjects }, [{ key: 'env', value: 'prod' }]],
    ['both empty', { tags_v2: [], tags: [] }, []],
    ['tags as objects', { tags: asObjects }, [{ key: 'env', value: 'prod' }]],
    ['tags as texts', { tags: ['env=prod=1', 'flat'] }, [{ key: 'env', value: 'prod=1' }, { key: 'flat' }]],
    ['metadata_detailed', { tags: [], metadata_detailed: asObjects }, [{ key: 'env', value: 'prod' }]],
    ['null everywhere', { tags_v2: null, tags: null, metadata_detailed: null }, []],
    ['no value', { tags_v2: [{ key: 'env' }] }, [{ key: 'env', value: '' }]],
  ])('has its tags in whichever form the server has: %s', (_, wire, tags) => {
    expect(toImage({ id: 'a', ...wire }).tags).toEqual(tags)
  })

  it.each([
    ['show', { currency: 'USD', perHour: 1, perMonth: 720 }],
    ['hide', undefined],
    ['error', undefined],
    [null, undefined],
  ])('has a price where the status is %s', (price_status, price) => {
    expect(toImage({ ...wholeImage, price_status }).price).toEqual(price)
  })
})

describe('a region of Gcore', () => {
  it.each([
    [
      { id: 148, display_name: 'Luxembourg-3', state: 'ACTIVE', has_kvm: true },
      { name: 'Luxembourg-3', acceptsImports: true },
    ],
    [
      { id: '76', slug: 'luxembourg-2', state: 'ACTIVE', has_kvm: false },
      { name: 'luxembourg-2', acceptsImports: false },
    ],
    [
      { id: 8, state: 'MAINTENANCE', has_kvm: true },
      { name: '8', acceptsImports: false },
    ],
    [
      { id: 8, display_name: 'X' },
      { name: 'X', acceptsImports: undefined, city: undefined },
    ],
    [{ id: 8, country: 'lu' }, { country: 'LU' }],
    [{ id: 8, coordinates: { latitude: '41.5', longitude: -2 } }, { location: { latitude: 41.5, longitude: -2 } }],
    [{ id: 8, coordinates: { latitude: '', longitude: '2' } }, { location: undefined }],
    [{ id: 8, coordinates: { latitude: 'north', longitude: '2' } }, { location: undefined }],
    [{ id: 8, coordinates: null }, { location: undefined }],
  ])('%j reads as %j', (wire, region) => {
    expect(toRegion(wire)).toMatchObject(region)
  })
})

describe('an error of Gcore', () => {
  it.each([
    [400, { exception_class: 'QuotaLimitExceed', message: 'full' }, 'quota-exceeded'],
    [403, { exception_class: 'QuotaLimitExceed', message: 'full' }, 'quota-exceeded'],
    [400, { exception_class: 'ValidationError', message: 'bad' }, 'invalid-argument'],
    [404, { exception_class: 'NotFoundError', message: 'no' }, 'not-found'],
    [401, { exception_class: 'token_not_valid', message: 'no' }, 'unauthenticated'],
    // The class says nothing more than the status does: the one table decides.
    [403, { exception_class: 'ForbiddenError', message: 'no' }, undefined],
    [409, { exception_class: 'ConflictError', message: 'no' }, undefined],
    [400, { exception_class: 'constructor', message: 'no' }, undefined],
    [409, { code: 409, message: 'exists' }, undefined],
    [500, undefined, undefined],
  ])('%i %j is %s', (status, body, kind) => {
    expect(readError('get')(status, body).kind).toBe(kind)
  })

  it('names the fields at fault', () => {
    const body = {
      exception_class: 'ValidationError',
      message: 'm',
      invalid_fields: { name: ['short', 'odd'], url: 'bad' },
    }
    expect(readError('importFromUrl')(400, body)).toMatchObject({ fields: { name: 'short; odd', url: 'bad' } })
  })

  it.each([
    [401, 'get', /API key/],
    [403, 'delete', /not the project's own/],
    [403, 'get', /role/],
    [404, 'get', /project or region/],
  ] as const)('gives a hint at %i of %s', (status, operation, hint) => {
    expect(readError(operation)(status, undefined).hint).toMatch(hint)
  })
})
