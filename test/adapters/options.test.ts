import { inspect } from 'node:util'
import { ImageStoreError } from 'imageferry'
import { digitalOcean } from 'imageferry/digitalocean'
import { gcore } from 'imageferry/gcore'
import { memory } from 'imageferry/memory'
import { describe, expect, it } from 'vitest'

const secret = 'a-very-secret\ntoken'

const thrownBy = (make: () => unknown): ImageStoreError => {
  try {
    make()
  } catch (error) {
    if (error instanceof ImageStoreError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

const cases: readonly (readonly [what: string, field: string, make: () => unknown])[] = [
  ['an empty token', 'token', () => digitalOcean({ token: '' })],
  ['a token that is none', 'token', () => digitalOcean({ token: undefined as unknown as string })],
  ['a token with a line break', 'token', () => digitalOcean({ token: secret })],
  ['an empty key', 'apiKey', () => gcore({ apiKey: '', project: 1 })],
  ['a key with a line break', 'apiKey', () => gcore({ apiKey: secret, project: 1 })],
  ['a project without a name', 'project', () => gcore({ apiKey: 'key', project: ' ' })],
  ['a project of 0', 'project', () => gcore({ apiKey: 'key', project: 0 })],
  ['a region without a name', 'regions', () => gcore({ apiKey: 'key', project: 1, regions: ['76', ''] })],
  ['a base URL that is none', 'baseUrl', () => digitalOcean({ token: 'token', baseUrl: 'api.digitalocean.com' })],
  ['a base URL in the clear', 'baseUrl', () => digitalOcean({ token: 'token', baseUrl: 'http://api.example.com' })],
  [
    'a base URL with credentials',
    'baseUrl',
    () => gcore({ apiKey: 'k', project: 1, baseUrl: 'https://a:b@c.example' }),
  ],
  ['a base URL with a query', 'baseUrl', () => digitalOcean({ token: 'token', baseUrl: 'https://c.example/?a=b' })],
  [
    'a base URL with an empty query',
    'baseUrl',
    () => gcore({ apiKey: 'k', project: 1, baseUrl: 'https://c.example?' }),
  ],
  ['a base URL with a fragment', 'baseUrl', () => gcore({ apiKey: 'k', project: 1, baseUrl: 'https://c.example/#x' })],
  ['a name that no ref can hold', 'name', () => digitalOcean({ token: 'token', name: 'a:b' })],
  ['an empty name', 'name', () => memory({ name: '' })],
]

describe('options that can never work', () => {
  it.each(cases)('are refused at once: %s', (_, field, make) => {
    const error = thrownBy(make)
    expect(error.kind).toBe('invalid-argument')
    expect(Object.keys(error.fields ?? {})).toEqual([field])
    expect(`${inspect(error, { depth: 9 })}${error.stack}`).not.toContain('a-very-secret')
  })
})

describe('options that work', () => {
  it('give a store its name, and refs with it', () => {
    expect(digitalOcean({ token: 'token' }).name).toBe('digitalocean')
    expect(digitalOcean({ token: 'token', name: 'team-a' }).name).toBe('team-a')
    expect(gcore({ apiKey: '1234$abcdef', project: '7', name: 'prod.eu' }).name).toBe('prod.eu')
  })

  it('allow plain HTTP on this machine, for emulators', () => {
    for (const host of ['127.0.0.1:8080', 'localhost', '[::1]:9'])
      expect(digitalOcean({ token: 'token', baseUrl: `http://${host}` }).provider).toBe('digitalocean')
  })
})
