import * as fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { parseTimestamp } from '../../src/model/timestamp.ts'
import { forAll } from '../for-all.ts'

const zoneOfThisProcess = process.env['TZ']

const livingIn = (zone: string | undefined) => {
  if (zone === undefined) delete process.env['TZ']
  else process.env['TZ'] = zone
}

afterEach(() => livingIn(zoneOfThisProcess))

/**
 * Where a process may live, with what it is behind UTC in June 2026, in minutes: with and without changes of the clock (of
 * half an hour on Lord Howe Island), and both edges of the day.
 */
const zones = [
  ['UTC', 0],
  ['Asia/Kolkata', -330],
  ['Europe/Berlin', -120],
  ['America/New_York', 240],
  ['Australia/Lord_Howe', -630],
  ['Pacific/Kiritimati', -840],
  ['Pacific/Pago_Pago', 660],
] as const

/** Every second of forty years, the hours that a change of the clock skips or repeats among them. */
const instant = fc.oneof(
  fc.date({ min: new Date('1995-01-01T00:00:00Z'), max: new Date('2035-01-01T00:00:00Z'), noInvalidDate: true }),
  fc
    .constantFrom('2026-03-29T01:30:00Z', '2026-10-25T00:30:00Z', '2026-03-08T07:30:00Z', '2026-11-01T05:30:00Z')
    .map((stamp) => new Date(stamp)),
)

describe.each(zones)('a time stamp read in %s', (zone, behindUtc) => {
  it('is read there', () => {
    livingIn(zone)
    expect(new Date('2026-06-01T12:00:00').getTimezoneOffset()).toBe(behindUtc)
  })

  it('means UTC where it names no zone', () => {
    livingIn(zone)
    forAll(
      [instant],
      (date) => {
        const zoneLess = date.toISOString().slice(0, -1)
        for (const text of [
          zoneLess,
          zoneLess.replace('T', ' '),
          `${zoneLess}Z`,
          `${zoneLess}+00:00`,
          `${zoneLess}+0000`,
        ])
          expect(Date.parse(parseTimestamp(text) ?? '')).toBe(date.getTime())
      },
      200,
    )
  })

  it('means its own zone where it names one', () => {
    livingIn(zone)
    expect(Date.parse(parseTimestamp('2026-06-01T12:00:00+02:00') ?? '')).toBe(Date.parse('2026-06-01T10:00:00Z'))
    expect(Date.parse(parseTimestamp('2026-06-01T12:00:00-0530') ?? '')).toBe(Date.parse('2026-06-01T17:30:00Z'))
  })
})

describe('a time stamp', () => {
  it.each([
    ['2018-09-20T19:28:00Z', '2018-09-20T19:28:00Z'],
    ['2024-05-05T14:51:26.570866', '2024-05-05T14:51:26.570866Z'],
    ['2026-05-31T10:00:00+00:00', '2026-05-31T10:00:00+00:00'],
    ['2020-03-09T10:16:45+0000', '2020-03-09T10:16:45+00:00'],
    ['2026-05-23T05:07:31', '2026-05-23T05:07:31Z'],
    ['2026-05-23 05:07:31', '2026-05-23T05:07:31Z'],
    ['2026-05-23t05:07:31z', '2026-05-23T05:07:31Z'],
  ])('%s is %s', (text, stamp) => {
    expect(parseTimestamp(text)).toBe(stamp)
  })

  it.each([
    '',
    ' ',
    'yesterday',
    '2026',
    '2026-05-23',
    '2026-13-01T00:00:00Z',
    '2026-05-32T00:00:00Z',
    '2026-05-23T24:01:00Z',
  ])('is not %j', (text) => {
    expect(parseTimestamp(text)).toBeUndefined()
  })

  it.each(['2026-02-30T00:00:00Z', '2026-02-29T12:00:00', '2026-04-31T00:00:00+0000', '1900-02-29T00:00:00Z'])(
    'is not %s, a day that no calendar has',
    (text) => {
      expect(parseTimestamp(text)).toBeUndefined()
    },
  )

  it('is every day that the calendar has', () => {
    for (let time = Date.UTC(1999, 0, 1); time < Date.UTC(2005, 0, 1); time += 24 * 60 * 60 * 1000)
      expect(parseTimestamp(new Date(time).toISOString())).toBeDefined()
  })

  it.each(['2024-02-29T00:00:00Z', '2000-02-29T12:00:00'])('is %s, the day of a leap year', (text) => {
    expect(parseTimestamp(text)).toBeDefined()
  })

  const part = fc.constantFrom(
    '2026',
    '-',
    '02',
    '30',
    'T',
    ' ',
    '12',
    ':',
    '59',
    '60',
    '.5',
    '.',
    'Z',
    '+',
    '00',
    '24',
  )
  it('that is read can be read by everyone', () => {
    const digits = (least: number, most: number) =>
      fc.integer({ min: least, max: most }).map((n) => String(n).padStart(2, '0'))
    const likely = fc
      .tuple(
        digits(0, 13),
        digits(0, 32),
        digits(0, 24),
        digits(0, 60),
        fc.constantFrom('', 'Z', '+0000', '-23:59', '+2400'),
      )
      .map(([month, day, hour, minute, zone]) => `2026-${month}-${day}T${hour}:${minute}:00${zone}`)
    const random = fc.array(part, { maxLength: 14 }).map((parts) => parts.join(''))
    forAll([fc.oneof(likely, random, fc.string())], (text) => {
      const stamp = parseTimestamp(text)
      if (stamp === undefined) return
      expect(Date.parse(stamp)).not.toBeNaN()
      expect(stamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/)
    })
  })
})
