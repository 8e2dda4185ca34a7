import { strict as assert } from 'node:assert'
import * as E from 'fp-ts/lib/Either.js'
import { collect, type ListQuery } from '../flow/list.ts'
import { waitForAll } from '../flow/wait.ts'
import type { Outcome } from '../flow/waited.ts'
import type { ImageStoreError, ImageStoreErrorKind } from '../model/error.ts'
import type { Image } from '../model/image.ts'
import type { ImageRef } from '../model/ref.ts'
import type { Operation } from '../store/operation.ts'
import type { ImportSpec } from '../store/requests.ts'
import type { StoreTask } from '../store/store-task.ts'
import type { ConformanceSubject } from './subject.ts'

/** Runs a task that has to succeed. */
export const succeed = async <A>(task: StoreTask<A>): Promise<A> => {
  const result = await task()
  if (E.isLeft(result)) throw new assert.AssertionError({ message: `failed with ${describeError(result.left)}` })
  return result.right
}

/** Runs a task that has to fail in one of the ways that are named. */
export const fail = async (
  task: StoreTask<unknown>,
  ...kinds: readonly ImageStoreErrorKind[]
): Promise<ImageStoreError> => {
  const result = await task()
  assert.ok(E.isLeft(result), `succeeded, where ${kinds.join(' or ')} was due`)
  assert.ok(kinds.includes(result.left.kind), `failed with ${describeError(result.left)}, not ${kinds.join(' or ')}`)
  return result.left
}

const describeError = (error: ImageStoreError): string => `${error.kind}: ${error.message}`

/** Checks that nothing reaches the provider meanwhile. */
export const sendingNothing = async <A>(subject: ConformanceSubject, work: () => Promise<A>): Promise<A> => {
  const before = subject.requestCount()
  const result = await work()
  assert.equal(subject.requestCount() - before, 0, 'requests were sent')
  return result
}

const stepMs = 100
const mostSteps = 100

/** Lets the provider's time pass until something has ended, which has to happen within ten seconds of it. */
export const endOf = async <A>({ runtime }: ConformanceSubject, running: Promise<A>): Promise<A> => {
  let isOver = false
  const note = () => {
    isOver = true
  }
  running.then(note, note)
  for (let step = 0; step < mostSteps && !isOver; step++) {
    await runtime.sleep(stepMs)
    // What time has brought about needs its turn of the event loop.
    await new Promise((resolve) => setImmediate(resolve))
  }
  assert.ok(isOver, 'it did not end')
  return running
}

/** An import that should succeed, with whatever is to be different. */
export const importSpec = (subject: ConformanceSubject, name: string, more: Partial<ImportSpec> = {}): ImportSpec => ({
  name,
  url: subject.importable.url,
  region: subject.importable.region,
  ...more,
})

/** Waits until operations have ended; the provider's time passes meanwhile. */
export const outcomesOf = (
  { store, runtime }: ConformanceSubject,
  operations: readonly Operation[],
): Promise<readonly Outcome[]> =>
  succeed(
    waitForAll(
      store,
      operations.map(({ ref }) => ref),
      { runtime },
    ),
  )

/** Waits until an operation has succeeded. */
export const settle = async (subject: ConformanceSubject, operation: Operation): Promise<Operation> => {
  const [outcome] = await outcomesOf(subject, [operation])
  assert.ok(outcome?.succeeded === true, outcome?.succeeded === false ? describeError(outcome.error) : 'no outcome')
  return outcome.operation
}

/** Imports an image and waits until it is there. */
export const imported = async (
  subject: ConformanceSubject,
  name: string,
  more: Partial<ImportSpec> = {},
): Promise<Image> => {
  const operation = await settle(subject, await succeed(subject.store.importFromUrl(importSpec(subject, name, more))))
  assert.ok(operation.image !== undefined, 'an import that succeeded names its image')
  return succeed(subject.store.get(operation.image))
}

/** All images of a query. */
export const listed = ({ store }: ConformanceSubject, query?: ListQuery): Promise<readonly Image[]> =>
  succeed(collect(store, query))

/** The image of a ref among others. */
export const among = (images: readonly Image[], ref: ImageRef): Image | undefined =>
  images.find((image) => image.ref === ref)
