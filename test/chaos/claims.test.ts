import { ImageStoreError, type ImageStoreErrorKind } from 'imageferry'
import { describe, expect, it } from 'vitest'
import { type Claim, possibleValues, saidBy } from './claims.ts'

const claim = (value: string, says: Claim['says'], fromMs: number, toMs = fromMs): Claim => ({
  field: 'name',
  value,
  says,
  fromMs,
  toMs,
})
const possible = (...claims: readonly Claim[]): readonly string[] => [...possibleValues(claims, 'name', 'first')].sort()

describe('what a field may be', () => {
  it('is what it was, as long as nobody has claimed anything, or not of this field', () => {
    expect(possible()).toEqual(['first'])
    expect(possible({ ...claim('b', 'done', 0), field: 'description' })).toEqual(['first'])
  })

  it('is what the last call that succeeded said', () => {
    expect(possible(claim('a', 'done', 0), claim('b', 'done', 60_000))).toEqual(['b'])
  })

  it('is what a call said that may have succeeded, or what it was', () => {
    expect(possible(claim('a', 'perhaps', 0))).toEqual(['a', 'first'])
    expect(possible(claim('a', 'done', 0), claim('b', 'perhaps', 60_000))).toEqual(['a', 'b'])
    expect(possible(claim('a', 'not-done', 0))).toEqual(['first'])
  })

  it('may still be what a call said shortly before, which the server carries out late', () => {
    expect(possible(claim('a', 'perhaps', 0, 1_000), claim('b', 'done', 20_000))).toEqual(['a', 'b'])
    expect(possible(claim('a', 'perhaps', 0, 1_000), claim('b', 'done', 21_001))).toEqual(['b'])
  })
})

describe('what a failed call says', () => {
  it.each([
    ['unavailable', {}, 'perhaps'],
    ['timeout', {}, 'perhaps'],
    ['unavailable', { notSent: true }, 'not-done'],
    ['rate-limited', {}, 'not-done'],
    ['rate-limited', { completed: ['name'] }, 'perhaps'],
    ['conflict', { unconfirmed: [{ change: 'the update' }] }, 'perhaps'],
  ] as const)('%s with %j: %s', (kind: ImageStoreErrorKind, details, says) => {
    expect(saidBy(new ImageStoreError(kind, 'no', details))).toBe(says)
  })
})
