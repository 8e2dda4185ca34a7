import * as fc from 'fast-check'

/** Pieces that mean something to one of the tag grammars or to the escape: chance alone would hardly ever write them. */
const pieces = [
  '_',
  '__',
  '____',
  '61',
  '4e',
  'C3A9',
  'c3',
  'ff',
  '__61__',
  '__4E__',
  '__c3__',
  '__3a__',
  '__00__',
  '__none__',
  '__20__',
  '__5f5f36315f5f__',
  '__5f5f5f5f__',
  '__5f5f6e6f6e655f5f__',
  ':',
  '=',
  '-',
  '.',
  '/',
  ' ',
  '\t',
  '\n',
  '\u00a0',
  '\u0001',
  '\u0085',
  'a',
  'prod',
  'Name',
  'UPPER',
  'İ',
  'ß',
  'é',
  'e\u0301',
  '\ufeff',
  '日本',
  '😀',
  '\ud83d',
  '\ude00',
] as const

/** Any text, of fragments that matter and of random characters, with halves of surrogate pairs among them. */
export const anyText: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      { arbitrary: fc.constantFrom(...pieces), weight: 6 },
      { arbitrary: fc.string({ unit: 'binary', maxLength: 4 }), weight: 1 },
      { arbitrary: fc.string({ maxLength: 4 }), weight: 1 },
    ),
    { maxLength: 8 },
  )
  .map((parts) => parts.join(''))

/** Texts from nothing up to some way over the 255 characters that both providers allow. */
export const longText: fc.Arbitrary<string> = fc
  .tuple(fc.constantFrom('a', 'A', ':', '_', 'é', '😀'), fc.integer({ min: 60, max: 260 }), anyText)
  .map(([character, times, rest]) => character.repeat(times) + rest)

/** A tag of any text, its value absent, empty or any text. */
export const anyTag = fc.record(
  { key: fc.oneof({ arbitrary: anyText, weight: 12 }, longText), value: fc.oneof(anyText, fc.constant(''), longText) },
  { requiredKeys: ['key'] },
)
