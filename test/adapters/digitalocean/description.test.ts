import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Description,
  readTrailer,
  reasonsAgainstKey,
  withText,
  writeDescription,
} from '../../../adapters/digitalocean/description.ts'
import { toImage } from '../../../adapters/digitalocean/image.ts'
import { specDigest } from '../../../src/store/spec-digest.ts'
import { forAll } from '../../for-all.ts'

const read = (written: string): Description => readTrailer(written) ?? { text: written }

const anyText = fc.string({ unit: 'binary', maxLength: 60 })
/** Text that is close to a trailer, or is one. */
const nearTrailer = fc
  .array(
    fc.constantFrom(
      ' ',
      '[imageferry:1:',
      'key',
      '%2',
      '%20',
      ':',
      'abc',
      ']',
      '[imageferry:1::]',
      '[imageferry:1:k:0]',
      '[imageferry:1:k:0:7]',
    ),
    { maxLength: 8 },
  )
  .map((parts) => parts.join(''))
const text = fc.oneof(anyText, nearTrailer)
const key = text.filter((one) => Object.keys(reasonsAgainstKey(one)).length === 0)

describe('a description', () => {
  it('survives, with a key and without, whatever is in it, and so does the key', () => {
    forAll([text, key], (text, key) => {
      expect(read(writeDescription({ text, key, digest: 'abc' }))).toEqual({ text, key, digest: 'abc' })
      const captured = { text, key, digest: 'abc', server: '7' }
      expect(read(writeDescription(captured))).toEqual(captured)
      expect(read(withText(writeDescription(captured), 'other'))).toEqual({ ...captured, text: 'other' })
      expect(read(writeDescription({ text }))).toEqual({ text })
    })
  })

  it('can be changed any number of times, and the key stays', () => {
    forAll([text, text, key], (first, second, key) => {
      const once = withText(writeDescription({ text: first, key, digest: 'abc' }), second)
      expect(read(once)).toEqual({ text: second, key, digest: 'abc' })
      expect(read(withText(writeDescription({ text: first }), second)).key).toBeUndefined()
    })
  })

  it('is read by an image without its trailer', () => {
    const wire = { id: 7, description: 'the web server [imageferry:1:run%204711:00ff]' }
    expect(toImage('team-a', wire)).toMatchObject({
      description: 'the web server',
      provenance: { operation: 'team-a:import/7', key: 'run 4711' },
    })
    const blank = toImage('team-a', { id: 7, description: '[imageferry:1:k:0]' })
    expect([blank.description, blank.provenance?.key]).toEqual([undefined, 'k'])
  })

  it.each([
    'text',
    '[imageferry:1:k:0] behind it',
    '[imageferry:1:%:0]',
    '[imageferry:1:%ff:0]',
    '[imageferry:1:k:]',
    '[imageferry:1:k:0:]',
    '[imageferry:1:k:0:x]',
    '[imageferry:2:k:0]',
    'a]',
  ])('without a trailer is read as it stands: %s', (description) => {
    expect(toImage('team-a', { id: 7, description })).toMatchObject({ description, provenance: undefined })
  })
})

describe('the digest of a spec', () => {
  const spec = { name: 'web', url: 'https://host.example/web.qcow2?sig=1', region: 'nyc3' }

  it('is the same for another signature, and holds nothing of the URL', () => {
    expect(specDigest({ ...spec, url: 'https://user:pw@host.example/web.qcow2?sig=2#x' })).toBe(specDigest(spec))
    expect(specDigest(spec)).toMatch(/^[0-9a-f]{16}$/)
  })

  it.each([{ name: 'other' }, { region: 'ams3' }, { url: 'https://host.example/other.qcow2' }])(
    'is another for %j',
    (more) => {
      expect(specDigest({ ...spec, ...more })).not.toBe(specDigest(spec))
    },
  )
})
