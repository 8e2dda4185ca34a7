import { describe, expect, it } from 'vitest'
import { holdingsOf } from '../../../adapters/gcore/holdings.ts'
import type { Region } from '../../../adapters/gcore/wire.ts'

const nothing = { virtual: false, bareMetal: false, gpu: false }
const anything = { virtual: true, bareMetal: true, gpu: true }
const flags = { has_kvm: false, has_baremetal: false, has_ai: false, has_ai_gpu: false }

describe('what a region may hold', () => {
  it.each<readonly [string, Omit<Region, 'id'>, object]>([
    ['nothing told', {}, anything],
    ['nothing told but null', { state: null, has_kvm: null, has_baremetal: null, has_ai_gpu: null }, anything],
    ['no servers', flags, nothing],
    ['virtual machines', { ...flags, has_kvm: true }, { ...nothing, virtual: true }],
    ['bare metal', { ...flags, has_baremetal: true }, { ...nothing, bareMetal: true }],
    ['GPU servers', { ...flags, has_ai_gpu: true }, { ...nothing, gpu: true }],
    ['servers for AI', { ...flags, has_ai: true }, { ...nothing, gpu: true }],
    ['maintenance', { ...flags, has_kvm: true, state: 'MAINTENANCE' }, { ...nothing, virtual: true }],
    ['a state nobody knows', { state: 'PAUSED' }, anything],
    ['its opening still to come', { state: 'NEW' }, nothing],
    ['been deleted', { state: 'DELETED', has_kvm: true }, nothing],
  ])('that has %s', (_, region, holdings) => {
    expect(holdingsOf({ id: 1, ...region })).toEqual(holdings)
  })

  it('is anything where the list of regions does not name it', () => {
    expect(holdingsOf(undefined)).toEqual(anything)
  })
})
