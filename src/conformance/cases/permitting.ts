import { strict as assert } from 'node:assert'
import { type Image, imageEquals } from '../../model/image.ts'
import type { StoreTask } from '../../store/store-task.ts'
import { fail, imported, listed, succeed } from '../expect.ts'
import type { ConformanceCase, ConformanceSubject } from '../subject.ts'

/** How a call says that it does not work with an image as it is. */
const refusals = ['permission-denied', 'locked', 'conflict', 'invalid-argument', 'not-found', 'unsupported'] as const

/** Members that change one image, the one that leaves none last. */
const changes: readonly {
  readonly operation: 'update' | 'createFromBackup' | 'delete'
  readonly call: (subject: ConformanceSubject, image: Image) => StoreTask<unknown>
}[] = [
  { operation: 'update', call: ({ store }, { ref }) => store.update(ref, { name: 'permitted-image' }) },
  { operation: 'createFromBackup', call: ({ store }, { ref }) => store.createFromBackup(ref) },
  { operation: 'delete', call: ({ store }, { ref }) => store.delete(ref) },
]

const checkAgreement = async (subject: ConformanceSubject, image: Image): Promise<void> => {
  const { store } = subject
  for (const { operation, call } of changes) {
    const before = await succeed(store.get(image.ref))
    if (store.can(operation, before)) {
      await succeed(call(subject, before))
    } else {
      await fail(call(subject, before), ...refusals)
      assert.ok(imageEquals(await succeed(store.get(image.ref)), before), `${operation} changed what it refused`)
    }
  }
}

/** What `can` promises of an image. */
export const permitting: readonly ConformanceCase[] = [
  {
    sentence: 'what `can` allows with an image works, and what it denies fails and changes nothing: an own image',
    check: async (subject) => checkAgreement(subject, await imported(subject, 'own-image')),
  },
  {
    sentence: 'what `can` allows with an image works, and what it denies fails and changes nothing: a public image',
    check: async (subject) => {
      const [image] = await listed(subject, { scope: 'public' })
      if (image !== undefined) await checkAgreement(subject, image)
    },
  },
]
