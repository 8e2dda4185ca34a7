import { strict as assert } from 'node:assert'
import type { ImageRef } from '../../model/ref.ts'
import { among, fail, imported, listed, settle, succeed } from '../expect.ts'
import type { ConformanceCase } from '../subject.ts'

/** What `delete` promises. */
export const deleting: readonly ConformanceCase[] = [
  {
    sentence: 'a deleted image is gone: `get` fails with `not-found`, and the listing lacks it',
    check: async (subject) => {
      const image = await imported(subject, 'deleted-image')
      const other = await imported(subject, 'kept-image')
      const operation = await settle(subject, await succeed(subject.store.delete(image.ref)))
      assert.equal(operation.kind, 'delete')
      assert.equal(operation.outcome, 'deleted')
      assert.equal(operation.image, image.ref)
      await fail(subject.store.get(image.ref), 'not-found')
      const images = await listed(subject)
      assert.equal(among(images, image.ref), undefined)
      assert.ok(among(images, other.ref) !== undefined, 'another image went with it')
    },
  },
  {
    sentence: 'deleting what is already gone succeeds and says so',
    check: async (subject) => {
      const image = await imported(subject, 'deleted-image')
      await settle(subject, await succeed(subject.store.delete(image.ref)))
      const again = await succeed(subject.store.delete(image.ref))
      assert.equal(again.state, 'succeeded')
      assert.equal(again.outcome, 'already-gone')
      const never = await succeed(subject.store.delete(subject.unknownImage as ImageRef))
      assert.equal(never.outcome, 'already-gone')
    },
  },
]
