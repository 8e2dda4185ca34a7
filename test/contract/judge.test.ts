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
      delete: {
        parameters: [{ name: 'key', in: 'query', required: true, schema: { type: 'string' } }],
        responses: { 204: { headers: { 'x-left': { $ref: '#/components/headers/left' } } } },
      },
      put: {
        requestBody: {
          required: true,
          content: { 'application/json': { schema: { $ref: '#/components/schemas/thing' } } },
        },
        responses: { 204: {} },
      },
    },
    '/parts/{number}/{other}': {
      parameters: [{ name: 'number', in: 'path', required: true, schema: { type: 'integer' } }],
      get: { responses: { 204: {} } },
    },
    '/things/all': { get: { responses: { 200: { content: { 'application/json': { schema: { type: 'array' } } } } } } },
  },
  components: {
    headers: { left: { schema: { type: 'integer', minimum: 0 } } },
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
  responseHeaders: new Headers(),
  responseBody: { made: '2026-01-01T00:00:00Z' },
}
const put: Exchange = { ...fine, method: 'PUT', requestBody: fine.responseBody, status: 204, responseBody: undefined }

const deletion: Exchange = {
  ...fine,
  method: 'DELETE',
  query: new URLSearchParams('key=a'),
  status: 204,
  responseHeaders: new Headers({ 'X-Left': '7' }),
  responseBody: undefined,
}

const faultsOf = (exchange: Exchange) => judgeBy(specification, { about: '', places: [] })(exchange).faults.join('\n')

describe('the judge of exchanges', () => {
  it.each<[string, Exchange]>([
    ['a read', fine],
    ['a declared parameter', { ...fine, query: new URLSearchParams('limit=5') }],
    ['a write', put],
    ['a path without parameters before one with', { ...fine, path: '/things/all', responseBody: [] }],
    ['a parameter and a header that have to be there', deletion],
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
    ['what the specification does not have', { ...fine, path: '/elsewhere', responseBody: 7 }, /no GET .elsewhere/],
    ['another method than it has', { ...fine, method: 'PATCH' }, /no PATCH .things.7/],
    ['a parameter that is missing', { ...deletion, query: new URLSearchParams() }, /parameter key is missing/],
    ['a part of a path that is wrong', { ...deletion, method: 'GET', path: '/parts/x/y' }, /number must be integer/],
    [
      'a part of a path that is not declared',
      { ...deletion, method: 'GET', path: '/parts/1/y' },
      /other is not declared/,
    ],
    ['an answer without a header', { ...deletion, responseHeaders: new Headers() }, /x-left is missing with 204/],
    ['a wrong header', { ...deletion, responseHeaders: new Headers({ 'x-left': '-1' }) }, /x-left must be >= 0/],
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

  it('widens a list', () => {
    const judge = judgeBy(specification, {
      about: '',
      places: [{ pointer: '/components/schemas/thing/required', add: ['by'], reason: '' }],
    })
    expect(judge(fine).faults.join()).toMatch("required property 'by'")
    expect(judge({ ...fine, responseBody: { by: 'x' } }).faults.join()).toMatch("required property 'made'")
    const add = (pointer: string, word: string) =>
      judgeBy(specification, { about: '', places: [{ pointer, add: [word], reason: '' }] })
    expect(() => add('/components/schemas/thing/required', 'made')).toThrow('made already')
    expect(() => add('/components/schemas/thing/type', 'made')).toThrow('no list')
  })

  it('lets pass what is listed as missing in the specification, and nothing else', () => {
    const judge = judgeBy(specification, {
      about: '',
      places: [],
      unlisted: [{ operation: 'GET /other/{id}', reason: '' }],
    })
    expect(judge({ ...fine, path: '/other/7', responseBody: 7 })).toEqual({ operation: undefined, faults: [] })
    expect(judge({ ...fine, path: '/other/7', method: 'PUT' }).faults).toHaveLength(1)
    expect(judge({ ...fine, path: '/other/7/more' }).faults).toHaveLength(1)
    const unlisted = [{ operation: 'PUT /things/{id}', reason: '' }]
    expect(() => judgeBy(specification, { about: '', places: [], unlisted })).toThrow('is listed')
  })

  it('takes no correction of what is not there', () => {
    const correct = (pointer: string) => judgeBy(specification, { about: '', places: [{ pointer, reason: '' }] })
    expect(() => correct('/paths/~1elsewhere/get')).toThrow('/paths/~1elsewhere/get')
    expect(() => correct('/components/schemas/thing/enum')).toThrow('enum')
  })
})
