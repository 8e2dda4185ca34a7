import * as fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import { type Tag, tagEquals } from 'imageferry'
import { describe, expect, it } from 'vitest'
import { decodeTag, encodeTag, foldTagName, tagName } from '../../../adapters/digitalocean/tags.ts'
import { leftOf, rightOf } from '../../either.ts'
import { forAll } from '../../for-all.ts'
import { anyTag } from '../tag-texts.ts'

const isRepresentable = (tag: Tag): boolean => E.isRight(encodeTag(tag))

/** Any name that the published grammar allows, of runs that look like escapes and of runs that do not. */
const foundName: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      fc.constantFrom('_', '__', '____', '61', '4e', 'C3', 'c3a9', 'FF', ':', '::', '-', 'a', 'Z', '0', 'env', 'PROD'),
      fc.constantFrom('__61__', '__4E__', '__4e__', '__c3__', '__3a__', '__00__', '__5f5f__', '__efbbbf__', '__zz__'),
      fc.constantFrom('__5f5f36315f5f__', '__5F5F33615F5F__', '__5f5f5f5f__', '__5f5f7a7a5f5f__', '__3a79__'),
      fc.stringMatching(/^[A-Za-z0-9_:-]{1,6}$/),
    ),
    { minLength: 1, maxLength: 40 },
  )
  .map((parts) => parts.join('').slice(0, 255))

/** The same name in other capitals, as an account that remembers an earlier tag spells it. */
const recased = (name: string, choices: readonly boolean[]): string =>
  [...name]
    .map((character, index) =>
      choices[index % choices.length] === true ? character.toUpperCase() : character.toLowerCase(),
    )
    .join('')

const casing = fc.array(fc.boolean(), { minLength: 1, maxLength: 9 })

describe('a tag of the model as a DigitalOcean name', () => {
  it('reads back as the same tag, whatever capitals the account remembers', () => {
    forAll(
      [anyTag.filter(isRepresentable), casing],
      (tag, choices) => {
        expect(tagEquals(decodeTag(recased(rightOf(encodeTag(tag)), choices)), tag)).toBe(true)
      },
      1500,
    )
  })

  it('matches the published grammar, and keeps to lower case', () => {
    forAll(
      [anyTag.filter(isRepresentable)],
      (tag) => {
        const name = rightOf(encodeTag(tag))
        expect(name).toMatch(tagName)
        expect(foldTagName(name)).toBe(name)
      },
      1000,
    )
  })

  it('is the name of no other tag', () => {
    forAll(
      [anyTag.filter(isRepresentable), anyTag.filter(isRepresentable)],
      (one, other) => {
        fc.pre(!tagEquals(one, other))
        expect(rightOf(encodeTag(one))).not.toBe(rightOf(encodeTag(other)))
      },
      1000,
    )
  })

  it('is the name of no tag that differs only in how it is split', () => {
    forAll(
      [foundName, fc.nat({ max: 255 }), fc.nat({ max: 255 })],
      (text, at, otherAt) => {
        const split = (index: number): Tag => ({ key: text.slice(0, index), value: text.slice(index + 1) })
        const tags = [{ key: text }, split(at), split(otherAt)].filter(isRepresentable)
        const names = new Set(tags.map((tag) => rightOf(encodeTag(tag))))
        const meanings = new Set(tags.map((tag) => JSON.stringify(tag)))
        expect(names.size).toBe(meanings.size)
      },
      1000,
    )
  })

  it('is the whole tag or a loss with its reason, and never a part of it', () => {
    forAll(
      [anyTag],
      (tag) => {
        const name = encodeTag(tag)
        if (E.isRight(name)) expect(tagEquals(decodeTag(name.right), tag)).toBe(true)
        else expect(name.left.tag).toBe(tag)
      },
      1000,
    )
  })

  it.each<[Tag, string]>([
    [{ key: 'base-image' }, 'base-image'],
    [{ key: 'env', value: 'prod' }, 'env:prod'],
    [{ key: 'Name', value: 'Web Server' }, '__4e__ame:__57__eb__2053__erver'],
    [{ key: 'my_tag' }, 'my_tag'],
    [{ key: '-x' }, '-x'],
    [{ key: ':y' }, ':y'],
    [{ key: 'a', value: 'b:c' }, 'a:b:c'],
    [{ key: 'a', value: '' }, 'a:'],
    [{ key: 'a', value: ':' }, 'a::'],
    [{ key: 'a:b:c' }, 'a__3a__b__3a__c'],
    [{ key: 'UPPER' }, '__5550504552__'],
    [{ key: '__61__' }, '__61__'],
    [{ key: '__3a__' }, '__3a__'],
    [{ key: '__4e__' }, '__5f5f34655f5f__'],
    [{ key: '__61__', value: '' }, '__5f5f36315f5f__:'],
    [{ key: 'café', value: '😀' }, 'caf__c3a9__:__f09f9880__'],
  ])('%j is written %s', (tag, name) => {
    expect(rightOf(encodeTag(tag))).toBe(name)
    expect(decodeTag(name)).toEqual(tag)
  })

  it.each<[string, Tag]>([
    ['empty-key', { key: '', value: 'v' }],
    ['not-unicode', { key: 'a\ud83d' }],
    ['not-unicode', { key: 'a', value: '\ude00' }],
    ['too-long', { key: 'a'.repeat(256) }],
    ['too-long', { key: 'a', value: 'b'.repeat(254) }],
    ['too-long', { key: 'É'.repeat(63) }],
  ])('is a loss for the reason %s', (reason, tag) => {
    expect(leftOf(encodeTag(tag))).toEqual({ tag, reason })
  })

  it.each([[{ key: 'a'.repeat(255) }], [{ key: 'a', value: 'b'.repeat(253) }]])(
    'may fill all 255 characters',
    (tag) => {
      expect(rightOf(encodeTag(tag))).toHaveLength(255)
    },
  )
})

