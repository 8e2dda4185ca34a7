import { dryRun, type ImageStore, limited, observed, type Runtime, readOnly, systemRuntime } from 'imageferry'
import { type ConformanceHarness, conformance } from 'imageferry/conformance'
import { memory } from 'imageferry/memory'
import { describe, expect, it } from 'vitest'
import { memorySubject } from '../memory-subject.ts'

type Decorate = (store: ImageStore, runtime: Runtime) => ImageStore

/** The memory store behind a decorator, for the suite; a dry run can only be put to the cases of a store that reads. */
const harness = (name: string, decorate: Decorate, cases: Decorate = decorate): ConformanceHarness => ({
  name: `memory, ${name},`,
  capabilities: cases(memory(), systemRuntime).capabilities,
  start: async () => memorySubject(decorate),
})

const runner = { describe, it }
const aLimit: Decorate = (store, runtime) => limited(store, { concurrency: 1, runtime })
const aDryRun: Decorate = (store, runtime) => dryRun(store, () => {}, { runtime })
const anObserver: Decorate = (store, runtime) => observed(store, () => {}, { runtime })

conformance(runner, harness('limited', aLimit))
conformance(runner, harness('observed', anObserver))
conformance(
  runner,
  harness('limited and observed', (store, runtime) => anObserver(aLimit(store, runtime), runtime)),
)
conformance(runner, harness('read-only', readOnly))
conformance(runner, {
  ...harness('as a dry run', aDryRun, readOnly),
  // It answers writes itself, so that there is nothing to hold back.
  start: async () => ({ ...memorySubject(aDryRun), holdAnswers: undefined }),
})

describe('every decorator', () => {
  it.each<[string, (store: ImageStore) => ImageStore]>([
    ['limited', (store) => limited(store, { concurrency: 2 })],
    ['observed', (store) => observed(store, () => {})],
    ['read-only', readOnly],
    ['dry run', (store) => dryRun(store, () => {})],
  ])('%s is a store of the same members, name and provider', (_, decorate) => {
    const store = memory({ name: 'team-a' })
    const decorated = decorate(store)
    expect(Object.keys(decorated).sort()).toEqual(Object.keys(store).sort())
    expect(decorated).toMatchObject({ name: 'team-a', provider: 'memory' })
  })
})
