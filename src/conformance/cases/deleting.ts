import { strict as assert } from 'node:assert'
import { imageEquals } from '../../model/image.ts'
import type { ImageRef } from '../../model/ref.ts'
import { among, fail, imported, listed, settle, succeed } from '../expect.ts'
import type { ConformanceCase, ConformanceSubject } from '../subject.ts'

/** Checks that an image cannot be deleted for one reason alone, which the error gives, and is there as it was. */
const checkStays = async (
  { store }: ConformanceSubject,
  ref: ImageRef,
  reason: 'permission-denied' | 'locked' | 'in-use',
): Promise<void> => {
  const before = await succeed(store.get(ref))
  const error = await fail(store.delete(ref), reason)
  assert.ok(error.hint !== undefined, 'it does not say what to do')
  assert.ok(imageEquals(await succeed(store.get(ref)), before), 'it is not what it was')
}

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
  {
    sentence: "deleting somebody else's image fails with `permission-denied`, and the image stays",
    check: async (subject) => {
      const [image] = await listed(subject, { scope: 'public' })
      if (image !== undefined) await checkStays(subject, image.ref, 'permission-denied')
    },
  },
  {
    sentence: 'deleting an image that something is being done with fails with `locked`, and the image stays',
    check: async (subject) => {
      if (subject.addLocked !== undefined) await checkStays(subject, (await subject.addLocked()) as ImageRef, 'locked')
    },
  },
  {
    sentence: 'deleting an image of which there are servers or volumes fails with `in-use`, and the image stays',
    check: async (subject) => {
      if (subject.addInUse !== undefined) await checkStays(subject, (await subject.addInUse()) as ImageRef, 'in-use')
    },
  },
]
