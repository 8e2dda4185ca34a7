import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  bytesPerGibibyte,
  bytesPerMebibyte,
  gibibytes,
  mebibytes,
  sizeFromBytes,
  sizeFromGibibytes,
} from '../../src/model/size.ts'
import { forAll } from '../for-all.ts'

const anyNumber = fc.oneof(fc.double(), fc.integer(), fc.maxSafeInteger())

describe('a size', () => {
  it('in bytes is what the source says, and exact', () => {
    forAll([fc.maxSafeNat()], (bytes) => {
      expect(sizeFromBytes(bytes)).toEqual({ bytes, exact: true })
    })
  })

  it('in gibibytes is the nearest byte, and never exact', () => {
    forAll([fc.double({ min: 0, max: 100_000, noNaN: true })], (value) => {
      const size = sizeFromGibibytes(value)
      expect(size?.exact).toBe(false)
      expect(Number.isInteger(size?.bytes)).toBe(true)
      expect(Math.abs((size?.bytes ?? Number.NaN) - value * bytesPerGibibyte)).toBeLessThanOrEqual(0.5)
    })
  })

  it('is never negative, infinite or no number, whatever the source says', () => {
    forAll([anyNumber], (value) => {
      for (const size of [sizeFromBytes(value), sizeFromGibibytes(value)])
        if (size !== undefined) expect(size.bytes >= 0 && Number.isFinite(size.bytes)).toBe(true)
      for (const bytes of [gibibytes(value), mebibytes(value)])
        if (bytes !== undefined) expect(bytes >= 0 && Number.isFinite(bytes)).toBe(true)
    })
  })

  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])('is absent for %d', (value) => {
    for (const of of [sizeFromBytes, sizeFromGibibytes, gibibytes, mebibytes]) expect(of(value)).toBeUndefined()
  })

  it('is absent where gibibytes make more bytes than there are numbers for', () => {
    expect(sizeFromGibibytes(Number.MAX_VALUE)).toBeUndefined()
  })

  it('is not exact where a number cannot hold it exactly', () => {
    expect(sizeFromBytes(Number.MAX_SAFE_INTEGER + 1)?.exact).toBe(false)
    expect(sizeFromBytes(1.5)?.exact).toBe(false)
  })

  it.each([
    [2.34, 2512555868],
    [0.1008, 108233176],
    [0, 0],
    [1, 1073741824],
  ])('of %d GiB is %d bytes', (value, bytes) => {
    expect(sizeFromGibibytes(value)).toEqual({ bytes, exact: false })
  })

  it('has units that are what they are called', () => {
    expect([bytesPerGibibyte, bytesPerMebibyte, gibibytes(20), mebibytes(512)]).toEqual([
      1073741824, 1048576, 21474836480, 536870912,
    ])
  })
})
