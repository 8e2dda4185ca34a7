import { strict as assert } from 'node:assert'
import type { ImageRef, OperationRef } from '../../model/ref.ts'
import type { StoreOperation } from '../../store/capabilities.ts'
import type { ImageStore } from '../../store/image-store.ts'
import type { CallOptions, StoreTask } from '../../store/store-task.ts'
import { endOf, fail, importSpec, sendingNothing } from '../expect.ts'
import type { ConformanceCase, ConformanceSubject } from '../subject.ts'

/** A call of every member, with arguments that would do. */
export const callsOf = (
  subject: ConformanceSubject,
  store: ImageStore = subject.store,
): Readonly<Record<StoreOperation, (options?: CallOptions) => StoreTask<unknown>>> => {
  const image = subject.unknownImage as ImageRef
  const capture = { name: 'captured-image', source: '1' }
  return {
    listPage: (options) => store.listPage({}, undefined, options),
    get: (options) => store.get(image, options),
    importFromUrl: (options) => store.importFromUrl(importSpec(subject, 'called-image'), options),
    findOperations: (options) => store.findOperations('key', options),
    update: (options) => store.update(image, { name: 'another-name' }, options),
    replicate: (options) => store.replicate(image, [subject.importable.region], options),
    delete: (options) => store.delete(image, options),
    createFromServer: (options) => store.createFromServer(capture, options),
    createFromVolume: (options) => store.createFromVolume(capture, options),
    createFromBackup: (options) => store.createFromBackup(image, options),
    getOperations: (options) => store.getOperations([subject.unknownOperation as OperationRef], options),
    listRegions: (options) => store.listRegions(options),
    quota: (options) => store.quota(subject.importable.region, options),
  }
}

/** The names of all members that can be unsupported. */
export const operationNames = (subject: ConformanceSubject): readonly StoreOperation[] =>
  Object.keys(callsOf(subject)) as readonly StoreOperation[]

/** How long answers are held, and the shorter time that a call gets, in milliseconds. */
const heldMs = 5_000
const timeoutMs = 100

/** Makes a call of every member that needs nothing but what is known, and lets each end while its answer is outstanding. */
const whileAnswersAreHeld = async (
  subject: ConformanceSubject,
  check: (call: (options: CallOptions) => StoreTask<unknown>, arrived: Promise<void>) => Promise<unknown>,
): Promise<void> => {
  for (const operation of operationNames(subject)) {
    const isCapture = operation === 'createFromServer' || operation === 'createFromVolume'
    if (isCapture || !subject.store.capabilities.operations[operation].supported) continue
    const arrived = subject.holdAnswers?.(heldMs)
    if (arrived !== undefined) await check(callsOf(subject)[operation], arrived)
  }
}

/** What every member promises. */
export const calls: readonly ConformanceCase[] = [
  {
    sentence: 'a member that is declared unsupported fails with `unsupported`, says why, and sends nothing',
    check: async (subject) => {
      const { store } = subject
      for (const operation of operationNames(subject)) {
        const support = store.capabilities.operations[operation]
        assert.equal(store.can(operation), support.supported, `can(${operation})`)
        if (support.supported) continue
        const error = await sendingNothing(subject, () => fail(callsOf(subject)[operation](), 'unsupported'))
        assert.equal(error.message, support.reason)
        assert.equal(error.operation, operation)
        assert.equal(error.store, store.name)
      }
    },
  },
  {
    sentence: 'a member that is declared supported does not fail with `unsupported`',
    check: async (subject) => {
      for (const operation of operationNames(subject)) {
        if (!subject.store.capabilities.operations[operation].supported) continue
        const result = await callsOf(subject)[operation]()()
        assert.ok(result._tag === 'Right' || result.left.kind !== 'unsupported', operation)
      }
    },
  },
  {
    sentence: 'a signal that is aborted beforehand fails the call with `canceled` and lets nothing be sent',
    check: async (subject) => {
      const signal = AbortSignal.abort()
      for (const operation of operationNames(subject))
        if (subject.store.capabilities.operations[operation].supported)
          await sendingNothing(subject, () => fail(callsOf(subject)[operation]({ signal }), 'canceled'))
    },
  },
  {
    sentence: 'a signal that is aborted while a call is under way fails it with `canceled`, and never as a success',
    check: async (subject) => {
      for (const operation of operationNames(subject)) {
        if (!subject.store.capabilities.operations[operation].supported) continue
        const controller = new AbortController()
        const failed = fail(callsOf(subject)[operation]({ signal: controller.signal }), 'canceled')
        controller.abort()
        await failed
      }
    },
  },
  {
    sentence: 'a signal that is aborted while the answer is outstanding fails the call with `canceled`',
    check: (subject) =>
      whileAnswersAreHeld(subject, async (call, arrived) => {
        const controller = new AbortController()
        const failed = fail(call({ signal: controller.signal }), 'canceled')
        await Promise.race([arrived, failed])
        controller.abort()
        await endOf(subject, failed)
      }),
  },
  {
    sentence: 'a call that takes longer than its `timeoutMs` fails with `timeout`, and never as a success',
    check: (subject) =>
      whileAnswersAreHeld(subject, async (call, arrived) => {
        const failed = fail(call({ timeoutMs }), 'timeout')
        await Promise.race([arrived, failed])
        await endOf(subject, failed)
      }),
  },
  {
    sentence: 'nothing is sent before a task is run',
    check: async (subject) => {
      await sendingNothing(subject, async () => {
        for (const operation of operationNames(subject)) callsOf(subject)[operation]()
        // One turn of the event loop: a request that was begun would be on its way.
        await new Promise((resolve) => setImmediate(resolve))
      })
    },
  },
]
