import { strict as assert } from 'node:assert'
import { formatOperationRef, type OperationRef } from '../../model/ref.ts'
import { importSpec, outcomesOf, sendingNothing, succeed } from '../expect.ts'
import type { ConformanceCase } from '../subject.ts'

const several = 5

/** What `getOperations` promises. */
export const operations: readonly ConformanceCase[] = [
  {
    sentence: 'there is one result for each ref, in order, and one that cannot be found does not fail the others',
    check: async (subject) => {
      const { store } = subject
      const one = await succeed(store.importFromUrl(importSpec(subject, 'operation-one')))
      const two = await succeed(store.importFromUrl(importSpec(subject, 'operation-two')))
      const malformed = `${store.name}:no operation` as OperationRef
      const refs = [
        one.ref,
        subject.unknownOperation as OperationRef,
        two.ref,
        malformed,
        formatOperationRef('another-store', '1'),
      ]
      const results = await succeed(store.getOperations(refs))
      assert.deepEqual(
        results.map(({ ref }) => ref),
        refs,
      )
      assert.deepEqual(
        results.map((result) => (result.found ? 'found' : result.error.kind)),
        ['found', 'not-found', 'found', 'invalid-argument', 'invalid-argument'],
      )
      for (const result of results)
        if (!result.found) {
          assert.equal(result.error.store, store.name)
          assert.equal(result.error.operation, 'getOperations')
          assert.ok(result.error.hint !== undefined)
        }
    },
  },
  {
    sentence: 'many operations take fewer requests than one for each',
    check: async (subject) => {
      const { store } = subject
      const begun = []
      for (let index = 0; index < several; index++)
        begun.push(await succeed(store.importFromUrl(importSpec(subject, `batched-${index}`))))
      const before = subject.requestCount()
      await succeed(store.getOperations(begun.map(({ ref }) => ref)))
      assert.ok(subject.requestCount() - before < several, `${subject.requestCount() - before} requests were sent`)
      const outcomes = await outcomesOf(subject, begun)
      assert.ok(outcomes.every(({ succeeded }) => succeeded))
    },
  },
  {
    sentence: 'looking nothing up sends nothing',
    check: async (subject) => {
      assert.deepEqual(await sendingNothing(subject, () => succeed(subject.store.getOperations([]))), [])
    },
  },
]
