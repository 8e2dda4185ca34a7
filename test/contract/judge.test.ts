import { describe, expect, it } from 'vitest'
import { type Exchange, judgeBy } from './specification.ts'

const specification = {
  openapi: '3.1.0',
  paths: {
    '/things/{id}': {
      parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
      get: {
        parameters: [{ name: 'limit', in: 'query', schema: { type: 'integer', maximum: 5 } }],
        responses: { 200: { $ref: '#/components/responses/thing' } },
      },
      put: {
        requestBody: {
          required: true,
          content: { 'application/json': { schema: { $ref: '#/components/schemas/thing' } } },
        },
        responses: { 204: {} },
      },
    },
    '/things/all': { get: { responses: { 200: { content: { 'application/json': { schema: { type: 'array' } } } } } } },
  },
  components: {
    responses: { thing: { content: { 'application/json': { schema: { $ref: '#/components/schemas/thing' } } } } },
    schemas: {
      thing: { type: 'object', required: ['made'], properties: { made: { type: 'string', format: 'date-time' } } },
    },
  },
}

const fine: Exchange = {
  method: 'GET',
  path: '/things/7',
  query: new URLSearchParams(),
  requestBody: undefined,
  status: 200,
  responseBody: { made: '2026-01-01T00:00:00Z' },
}
const put: Exchange = { ...fine, method: 'PUT', requestBody: fine.responseBody, status: 204, responseBody: undefined }

const faultsOf = (exchange: Exchange) => judgeBy(specification, { about: '', places: [] })(exchange).faults.join('\n')

describe('the judge of exchanges', () => {
  it.each<[string, Exchange]>([
    ['a read', fine],
    ['a declared parameter', { ...fine, query: new URLSearchParams('limit=5') }],
    ['a write', put],
    ['a path without parameters before one with', { ...fine, path: '/things/all', responseBody: [] }],
    ['what the specification does not have', { ...fine, path: '/elsewhere', responseBody: 7 }],
  ])('has nothing against %s', (_, exchange) => {
    expect(faultsOf(exchange)).toBe('')
  })

  it.each<[string, Exchange, RegExp]>([
    ['an answer without a field', { ...fine, responseBody: {} }, /required property 'made'/],
    ['an answer of another format', { ...fine, responseBody: { made: 'now' } }, /date-time/],
    ['an answer without a body', { ...fine, responseBody: undefined }, /no body/],
    ['a status that is not declared', { ...fine, status: 404 }, /status 404/],
    ['a body where none is declared', { ...put, responseBody: {} }, /body is answered/],
    ['a parameter that is not declared', { ...fine, query: new URLSearchParams('page=1') }, /page is not declared/],
    ['a parameter out of bounds', { ...fine, query: new URLSearchParams('limit=6') }, /limit must be <= 5/],
    ['a request without its body', { ...put, requestBody: undefined }, /body is missing/],
    ['a request with a wrong body', { ...put, requestBody: { made: 7 } }, /must be string/],
    ['a body sent where none is declared', { ...fine, requestBody: {} }, /none is declared/],
  ])('finds %s', (_, exchange, message) => {
    expect(faultsOf(exchange)).toMatch(message)
  })

  it('goes by what is corrected', () => {
    const judge = judgeBy(specification, {
      about: '',
      formats: { 'date-time': { pattern: '^now$', reason: '' } },
      errors: { schema: { type: 'object', required: ['message'] }, reason: '' },
      places: [
        { pointer: '/paths/~1things~1{id}/get/parameters/1', value: { name: 'page', in: 'query' }, reason: '' },
        { pointer: '/components/schemas/thing/required', reason: '' },
      ],
    })
    expect(judge({ ...fine, query: new URLSearchParams('page=1'), responseBody: { made: 'now' } }).faults).toEqual([])
    expect(judge({ ...fine, responseBody: {} }).faults).toEqual([])
    expect(judge({ ...fine, status: 404, responseBody: { message: 'no' } }).faults).toEqual([])
    expect(judge({ ...fine, status: 404, responseBody: {} }).faults).toHaveLength(1)
  })

  it('takes no correction of what is not there', () => {
    const correct = (pointer: string) => judgeBy(specification, { about: '', places: [{ pointer, reason: '' }] })
    expect(() => correct('/paths/~1elsewhere/get')).toThrow('/paths/~1elsewhere/get')
    expect(() => correct('/components/schemas/thing/enum')).toThrow('enum')
  })
})
