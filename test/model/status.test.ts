import * as fc from 'fast-check'
import { type ImageStatus, isFailed, isReady, isSettled, statusMeanings } from 'imageferry'
import { describe, expect, it } from 'vitest'
import { toStatus as digitalOceanStatus, toImage } from '../../adapters/digitalocean/image.ts'
import { toStatus as gcoreStatus, imagesIn } from '../../adapters/gcore/image.ts'
import { forAll } from '../for-all.ts'

const meanings: readonly (readonly [ImageStatus, boolean, boolean, boolean])[] = [
  ['queued', false, false, false],
  ['importing', false, false, false],
  ['available', true, true, false],
  ['retired', false, true, false],
  ['deactivated', false, true, false],
  ['failed', false, true, true],
  ['deleting', false, false, false],
  ['deleted', false, true, false],
  ['unknown', false, false, false],
]

describe('the table of statuses', () => {
  it.each(meanings)('%s: ready %s, settled %s, failed %s', (status, ready, settled, failed) => {
    expect([isReady({ status }), isSettled({ status }), isFailed({ status })]).toEqual([ready, settled, failed])
    expect(statusMeanings[status]).toEqual({ ready, settled, failed })
  })

  it('has these nine and no other', () => {
    expect(Object.keys(statusMeanings)).toEqual(meanings.map(([status]) => status))
  })

  it('calls nothing ready that is not settled, and nothing both ready and failed', () => {
    for (const { ready, settled, failed } of Object.values(statusMeanings)) {
      expect(!ready || settled).toBe(true)
      expect(ready && failed).toBe(false)
    }
  })
})

const words = [
  ...[
    'NEW',
    'new',
    'pending',
    'available',
    'retired',
    'deleted',
    'queued',
    'saving',
    'uploading',
    'importing',
    'active',
  ],
  ...[
    'deactivated',
    'killed',
    'pending_delete',
    '',
    ' ',
    'constructor',
    '__proto__',
    'toString',
    'hasOwnProperty',
    'İ',
  ],
]
const anyWord = fc.oneof(fc.constantFrom(...words), fc.string({ unit: 'binary' }))

describe('the status of an image of DigitalOcean', () => {
  it.each<[string, string | undefined, ImageStatus]>([
    ['NEW', undefined, 'queued'],
    ['new', undefined, 'queued'],
    ['pending', undefined, 'importing'],
    ['available', undefined, 'available'],
    ['Available', 'text', 'available'],
    ['retired', undefined, 'retired'],
    ['deleted', undefined, 'deleted'],
    ['DELETED', 'corrupt', 'failed'],
    ['active', undefined, 'unknown'],
    ['', undefined, 'unknown'],
  ])('%j with the reason %j is %s', (word, failure, status) => {
    expect(digitalOceanStatus(word, failure)).toBe(status)
  })

  it('is one of ours whatever the provider says, with the word beside it', () => {
    forAll([anyWord, fc.option(anyWord)], (status, error_message) => {
      const image = toImage('digitalocean', { id: 1, status, error_message })
      expect(statusMeanings).toHaveProperty(image.status)
      expect(image.providerStatus).toBe(status)
      expect(image.status === 'failed').toBe(status.toLowerCase() === 'deleted' && (error_message ?? '').trim() !== '')
    })
  })
})

describe('the status of an image of Gcore', () => {
  it.each<[string, number | null | undefined, string, ImageStatus]>([
    ['queued', 0, 'private', 'queued'],
    ['saving', 0, 'private', 'importing'],
    ['uploading', 0, 'private', 'importing'],
    ['importing', 0, 'private', 'importing'],
    ['active', 5, 'private', 'available'],
    ['active', 0, 'shared', 'importing'],
    ['ACTIVE', 0, 'private', 'importing'],
    ['active', 0, 'public', 'available'],
    ['active', null, 'private', 'available'],
    ['active', undefined, 'private', 'available'],
    ['deactivated', 5, 'private', 'deactivated'],
    ['killed', 0, 'private', 'failed'],
    ['pending_delete', 5, 'private', 'deleting'],
    ['deleted', 5, 'private', 'deleted'],
    ['available', 5, 'private', 'unknown'],
  ])('%s of %s bytes, %s, is %s', (status, size, visibility, ours) => {
    expect(gcoreStatus({ status, size, visibility })).toBe(ours)
  })

  it('is one of ours whatever the provider says, with the word beside it', () => {
    const toImages = imagesIn({ store: 'gcore', projectId: '1' }, '7')
    forAll([anyWord, fc.option(fc.nat())], (status, size) => {
      const image = toImages({ id: 'a', status, size })
      expect(statusMeanings).toHaveProperty(image.status)
      expect(image.providerStatus).toBe(status)
      expect(isReady(image)).toBe(status.toLowerCase() === 'active' && size !== 0)
    })
  })
})
