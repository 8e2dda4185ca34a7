import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { byteReader } from '../../src/inspect/byte-reader.ts'
import { noPart, type Part, wholeFile } from '../../src/inspect/reading.ts'
import { openArchive } from '../../src/inspect/wrapping/archive.ts'
import { openLayer } from '../../src/inspect/wrapping/open-layer.ts'
import { readArchive, readCompression } from '../../src/inspect/wrapping/recognise.ts'
import { readText, textKind } from '../../src/inspect/wrapping/text.ts'
import { measuredLook } from './measured-look.ts'

const latin1 = (text: string): Uint8Array => Buffer.from(text, 'latin1')
const reader = (text: string) => byteReader(latin1(text))

describe('what is around a file', () => {
  it.each([
    ['gzip', '\x1f\x8b\x08\0'],
    ['xz', '\xfd7zXZ\0\0\x04'],
    ['zstd', '\x28\xb5\x2f\xfd\x24'],
    ['zstd', '\x50\x2a\x4d\x18\x04\0\0\0abcd\x28\xb5\x2f\xfd'],
    ['zstd', '\x5f\x2a\x4d\x18\0\0\0\0\x51\x2a\x4d\x18\x01\0\0\0a\x28\xb5\x2f\xfd'],
    ['bzip2', 'BZh91AY&SY....'],
    ['bzip2', 'BZh1\x17rE8P\x90'],
  ])('is %s by its first bytes: %j', (compression, bytes) => {
    expect(readCompression(reader(bytes))).toBe(compression)
  })

  it.each([
    '',
    'BZh0',
    'BZh9....',
    '\x1f\x8b\x07',
    '\x50\x2a\x4d\x18\x04\0\0\0abcd\x04\x22\x4d\x18',
    '\x50\x2a\x4d\x18\xff\xff\xff\xff',
    '\x60\x2a\x4d\x18\0\0\0\0\x28\xb5\x2f\xfd',
  ])('is not known by %j', (bytes) => {
    expect(readCompression(reader(bytes))).toBeUndefined()
    expect(readArchive(reader(bytes))).toBeUndefined()
  })
})

describe('a text instead of a file', () => {
  it.each([
    ['html', '<!doctype html><p>Log in'],
    ['html', '\n <HTML lang="en">'],
    ['html', '\xef\xbb\xbf<!DOCTYPE html>'],
    ['html', '<!-- x --><html>'],
    ['xml', '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>AccessDenied</Code></Error>'],
    ['xml', '<Error><Code>NoSuchKey</Code></Error>'],
    ['json', '{"error": "not found"}'],
    ['json', ' {\n  "errors": []\n}\n'],
    ['json', '{}'],
    ['json', '[{"message":"no"}]'],
    ['json', '["no"]'],
  ] as const)('is %s: %j', async (kind, text) => {
    expect(textKind(reader(text))).toBe(kind)
    expect((await measuredLook(readText, latin1(text))).answer).toBe(kind)
  })

  it.each(['', '<', 'html', '# Disk DescriptorFile\nversion=1', '{', '[boot]', '{"a"\0}', '<html>\0', 'not found'])(
    'is not seen in %j',
    (text) => {
      expect(textKind(reader(text))).toBeUndefined()
    },
  )
})

describe('any bytes', () => {
  const magics = [
    '\x1f\x8b\x08',
    '\xfd7zXZ\0',
    '\x28\xb5\x2f\xfd',
    'BZh91AY&SY',
    '\x50\x2a\x4d\x18\0\0\0\0\x28\xb5\x2f\xfd',
    'PK\x03\x04',
  ]
  const shortages = [undefined, 'end', 'unavailable', 'damaged'] as const

  it('give an answer, whatever is granted, and wishes are few and no longer than they may be', () => {
    const grant = fc.record({
      bytes: fc.uint8Array({ maxLength: 400 }),
      short: fc.constantFrom(...shortages),
    })
    const property = fc.property(
      fc.constantFrom(...magics),
      fc.array(grant, { minLength: 1, maxLength: 8 }),
      fc.option(fc.oneof(fc.nat(2000), fc.nat(), fc.maxSafeNat()), { nil: undefined }),
      (magic, grants, length) => {
        const answers = grants.map(
          ({ bytes, short }): Part => ({ bytes: Buffer.concat([latin1(magic), bytes]), ...(short && { short }) }),
        )
        const file = wholeFile(length)
        for (const open of [openLayer, openArchive]) {
          const reading = open(file)
          let step = reading.next()
          let wishes = 0
          while (step.done !== true) {
            const wish = step.value
            if (wish.kind === 'bytes') {
              expect(Number.isSafeInteger(wish.at) && wish.at >= 0).toBe(true)
              expect(Number.isSafeInteger(wish.length) && wish.length > 0).toBe(true)
              expect(wish.length).toBeLessThanOrEqual(320 * 1024)
            } else {
              expect(wish.most).toBeLessThanOrEqual(64 * 2 ** 20)
            }
            wishes += 1
            const most = wish.kind === 'bytes' ? wish.length : wish.most
            const part = answers[wishes % answers.length] ?? noPart('unavailable')
            step = reading.next({ ...part, bytes: part.bytes.subarray(0, most) })
          }
          expect(wishes).toBeLessThan(1300)
        }
      },
    )
    fc.assert(property, { numRuns: 1000 })
  })

  it('inside a layer are asked for at most four times for each place', () => {
    const property = fc.property(
      fc.constantFrom(...magics.slice(0, 5)),
      fc.array(fc.tuple(fc.maxSafeNat(), fc.nat(2 ** 20)), { minLength: 1, maxLength: 6 }),
      fc.array(fc.tuple(fc.nat(5000), fc.constantFrom(...shortages)), { minLength: 1, maxLength: 6 }),
      (magic, places, grants) => {
        const bytes = Buffer.concat([latin1(magic), Buffer.alloc(6000, 7)])
        const opening = openLayer(wholeFile(10 * 2 ** 20))
        let turn = 0
        const grant = (most: number): Part => {
          turn += 1
          const [length, short] = grants[turn % grants.length] ?? [0, undefined]
          return { bytes: bytes.subarray(0, Math.min(length + 12, most)), ...(short && { short }) }
        }
        let opened = opening.next()
        while (opened.done !== true) {
          opened = opening.next(grant(opened.value.kind === 'bytes' ? opened.value.length : opened.value.most))
        }
        for (const [at, length] of opened.value === undefined ? [] : places) {
          const reading = opened.value?.inside.read(at, length)
          let step = reading?.next()
          let wishes = 0
          while (step !== undefined && step.done !== true) {
            wishes += 1
            if (step.value.kind === 'bytes') expect(step.value.at + step.value.length).toBeLessThanOrEqual(925_000)
            step = reading?.next(grant(step.value.kind === 'bytes' ? step.value.length : step.value.most))
          }
          expect(wishes).toBeLessThanOrEqual(4)
          const part = step?.value
          expect((part?.bytes.length ?? 0) <= length).toBe(true)
          expect(part?.short === undefined).toBe(part?.bytes.length === length)
        }
      },
    )
    fc.assert(property, { numRuns: 500 })
  })
})
