import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { heldKeyOf, keyTag, readKey, reasonsAgainstKey, writeKey } from '../../../adapters/gcore/key-tag.ts'
import { forAll } from '../../for-all.ts'

const digest = '0123456789abcdef'
const anyKey = fc.string({ unit: 'binary', minLength: 1, maxLength: 300 }).filter((key) => key.trim() !== '')
const anyKind = fc.constantFrom('import' as const, 'capture' as const)

describe('the tag of an operation key', () => {
  it('says every key that is taken, in a value that Gcore takes, in tags of every era', () => {
    forAll([anyKind, anyKey], (kind, key) => {
      if (Object.keys(reasonsAgainstKey(key)).length > 0) return
      const held = { kind, key, digest }
      const value = writeKey(held)
      expect(value).toMatch(/^[\x21-\x7e]{1,255}$/)
      expect(value).not.toContain('=')
      const tag = { key: keyTag, value }
      for (const tags of [
        { tags_v2: [tag] },
        { tags: [tag] },
        { tags: [`${keyTag}=${value}`] },
        { metadata_detailed: [tag] },
      ])
        expect(heldKeyOf(tags)).toEqual(held)
    })
  })

  it('is read out of nothing else', () => {
    forAll([fc.string({ unit: 'binary' })], (text) => {
      const held = readKey(text)
      expect(held === undefined || writeKey(held).length === text.length).toBe(true)
    })
    for (const value of [
      '',
      'import:',
      'import::0123456789abcdef',
      'delete:a:0123456789abcdef',
      'import:%ff:0123456789abcdef',
    ])
      expect(readKey(value)).toBeUndefined()
  })

  it('has room for 230 characters of an escaped key', () => {
    expect(reasonsAgainstKey('x'.repeat(230))).toEqual({})
    expect(writeKey({ kind: 'capture', key: 'x'.repeat(230), digest })).toHaveLength(255)
    expect(Object.keys(reasonsAgainstKey('é'.repeat(39)))).toEqual(['key'])
  })
})
