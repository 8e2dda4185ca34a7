import { strict as assert } from 'node:assert'
import type { Allowance } from '../../store/quota.ts'
import { fail, imported, importSpec, listed, succeed } from '../expect.ts'
import type { ConformanceCase } from '../subject.ts'

const isAmount = (amount: number): boolean => Number.isFinite(amount) && amount >= 0

const checkAllowance = (name: string, { limit, used }: Allowance): void =>
  assert.ok(isAmount(limit) && isAmount(used), `${name}: ${used} of ${limit}`)

/** What `quota` promises, and `importFromUrl` of a quota that is used up. */
export const quota: readonly ConformanceCase[] = [
  {
    sentence: 'a quota counts what there is: one more image after an import',
    check: async (subject) => {
      const { store, importable } = subject
      const before = await succeed(store.quota(importable.region))
      for (const [name, allowance] of Object.entries(before))
        if (allowance !== undefined) checkAllowance(name, allowance)
      await imported(subject, 'counted-image')
      const after = await succeed(store.quota(importable.region))
      assert.equal(after.images?.limit, before.images?.limit)
      if (before.images !== undefined) assert.equal(after.images?.used, before.images.used + 1)
      if (before.bytes !== undefined) assert.ok((after.bytes?.used ?? 0) > before.bytes.used, 'the bytes do not count')
    },
  },
  {
    sentence: 'the quota of a region that does not exist fails with `not-found` or `invalid-argument`',
    check: async ({ store, unknownRegion }) => {
      await fail(store.quota(unknownRegion), 'not-found', 'invalid-argument')
    },
  },
  {
    sentence: 'an import into a region without room fails with `quota-exceeded`, says what to do, and makes nothing',
    check: async (subject) => {
      if (subject.fullRegion === undefined) return
      const spec = importSpec(subject, 'one-too-many', { region: subject.fullRegion })
      const error = await fail(subject.store.importFromUrl(spec), 'quota-exceeded')
      assert.ok(error.hint !== undefined)
      assert.deepEqual(await listed(subject, { name: 'one-too-many' }), [])
    },
  },
]
