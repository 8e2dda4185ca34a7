import { inspect } from 'node:util'
import { ImageStoreError, type ImageStoreErrorKind, isImageStoreError, isTransient } from 'imageferry'
import { describe, expect, it } from 'vitest'
import { asKind, withDetails } from '../../src/model/error.ts'

const transience: Readonly<Record<ImageStoreErrorKind, boolean>> = {
  'not-found': false,
  'already-exists': false,
  'invalid-argument': false,
  unauthenticated: false,
  'permission-denied': false,
  'rate-limited': true,
  'quota-exceeded': false,
  'in-use': false,
  locked: false,
  conflict: false,
  unavailable: true,
  timeout: true,
  canceled: false,
  unsupported: false,
  'unexpected-response': false,
  'import-failed': false,
  'operation-failed': false,
}

const details = {
  store: 'digitalocean',
  operation: 'get',
  status: 404,
  requestId: 'r1',
  retryAfterSeconds: 29,
  hint: 'Look again',
  fields: { name: 'short' },
  completed: ['name'],
}

describe('an error', () => {
  it.each(Object.entries(transience))('of the kind %s is transient: %s', (kind, expected) => {
    const error = new ImageStoreError(kind as ImageStoreErrorKind, 'text')
    expect(error).toMatchObject({ kind, message: 'text', name: 'ImageStoreError' })
    expect(error).toBeInstanceOf(Error)
    expect(isTransient(error)).toBe(expected)
  })

  it('carries its details, and nothing where there are none', () => {
    const error = new ImageStoreError('not-found', 'text', { ...details, hint: undefined })
    const { hint: _, ...others } = details
    expect(error).toMatchObject(others)
    expect('hint' in error).toBe(false)
    expect(Object.keys(new ImageStoreError('conflict', 'text'))).toEqual(['kind', 'name'])
  })

  it('is written as JSON with its message', () => {
    const error = new ImageStoreError('not-found', 'text', details)
    expect(JSON.parse(JSON.stringify(error))).toEqual({
      name: 'ImageStoreError',
      kind: 'not-found',
      message: 'text',
      ...details,
    })
  })

  it('shows its kind and its details when it is printed', () => {
    const printed = inspect(new ImageStoreError('not-found', 'text', details))
    for (const part of ['ImageStoreError: text', "kind: 'not-found'", 'status: 404', "requestId: 'r1'", "hint: 'Look"])
      expect(printed).toContain(part)
  })

  it('is known from values that are none, also where another copy of the package made it', () => {
    expect(isImageStoreError(new ImageStoreError('timeout', 'text'))).toBe(true)
    const foreign = Object.assign(new Error('text'), { [Symbol.for('imageferry.ImageStoreError')]: true })
    expect(isImageStoreError(foreign)).toBe(true)
    for (const value of [undefined, null, 'timeout', new Error('timeout'), { kind: 'timeout' }, []])
      expect(isImageStoreError(value)).toBe(false)
  })
})

describe('an error with more said about it', () => {
  it('keeps its kind, its message, where it happened and what it said before', () => {
    const error = new ImageStoreError('conflict', 'text', { status: 409, store: 'first' })
    const further = withDetails(error, { store: 'second', operation: 'delete', hint: undefined })
    expect(further).toMatchObject({
      kind: 'conflict',
      message: 'text',
      status: 409,
      store: 'first',
      operation: 'delete',
    })
    expect(further.stack).toBe(error.stack)
    expect(error).not.toHaveProperty('operation')
  })

  it('as one of another kind takes what is known now', () => {
    const error = new ImageStoreError('conflict', 'text', { status: 409, hint: 'before' })
    const locked = asKind(error, 'locked', { hint: 'now' })
    expect(locked).toMatchObject({ kind: 'locked', message: 'text', status: 409, hint: 'now' })
    expect(asKind(error, 'in-use')).toMatchObject({ kind: 'in-use', hint: 'before' })
    expect(locked.stack).toContain('error.test.ts')
  })
})
