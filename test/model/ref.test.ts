import * as fc from 'fast-check'
import {
  type ImageRef,
  ImageStoreError,
  imageRef,
  operationRef,
  parseImageRef,
  parseOperationRef,
  refParts,
} from 'imageferry'
import { describe, expect, it } from 'vitest'
import { formatImageRef, formatOperationRef, idWithin, isStoreName } from '../../src/model/ref.ts'
import { leftOf, rightOf } from '../either.ts'
import { forAll } from '../for-all.ts'

const store = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,20}$/)
/** Any text that can be an id: no blanks, no control characters, no halves of surrogate pairs; colons and slashes too. */
const id = fc
  .oneof(fc.string({ unit: 'binary', minLength: 1 }), fc.stringMatching(/^[0-9a-z:/@%.-]{1,40}$/))
  .filter((text) => /^[^\s\p{Cc}\p{Cs}]+$/u.test(text))

describe('a ref', () => {
  it('is written and read back to the same parts', () => {
    forAll([store, id], (name, own) => {
      const ref = formatImageRef(name, own)
      expect(rightOf(parseImageRef(ref))).toBe(ref)
      expect(rightOf(refParts(ref))).toEqual({ store: name, id: own })
      expect(rightOf(idWithin(name)(ref))).toBe(own)
      const operation = formatOperationRef(name, own)
      expect(rightOf(parseOperationRef(operation))).toBe(operation)
    })
  })

  it('is text that survives JSON', () => {
    forAll([store, id], (name, own) => {
      const ref = formatImageRef(name, own)
      expect(rightOf(parseImageRef(JSON.parse(JSON.stringify({ ref })).ref))).toBe(ref)
    })
  })

  it.each([
    '',
    ':',
    'digitalocean',
    'digitalocean:',
    ':7',
    'digital ocean:7',
    '-a:7',
    'a/b:7',
    'digitalocean:7 ',
    'digitalocean: 7',
    'digitalocean:7\n',
    'digitalocean:\u0000',
    'digitalocean:\ud83d',
  ])('is not %j', (text) => {
    for (const error of [leftOf(parseImageRef(text)), leftOf(parseOperationRef(text))])
      expect(error).toMatchObject({ kind: 'invalid-argument', hint: expect.stringContaining('store:id') })
    expect(() => imageRef(text)).toThrow(ImageStoreError)
    expect(() => operationRef(text)).toThrow(ImageStoreError)
  })

  it.each([undefined, null, 7, {}, ['digitalocean:7']])(
    'is not %j either, which plain JavaScript may pass',
    (value) => {
      expect(leftOf(parseImageRef(value as unknown as string)).kind).toBe('invalid-argument')
      expect(leftOf(refParts(value as unknown as ImageRef)).kind).toBe('invalid-argument')
    },
  )

  it('never makes a parser throw', () => {
    forAll([fc.anything()], (value) => {
      expect(['Left', 'Right']).toContain(parseImageRef(value as string)._tag)
    })
  })

  it('of another store is refused, and told where it belongs', () => {
    forAll([store, store, id], (name, other, own) => {
      fc.pre(name !== other)
      const error = leftOf(idWithin(name)(formatImageRef(other, own)))
      expect(error.kind).toBe('invalid-argument')
      expect(error.hint).toContain(other)
    })
  })

  it('differs in capitals from a ref of the same letters', () => {
    expect(leftOf(idWithin('Team-A')(imageRef('team-a:7'))).kind).toBe('invalid-argument')
  })
})

describe('a store’s name', () => {
  it.each([
    ['digitalocean', true],
    ['team-a', true],
    ['Team_A.2', true],
    ['7', true],
    ['', false],
    ['-a', false],
    ['.a', false],
    ['a:b', false],
    ['a/b', false],
    ['a b', false],
    ['ä', false],
    ['a\n', false],
  ])('%j: %s', (name, is) => {
    expect(isStoreName(name)).toBe(is)
  })
})
