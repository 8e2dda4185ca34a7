import { strict as assert } from 'node:assert'
import type { ImageRef, OperationRef } from '../../model/ref.ts'
import { fail, imported, importSpec, outcomesOf, settle, succeed } from '../expect.ts'
import type { ConformanceCase, ConformanceSubject } from '../subject.ts'

const furtherRegions = ({ furtherRegions: regions = [] }: ConformanceSubject): readonly string[] => {
  assert.ok(regions.length > 1, 'a store that declares `replicate` needs a subject with two `furtherRegions`')
  return regions
}

const addBackup = async ({ addBackup: add }: ConformanceSubject): Promise<ImageRef> => {
  assert.ok(add !== undefined, 'a store that declares `createFromBackup` needs a subject with `addBackup`')
  return (await add()) as ImageRef
}

/** What `replicate` promises. */
export const replicating: readonly ConformanceCase[] = [
  {
    sentence: 'there is one operation for each region, in order; after them the same image is in all of the regions',
    check: async (subject) => {
      const regions = furtherRegions(subject)
      const { ref } = await imported(subject, 'replicated-image')
      const operations = await succeed(subject.store.replicate(ref, regions))
      assert.equal(operations.length, regions.length)
      assert.equal(new Set(operations.map((operation) => operation.ref)).size, regions.length)
      for (const { kind, image } of operations) {
        assert.equal(kind, 'replicate')
        assert.equal(image, ref)
      }
      assert.ok((await outcomesOf({ ...subject, store: subject.reopen() }, operations)).every((one) => one.succeeded))
      const { regions: now } = await succeed(subject.store.get(ref))
      assert.deepEqual([...now].sort(), [subject.importable.region, ...regions].sort())
    },
  },
  {
    sentence: 'a region that has the image already is no error: its operation has succeeded, from another process too',
    check: async (subject) => {
      const [region = ''] = furtherRegions(subject)
      const had = subject.importable.region
      const { ref } = await imported(subject, 'replicated-image')
      const [first, further, again] = await succeed(subject.store.replicate(ref, [had, region, had]))
      assert.equal(first?.state, 'succeeded')
      assert.equal(again?.ref, first.ref)
      assert.ok(further !== undefined && further.ref !== first.ref)
      const [lookup] = await succeed(subject.reopen().getOperations([first.ref]))
      assert.ok(lookup?.found === true && lookup.operation.state === 'succeeded')
      await settle(subject, further)
      const [after] = await succeed(subject.store.replicate(ref, [region]))
      assert.equal(after?.state, 'succeeded')
    },
  },
  {
    sentence: 'repeating the call while it is under way comes to the same operations',
    check: async (subject) => {
      const regions = furtherRegions(subject)
      const { ref } = await imported(subject, 'replicated-image')
      const refsOf = async (store: ConformanceSubject['store']): Promise<readonly OperationRef[]> =>
        (await succeed(store.replicate(ref, regions))).map((operation) => operation.ref)
      assert.deepEqual(await refsOf(subject.reopen()), await refsOf(subject.store))
    },
  },
  {
    sentence:
      'a region that does not exist fails with `invalid-argument`, and `completed` names what was begun before it',
    check: async (subject) => {
      const [region = ''] = furtherRegions(subject)
      const { ref } = await imported(subject, 'replicated-image')
      const error = await fail(subject.store.replicate(ref, [region, subject.unknownRegion]), 'invalid-argument')
      assert.equal(error.completed?.length, 1)
      const [begun] = await succeed(subject.store.getOperations(error.completed as readonly OperationRef[]))
      assert.ok(begun?.found === true, 'the operation that was begun is lost')
      await settle(subject, begun.operation)
    },
  },
  {
    sentence: 'an image that is still being imported fails with `conflict`, one that does not exist with `not-found`',
    check: async (subject) => {
      const regions = furtherRegions(subject)
      const { image } = await succeed(subject.store.importFromUrl(importSpec(subject, 'unfinished-image')))
      if (image !== undefined) await fail(subject.store.replicate(image, regions), 'conflict')
      await fail(subject.store.replicate(subject.unknownImage as ImageRef, regions), 'not-found')
    },
  },
]

/** What `createFromBackup` promises. */
export const converting: readonly ConformanceCase[] = [
  {
    sentence: 'a backup becomes an image that is none any more',
    check: async (subject) => {
      const ref = await addBackup(subject)
      assert.equal((await succeed(subject.store.get(ref))).kind, 'backup')
      const begun = await succeed(subject.store.createFromBackup(ref))
      assert.equal(begun.kind, 'convert')
      const { image } = await settle({ ...subject, store: subject.reopen() }, begun)
      assert.ok(image !== undefined, 'a conversion that succeeded names its image')
      const { kind, status } = await succeed(subject.store.get(image))
      assert.notEqual(kind, 'backup')
      assert.equal(status, 'available')
    },
  },
  {
    sentence: 'what is no backup fails with `invalid-argument`, and what does not exist with `not-found`',
    check: async (subject) => {
      const { ref, kind } = await imported(subject, 'no-backup')
      await fail(subject.store.createFromBackup(ref), 'invalid-argument')
      assert.equal((await succeed(subject.store.get(ref))).kind, kind)
      await fail(subject.store.createFromBackup(subject.unknownImage as ImageRef), 'not-found')
    },
  },
]
