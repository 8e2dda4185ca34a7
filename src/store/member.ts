import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { type ImageStoreError, isImageStoreError, ImageStoreError as StoreError, withDetails } from '../model/error.ts'
import type { Capabilities, StoreOperation } from './capabilities.ts'
import { type Change, type Changes, type ChangeUnderWay, changes } from './change.ts'
import { defaultHints } from './default-hints.ts'
import type { FreshLook } from './fresh-look.ts'
import { onAbort } from './on-abort.ts'
import type { Runtime } from './runtime.ts'
import type { CallOptions, StoreTask } from './store-task.ts'
import type { Tell } from './telling.ts'
import { type Telling, toldCalls } from './told-calls.ts'

/** What {@link memberOf} needs to know of the store. */
export interface MemberContext {
  readonly name: string
  readonly capabilities: Capabilities
  readonly runtime: Runtime
  /** Who is told of what the calls do; nobody unless told. */
  readonly tell?: Tell | undefined
}

/** One call of a member, as what it does sees it. */
export interface Call extends Telling {
  /** The member's name. */
  readonly operation: StoreOperation
  /** Ends with the caller's signal, or with the time-out. */
  readonly signal: AbortSignal
  /**
   * Notes what has been carried out, in a few words. However the call fails from then on, be it by a time-out, its error
   * lists it as `completed`: nothing half-done is left unreported.
   */
  readonly noteCompleted: (...changes: readonly string[]) => void
  /** What no error of this call may show beside the store's credentials: the secrets of a source's URL. */
  readonly secrets?: readonly string[] | undefined
  /** When the caller's time is over, in milliseconds since the epoch: what cannot come before then need not be waited for. */
  readonly deadline?: number | undefined
  /**
   * To be called as a request leaves that changes something. Until it is answered, its change is `unconfirmed` in the error of
   * a call that fails, and stays so where the answer was lost.
   */
  readonly sending: (change: Change) => ChangeUnderWay
  /** The look that a request under a key rests on: it does not leave when that has grown old. Absent where there was none. */
  readonly fresh?: FreshLook | undefined
  /** To be called when it is known after all what came of a change whose answer was lost. */
  readonly settle: (change: Change) => void
  /** An error that is a part of a result, with what an error of the call itself would get: store, member and hint. */
  readonly explain: (error: ImageStoreError) => ImageStoreError
}

/** Runs one member of a store. */
export type Member = <A>(
  operation: StoreOperation,
  options: CallOptions | undefined,
  run: (call: Call) => StoreTask<A>,
) => StoreTask<A>

/** How long a canceled call still waits for the answer to a request that makes something, in milliseconds. */
export const cancelGraceMs = 10_000

const canceled = () => new StoreError('canceled', 'The call was canceled')

const timedOut = (milliseconds: number) => new StoreError('timeout', `The call did not end within ${milliseconds} ms`)

/**
 * What all members of all stores have in common: an unsupported one fails before anything is sent, the caller's signal
 * and time-out end the call at once (and the requests below it through the signal), errors name store and member and have a
 * hint, and nothing is thrown. A request that makes something is waited for after a cancellation, for {@link cancelGraceMs}.
 * Where somebody is told, every call that is run tells of its start and its end, those of unsupported members included.
 */
export const memberOf = ({ name, capabilities, runtime, tell }: MemberContext): Member => {
  const told = toldCalls(name, runtime, tell)
  return (operation, options, run) => {
    const explain = (error: ImageStoreError): ImageStoreError =>
      withDetails(error, { store: name, operation, hint: defaultHints[error.kind] })
    const support = capabilities.operations[operation]
    if (!support.supported)
      return told(operation, () => TE.left(explain(new StoreError('unsupported', support.reason))))
    return told(operation, (telling) => async () => {
      const completed: string[] = []
      const noteCompleted = (...done: readonly string[]) => {
        completed.push(...done)
      }
      const asked = changes()
      const result = await endingWith(runtime, options ?? {}, asked, ({ signal, lastSignal, deadline }) =>
        run({
          operation,
          signal,
          deadline,
          noteCompleted,
          explain,
          sending: (change) => asked.begin(change, signal, lastSignal),
          settle: asked.settle,
          ...telling,
        }),
      )
      if (E.isRight(result)) return result
      const unconfirmed = asked.unconfirmed()
      return E.left(
        withDetails(explain(result.left), {
          ...(completed.length === 0 ? {} : { completed }),
          ...(unconfirmed.length === 0 ? {} : { unconfirmed }),
        }),
      )
    })
  }
}

/** How a call ends from outside. */
interface Ending {
  readonly signal: AbortSignal
  /** Ends with the call, or after {@link cancelGraceMs} where a caller's cancellation has ended it. */
  readonly lastSignal: AbortSignal
  readonly deadline: number | undefined
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
  run: (ending: Ending) => StoreTask<A>,
  ending: Ending,
): Promise<E.Either<ImageStoreError, A>> => {
  try {
    return await run(ending)()
  } catch (error) {
    return E.left(thrown(error))
  }
}

const isAborted = (signal: AbortSignal | undefined): boolean => signal?.aborted === true

const endingWith = async <A>(
  runtime: Runtime,
  { signal, timeoutMs }: CallOptions,
  { isMaking }: Changes,
  run: (ending: Ending) => StoreTask<A>,
): Promise<E.Either<ImageStoreError, A>> => {
  if (isAborted(signal)) return E.left(canceled())
  if (!isDuration(timeoutMs)) return E.left(noDuration(timeoutMs))
  // Controllers of the call's own: listeners put on the caller's signal by every request would pile up there.
  const [call, last] = [new AbortController(), new AbortController()]
  const release: (() => void)[] = []
  const ended = new Promise<E.Either<ImageStoreError, A>>((resolve) => {
    const end = (error: ImageStoreError) => {
      resolve(E.left(error))
      call.abort(error)
      last.abort(error)
    }
    const onCancel = () => {
      if (!isMaking()) {
        end(canceled())
        return
      }
      release.push(runtime.timer(cancelGraceMs, () => end(canceled())))
      call.abort(canceled())
    }
    release.push(onAbort(signal, onCancel))
    if (timeoutMs !== undefined) release.push(runtime.timer(timeoutMs, () => end(timedOut(timeoutMs))))
  })
  const deadline = timeoutMs === undefined ? undefined : runtime.now() + timeoutMs
  const work = async (): Promise<E.Either<ImageStoreError, A>> => {
    const result = await attempted(run, { signal: call.signal, lastSignal: last.signal, deadline })
    // Who has canceled a call gets no success any more: what came of it in the last moment is noted as completed.
    return isAborted(signal) ? E.left(canceled()) : result
  }
  try {
    return await Promise.race([ended, work()])
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