describe('a name that was found at DigitalOcean', () => {
  it('is some tag, and is written back as the same name', () => {
    forAll(
      [foundName],
      (name) => {
        const tag = decodeTag(name)
        expect(tag.key).not.toBe('')
        expect(foldTagName(rightOf(encodeTag(tag)))).toBe(foldTagName(name))
      },
      1500,
    )
  })

  it('is the same tag in any capitals', () => {
    forAll(
      [foundName, casing],
      (name, choices) => {
        expect(tagEquals(decodeTag(recased(name, choices)), decodeTag(name))).toBe(true)
      },
      800,
    )
  })

  it('keeps its spelling where we would write other capitals', () => {
    expect(decodeTag('UPPER')).toEqual({ key: 'upper', wire: 'UPPER' })
    expect(decodeTag('Env:Prod')).toEqual({ key: 'env', value: 'prod', wire: 'Env:Prod' })
    expect(decodeTag('env:prod')).toEqual({ key: 'env', value: 'prod' })
  })

  it.each([
    ['my_tag', { key: 'my_tag' }],
    ['a:b:c', { key: 'a', value: 'b:c' }],
    ['-x', { key: '-x' }],
    [':y', { key: ':y' }],
    [':', { key: ':' }],
    ['__zz__', { key: '__zz__' }],
    ['__c3__', { key: '__c3__' }],
    ['__61__', { key: '__61__' }],
    ['__3a__', { key: '__3a__' }],
    ['__5f5f7a7a5f5f__', { key: '__5f5f7a7a5f5f__' }],
    ['__4e__ame', { key: 'Name' }],
  ])('%s stays as it is', (name, tag) => {
    expect(decodeTag(name)).toEqual(tag)
    expect(rightOf(encodeTag(decodeTag(name)))).toBe(name)
  })
})
