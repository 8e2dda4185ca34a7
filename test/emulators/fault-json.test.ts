import { describe, expect, it } from 'vitest'
import type { ScriptedFault } from '../../src/emulator/fault.ts'
import { readDrawnFaults, readScriptedFault } from '../../src/emulator/fault-json.ts'
import { faultPlan } from '../../src/emulator/fault-plan.ts'

const reset = { kind: 'reset' } as const
const answered = (headers: object) => ({ fault: { kind: 'answer', status: 503, headers } })

describe('a fault', () => {
  it.each([
    ['nths: is not', { fault: reset, nths: 3 }],
    ['paths: is not', { fault: reset, paths: '/v2' }],
    ['fault: at: is not', { fault: { ...reset, at: 'after-commit' } }],
    ['fault: status: is not', { fault: { ...reset, status: 500 } }],
    ['fault: is missing', {}],
    ['fault: kind: should be one of answer, reset', { fault: { kind: 'no such' } }],
    ['fault: kind: ', { fault: { kind: 'toString' } }],
    ['fault: when: should be one of', { fault: { kind: 'reset', when: 'later' } }],
    ['fault: status: is missing', { fault: { kind: 'answer' } }],
    ['fault: status: should be a whole number from 200 to 599', { fault: { kind: 'answer', status: 99 } }],
    ['fault: delayMs: ', { fault: { kind: 'slow', delayMs: -1 } }],
    ['fault: delayMs: ', { fault: { kind: 'late-commit', delayMs: Number.POSITIVE_INFINITY } }],
    ['method: should be one of GET', { fault: reset, method: 'FETCH' }],
    ['method: ', { fault: reset, method: 5 }],
    ['path: ', { fault: reset, path: 'v2/images' }],
    ['path: ', { fault: reset, path: '/v2/images?page=1' }],
    ['nth: ', { fault: reset, nth: 0 }],
    ['times: ', { fault: reset, times: 1.5 }],
    ['fault: headers: x y: HTTP cannot', answered({ 'x y': '1' })],
    ['fault: headers: : HTTP cannot', answered({ '': '1' })],
    ['fault: headers: x-long: HTTP cannot', answered({ 'x-long': 'a\r\nb' })],
    ['fault: headers: x-word: HTTP cannot', answered({ 'x-word': '\u4e2d' })],
    ['fault: headers: x-number: should be a text', answered({ 'x-number': 5 })],
    ['fault: headers: should be an object', answered(['a'])],
    ['fault: body: ', { fault: { kind: 'answer', status: 200, body: 1n } }],
  ])('is refused: %s', (message, fault) => {
    expect(() => readScriptedFault(fault)).toThrow(`scripted fault: ${message}`)
    const plan = faultPlan()
    expect(() => plan.script(fault as ScriptedFault)).toThrow(message)
    expect(plan.next({ method: 'GET', path: '/' })).toBeUndefined()
  })

  it.each([
    ['rate: ', { seed: 1, rate: 2 }],
    ['rate: is missing', { seed: 1 }],
    ['seed: ', { seed: 1.5, rate: 1 }],
    ['rates: is not', { seed: 1, rate: 1, rates: 2 }],
    ['faults: should have a fault', { seed: 1, rate: 1, faults: [] }],
    ['faults: 0: kind: ', { seed: 1, rate: 1, faults: [{}] }],
    ['faults: should be a list', { seed: 1, rate: 1, faults: reset }],
  ])('to be drawn is refused: %s', (message, faults) => {
    expect(() => readDrawnFaults(faults)).toThrow(`drawn faults: ${message}`)
  })

  it('may tell its method in any case, and leave open what may be left open', () => {
    const plan = faultPlan()
    plan.script({ method: 'post', path: '/v2', nth: undefined, times: undefined, fault: { ...reset, when: undefined } })
    expect(plan.next({ method: 'GET', path: '/v2/images' })).toBeUndefined()
    expect(plan.next({ method: 'POST', path: '/v2/images' })).toEqual({ kind: 'reset' })
    plan.draw({ seed: 1, rate: 1, method: 'Delete', faults: [reset] })
    expect(plan.next({ method: 'DELETE', path: '/' })).toEqual(reset)
    expect(plan.next({ method: 'PUT', path: '/' })).toBeUndefined()
  })
})
