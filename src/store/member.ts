import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { type ImageStoreError, isImageStoreError, ImageStoreError as StoreError, withDetails } from '../model/error.ts'
import type { Capabilities, StoreOperation } from './capabilities.ts'
import { defaultHints } from './default-hints.ts'
import type { Runtime } from './runtime.ts'
import type { CallOptions, StoreTask } from './store-task.ts'

/** What {@link memberOf} needs to know of the store. */
export interface MemberContext {
  readonly name: string
  readonly capabilities: Capabilities
  readonly runtime: Runtime
}

/** One call of a member, as what it does sees it. */
export interface Call {
  /** The member's name. */
  readonly operation: StoreOperation
  /** Ends with the caller's signal, or with the time-out. */
  readonly signal: AbortSignal
  /**
   * Notes what has been carried out, in a few words. However the call fails from then on, be it by a time-out, its error
   * lists it as `completed`: nothing half-done is left unreported.
   */
  readonly noteCompleted: (...changes: readonly string[]) => void
  /** An error that is a part of a result, with what an error of the call itself would get: store, member and hint. */
  readonly explain: (error: ImageStoreError) => ImageStoreError
}

/** Runs one member of a store. */
export type Member = <A>(
  operation: StoreOperation,
  options: CallOptions | undefined,
  run: (call: Call) => StoreTask<A>,
) => StoreTask<A>

const canceled = () => new StoreError('canceled', 'The call was canceled')

const timedOut = (milliseconds: number) => new StoreError('timeout', `The call did not end within ${milliseconds} ms`)

/**
 * What all members of all stores have in common: an unsupported one fails before anything is sent, the caller's signal
 * and time-out end the call at once (and the requests below it through the signal), errors name store and member and have a
 * hint, and nothing is thrown.
 */
export const memberOf =
  ({ name, capabilities, runtime }: MemberContext): Member =>
  (operation, options, run) => {
    const explain = (error: ImageStoreError): ImageStoreError =>
      withDetails(error, { store: name, operation, hint: defaultHints[error.kind] })
    const support = capabilities.operations[operation]
    if (!support.supported) return TE.left(explain(new StoreError('unsupported', support.reason)))
    return async () => {
      const completed: string[] = []
      const noteCompleted = (...changes: readonly string[]) => {
        completed.push(...changes)
      }
      const result = await endingWith(runtime, options ?? {}, (signal) =>
        run({ operation, signal, noteCompleted, explain }),
      )
      if (E.isRight(result)) return result
      const error = explain(result.left)
      return E.left(completed.length === 0 ? error : withDetails(error, { completed }))
    }
  }

const isDuration = (milliseconds: number | undefined): boolean => milliseconds === undefined || milliseconds >= 0

const noDuration = (milliseconds: unknown) =>
  new StoreError('invalid-argument', `The time-out is ${String(milliseconds)}, not a number of milliseconds`, {
    fields: { timeoutMs: 'It is no number of milliseconds' },
  })

/** What was thrown on the way: an argument that is not of the documented shape (from plain JavaScript), most likely. */
const thrown = (error: unknown): ImageStoreError =>
  isImageStoreError(error)
    ? error
    : new StoreError(
        'invalid-argument',
        `An argument is not of the documented shape (${error instanceof Error ? error.message : typeof error})`,
        {
          hint: 'Compare the arguments with the documentation of the call; if they are right, this is a bug of the store',
        },
      )

const attempted = async <A>(
  run: (signal: AbortSignal) => StoreTask<A>,
  signal: AbortSignal,
): Promise<E.Either<ImageStoreError, A>> => {
  try {
    return await run(signal)()
  } catch (error) {
    return E.left(thrown(error))
  }
}

const endingWith = async <A>(
  runtime: Runtime,
  { signal, timeoutMs }: CallOptions,
  run: (signal: AbortSignal) => StoreTask<A>,
): Promise<E.Either<ImageStoreError, A>> => {
  if (signal?.aborted === true) return E.left(canceled())
  if (!isDuration(timeoutMs)) return E.left(noDuration(timeoutMs))
  // A controller of the call's own: listeners put on the caller's signal by every request would pile up there.
  const call = new AbortController()
  const release: (() => void)[] = []
  const ended = new Promise<E.Either<ImageStoreError, A>>((resolve) => {
    const end = (error: ImageStoreError) => {
      resolve(E.left(error))
      call.abort(error)
    }
    const onAbort = () => end(canceled())
    signal?.addEventListener('abort', onAbort, { once: true })
    release.push(() => signal?.removeEventListener('abort', onAbort))
    if (timeoutMs !== undefined) release.push(runtime.timer(timeoutMs, () => end(timedOut(timeoutMs))))
  })
  try {
    return await Promise.race([ended, attempted(run, call.signal)])
  } finally {
    for (const undo of release) undo()
  }
}

/** The members that a store does not support, each of which fails with `unsupported` as its capabilities say. */
export const refuseAll = <Name extends StoreOperation>(
  member: Member,
  operations: readonly Name[],
): Readonly<Record<Name, () => StoreTask<never>>> => {
  const refusal = (operation: Name) => () => member<never>(operation, undefined, () => TE.left(undeclared(operation)))
  return Object.fromEntries(operations.map((operation) => [operation, refusal(operation)])) as Record<
    Name,
    () => StoreTask<never>
  >
}

const undeclared = (operation: StoreOperation): ImageStoreError =>
  new StoreError('unsupported', `The store does not offer ${operation}`)
