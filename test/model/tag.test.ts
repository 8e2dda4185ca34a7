import * as fc from 'fast-check'
import { missingTags, showTag, type Tag, tagEquals, tagsEqual } from 'imageferry'
import { describe, expect, it } from 'vitest'
import { showTagLoss } from '../../src/model/tag.ts'
import { forAll } from '../for-all.ts'

/** Few keys and values, so that drawn tags are often equal; and what equality must not look at. */
const tag: fc.Arbitrary<Tag> = fc.record(
  {
    key: fc.constantFrom('a', 'b', '["a"]', '__proto__'),
    value: fc.constantFrom('', 'a', '"', ',', 'a","b'),
    readOnly: fc.boolean(),
    wire: fc.constantFrom('A', 'a'),
  },
  { requiredKeys: ['key'] },
)
const tags = fc.array(tag, { maxLength: 6 })

const countOf = (wanted: Tag, all: readonly Tag[]): number => all.filter((other) => tagEquals(wanted, other)).length

describe('tags are equal', () => {
  it('by key and value alone', () => {
    forAll([tag, tag], (one, other) => {
      expect(tagEquals(one, other)).toBe(one.key === other.key && one.value === other.value)
      expect(tagEquals(one, other)).toBe(tagsEqual([one], [other]))
    })
  })

  it('each as often as in the other, in any order', () => {
    forAll([tags, tags], (some, others) => {
      const everyOne = [...some, ...others]
      expect(tagsEqual(some, others)).toBe(everyOne.every((one) => countOf(one, some) === countOf(one, others)))
    })
  })

  it('to themselves in another order, and both ways round', () => {
    const shuffled = tags.chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length })),
    )
    forAll([shuffled, tags], ([some, same], others) => {
      expect(tagsEqual(some, same)).toBe(true)
      expect(tagsEqual(some, others)).toBe(tagsEqual(others, some))
      expect(tagsEqual(some, others)).toBe(tagsEqual(same, others))
    })
  })

  it('no more with one more of any', () => {
    forAll([tags, tag], (some, one) => {
      expect(tagsEqual(some, [...some, one])).toBe(false)
    })
  })

  it.each<[Tag, Tag]>([
    [{ key: 'env' }, { key: 'env', value: '' }],
    [
      { key: 'env', value: 'a' },
      { key: 'env', value: 'A' },
    ],
    [{ key: 'a', value: 'b' }, { key: 'a=b' }],
  ])('not where they are %j and %j', (one, other) => {
    expect(tagEquals(one, other)).toBe(false)
  })
})

describe('the tags that are missing', () => {
  it('make up for the difference, no more and no less', () => {
    forAll([tags, tags], (wanted, present) => {
      const missing = missingTags(wanted, present)
      for (const one of wanted)
        expect(countOf(one, missing)).toBe(Math.max(0, countOf(one, wanted) - countOf(one, present)))
      expect(missing.every((one) => wanted.includes(one))).toBe(true)
    })
  })
})

describe('a tag in words', () => {
  it('is written as people do', () => {
    expect([showTag({ key: 'a' }), showTag({ key: 'a', value: '' }), showTag({ key: 'a', value: 'b' })]).toEqual([
      'a',
      'a=',
      'a=b',
    ])
    expect(showTagLoss({ tag: { key: 'env', value: 'b' }, reason: 'second-value' })).toBe(
      'the tag "env=b" gives a key a second value, and this provider holds one',
    )
  })
})
