import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { type ImageStoreError, ImageStoreError as StoreError, withDetails } from '../model/error.ts'
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

/** One call of a member: its name, and a signal that ends with the caller's, or with the time-out. */
export interface Call {
  readonly operation: StoreOperation
  readonly signal: AbortSignal
}

/** Runs one member of a store. */
export type Member = <A>(
  operation: StoreOperation,
  options: CallOptions | undefined,
  run: (call: Call) => StoreTask<A>,
) => StoreTask<A>

const canceled = () => new StoreError('canceled', 'The call was canceled')

const timedOut = (milliseconds: number) => new StoreError('timeout', `The call did not end within ${milliseconds} ms`)

/** The error with the store's and the member's name, and with a hint. */
const explained = (error: ImageStoreError, store: string, operation: StoreOperation): ImageStoreError =>
  withDetails(error, { store, operation, hint: defaultHints[error.kind] })

/**
 * What all members of all stores have in common: an unsupported one fails before anything is sent, the caller's signal
 * and time-out end the call at once (and the requests below it through the signal), and errors name store and member.
 */
export const memberOf =
  ({ name, capabilities, runtime }: MemberContext): Member =>
  (operation, options, run) => {
    const support = capabilities.operations[operation]
    if (!support.supported) return TE.left(explained(new StoreError('unsupported', support.reason), name, operation))
    return async () => {
      const result = await endingWith(runtime, options, (signal) => run({ operation, signal }))
      return E.isLeft(result) ? E.left(explained(result.left, name, operation)) : result
    }
  }

const endingWith = async <A>(
  runtime: Runtime,
  { signal, timeoutMs }: CallOptions = {},
  run: (signal: AbortSignal) => StoreTask<A>,
): Promise<E.Either<ImageStoreError, A>> => {
  if (signal?.aborted === true) return E.left(canceled())
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
    return await Promise.race([ended, run(call.signal)()])
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
