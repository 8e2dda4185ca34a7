import { strict as assert } from 'node:assert'
import { formatImageRef, type ImageRef } from '../../model/ref.ts'
import { fail, sendingNothing, succeed } from '../expect.ts'
import type { ConformanceCase, ConformanceSubject } from '../subject.ts'

/** Refs that no store answers for, and one that belongs to another store. */
const strangers = ({ store }: ConformanceSubject): readonly ImageRef[] => [
  '' as ImageRef,
  'no-colon' as ImageRef,
  `${store.name}:` as ImageRef,
  `${store.name}:../../etc` as ImageRef,
  `${store.name}:a b` as ImageRef,
  formatImageRef('another-store', '1'),
]

/** What `get` promises, and what every member promises about refs. */
export const reading: readonly ConformanceCase[] = [
  {
    sentence: '`get` of an image that does not exist fails with `not-found`, naming store and member, with a hint',
    check: async (subject) => {
      const error = await fail(subject.store.get(subject.unknownImage as ImageRef), 'not-found')
      assert.equal(error.store, subject.store.name)
      assert.equal(error.operation, 'get')
      assert.ok(error.hint !== undefined)
    },
  },
  {
    sentence: 'a ref that is malformed or belongs to another store fails with `invalid-argument` and sends nothing',
    check: async (subject) => {
      const { store } = subject
      for (const ref of strangers(subject))
        await sendingNothing(subject, async () => {
          await fail(store.get(ref), 'invalid-argument')
          if (store.can('update')) await fail(store.update(ref, { name: 'another-name' }), 'invalid-argument')
          if (store.can('delete')) await fail(store.delete(ref), 'invalid-argument')
        })
    },
  },
  {
    sentence: 'regions have ids of their own, and all regions of the account are among them',
    check: async ({ store, importable, furtherRegions = [], fullRegion }) => {
      const regions = await succeed(store.listRegions())
      const ids: readonly string[] = regions.map(({ id }) => id)
      assert.equal(new Set(ids).size, ids.length)
      for (const id of [importable.region, ...furtherRegions, ...(fullRegion === undefined ? [] : [fullRegion])])
        assert.ok(ids.includes(id), `there is no ${id} among ${ids.join(', ')}`)
      assert.notEqual(regions.find(({ id }) => id === importable.region)?.acceptsImports, false)
    },
  },
]
