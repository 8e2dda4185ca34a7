import * as fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { type Tag, tagEquals } from 'imageferry'
import { describe, expect, it } from 'vitest'
import { decodeTag, encodeTag, encodeTags, type TagPair } from '../../../adapters/gcore/tags.ts'
import { leftOf, rightOf } from '../../either.ts'
import { forAll } from '../../for-all.ts'
import { anyTag, anyText } from '../tag-texts.ts'

/** The published grammar of a key and of a value (CreateTagsSerializer), written down here once more. */
const keyGrammar = /^[^\s=]+$/u
const valueGrammar = /^[^ \t\n\r\f\v]([^\t\n\r\f\v]*[^ \t\n\r\f\v])?$/u

/** What the server strips from a value's edges, by Python's idea of a blank, and so never returns there. */
const blank = '[\\s\\u001c-\\u001f\\u0085]'
const blankEdge = new RegExp(`^${blank}|${blank}$`, 'u')

/** JSON Schema counts characters, not UTF-16 units. */
const characters = (text: string): number => [...text].length

const isLegalKey = (text: string) => keyGrammar.test(text) && characters(text) <= 255
const isLegalValue = (text: string) => valueGrammar.test(text) && characters(text) <= 255 && !blankEdge.test(text)

const isRepresentable = (tag: Tag): boolean => E.isRight(encodeTag(tag))
const isUnicode = (text: string): boolean => !/\p{Cs}/u.test(text)

const foundText = anyText.filter(isUnicode)
const foundPair: fc.Arbitrary<TagPair> = fc.record({
  key: foundText.filter(isLegalKey),
  value: foundText.filter(isLegalValue),
})

describe('a tag of the model as a Gcore pair', () => {
  it('reads back as the same tag', () => {
    forAll(
      [anyTag.filter(isRepresentable)],
      (tag) => {
        expect(decodeTag(rightOf(encodeTag(tag)))).toEqual(tag)
      },
      1500,
    )
  })

  it('matches the published grammar, with nothing at the edges that the server would strip', () => {
    forAll(
      [anyTag.filter(isRepresentable)],
      (tag) => {
        const { key, value } = rightOf(encodeTag(tag))
        expect(isLegalKey(key)).toBe(true)
        expect(isLegalValue(value)).toBe(true)
      },
      1000,
    )
  })

  it('is the pair of no other tag', () => {
    forAll(
      [anyTag.filter(isRepresentable), anyTag.filter(isRepresentable)],
      (one, other) => {
        fc.pre(!tagEquals(one, other))
        expect(rightOf(encodeTag(one))).not.toEqual(rightOf(encodeTag(other)))
      },
      800,
    )
  })

  it.each<[Tag, TagPair]>([
    [
      { key: 'env', value: 'prod' },
      { key: 'env', value: 'prod' },
    ],
    [
      { key: 'Name', value: 'Web Server' },
      { key: 'Name', value: 'Web Server' },
    ],
    [{ key: 'base-image' }, { key: 'base-image', value: '__none__' }],
    [
      { key: 'a', value: '' },
      { key: 'a', value: '____' },
    ],
    [
      { key: 'a', value: ' ' },
      { key: 'a', value: '__20__' },
    ],
    [
      { key: 'a', value: ' b ' },
      { key: 'a', value: '__20__b__20__' },
    ],
    [
      { key: 'a', value: 'b\tc' },
      { key: 'a', value: 'b__09__c' },
    ],
    [
      { key: 'a', value: '__none__' },
      { key: 'a', value: '__5f5f6e6f6e655f5f__' },
    ],
    [
      { key: 'a', value: '____' },
      { key: 'a', value: '__5f5f5f5f__' },
    ],
    [
      { key: 'a', value: '__20__' },
      { key: 'a', value: '__5f5f32305f5f__' },
    ],
    [
      { key: 'a b=c', value: 'd' },
      { key: 'a__20__b__3d__c', value: 'd' },
    ],
    [
      { key: 'env:prod', value: 'a=b' },
      { key: 'env:prod', value: 'a=b' },
    ],
  ])('%j is written %j', (tag, pair) => {
    expect(rightOf(encodeTag(tag))).toEqual(pair)
    expect(decodeTag(pair)).toEqual(tag)
  })

  it.each<[string, Tag]>([
    ['empty-key', { key: '', value: 'v' }],
    ['not-unicode', { key: '\ud83d', value: 'v' }],
    ['not-unicode', { key: 'a', value: 'b\ude00' }],
    ['too-long', { key: 'a'.repeat(256), value: 'v' }],
    ['too-long', { key: 'a', value: 'b'.repeat(256) }],
    ['too-long', { key: 'a', value: ' '.repeat(150) }],
  ])('is a loss for the reason %s', (reason, tag) => {
    expect(leftOf(encodeTag(tag))).toEqual({ tag, reason })
  })
})

describe('a pair that was found at Gcore', () => {
  it('is some tag, and is written back as the same pair', () => {
    forAll(
      [foundPair],
      (pair) => {
        const tag = decodeTag(pair)
        expect(tag.key).not.toBe('')
        expect(rightOf(encodeTag(tag))).toEqual(pair)
      },
      1500,
    )
  })

  it.each([
    ['255 characters beyond the first plane', { key: 'k', value: '😀'.repeat(255) }],
    ['a control character', { key: 'k', value: 'a\u0001b' }],
    ['what looks like an escape of a legal text', { key: '__61__', value: '__61__' }],
    ['what looks like the escape of what looks like one', { key: '__5f5f36315f5f__', value: '__5f5f36315f5f__' }],
    ['what looks like the word for no value', { key: '__none__', value: 'x__none__' }],
    ["the name of an object's own prototype", { key: '__proto__', value: 'constructor' }],
  ])('may hold %s', (_, pair) => {
    expect(rightOf(encodeTag(decodeTag(pair)))).toEqual(pair)
  })

  it("is marked where it is the provider's own", () => {
    expect(decodeTag({ key: 'os_type', value: 'linux' }, true)).toEqual({
      key: 'os_type',
      value: 'linux',
      readOnly: true,
    })
  })
})

describe('several tags as a Gcore map', () => {
  it('holds each of them whole, or names it as a loss', () => {
    const key = fc.constantFrom('a', 'b', '', '__proto__', 'a b', '\ud83d')
    const tags = fc.array(fc.record({ key, value: fc.oneof(fc.constantFrom('1', '2', ''), anyText) }), { maxLength: 6 })
    forAll(
      [tags],
      (wanted) => {
        const { map, losses } = encodeTags(wanted)
        const held = Object.entries(map).map(([held, value]) => decodeTag({ key: held, value }))
        for (const tag of wanted)
          expect(held.some((other) => tagEquals(tag, other)) || losses.some((loss) => loss.tag === tag)).toBe(true)
        for (const tag of held) expect(wanted.some((other) => tagEquals(tag, other))).toBe(true)
      },
      800,
    )
  })

  it('loses a second value of a key, and not the same tag given twice', () => {
    const first = { key: 'env', value: 'a' }
    const second = { key: 'env', value: 'b' }
    expect(encodeTags([first, second, { key: 'env', value: 'a' }])).toEqual({
      map: { env: 'a' },
      losses: [{ tag: second, reason: 'second-value' }],
    })
  })
})
