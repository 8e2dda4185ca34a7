import { expect, it } from 'vitest'
import { asInspectError, InspectError, isInspectError } from '../../src/inspect/inspect-error.ts'

it('is data when it is written down, with what is known and nothing else', () => {
  const error = new InspectError('unreachable', 'No file', { status: 404, hint: undefined })
  expect(JSON.parse(JSON.stringify(error))).toEqual({
    name: 'InspectError',
    kind: 'unreachable',
    message: 'No file',
    status: 404,
  })
  expect('hint' in error).toBe(false)
})

it('is known by its brand, not by its class', () => {
  expect(isInspectError(new InspectError('changed', 'Changed'))).toBe(true)
  expect(isInspectError({ [Symbol.for('imageferry.InspectError')]: true })).toBe(true)
  for (const other of [new Error('changed'), undefined, null, 'changed', {}]) expect(isInspectError(other)).toBe(false)
})

it('is made of anything that was thrown, without its words', () => {
  const error = new InspectError('timeout', 'Late')
  expect(asInspectError(error)).toBe(error)
  const other = Object.assign(new Error('GET https://example.com/?signature=concealed'), { code: 'EIO' })
  expect(asInspectError(other)).toMatchObject({ kind: 'unreadable', message: 'The look at the file has failed (EIO)' })
  expect(asInspectError('concealed').message).not.toContain('concealed')
})
