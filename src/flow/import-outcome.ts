import { type ImageStoreError, ImageStoreError as StoreError } from '../model/error.ts'
import type { OperationRef } from '../model/ref.ts'
import { defaultHints } from '../store/default-hints.ts'
import type { Operation } from '../store/operation.ts'

interface AnyImportOutcome {
  /** Which of the specs it is, counted from 0. */
  readonly index: number
  /** The name that was asked for; empty where the spec has none. The URL, which may be a secret, is not part of an outcome. */
  readonly name: string
  /** How many times it was begun, or tried to be; 0 where it was refused before anything was sent for it. */
  readonly attempts: number
}

/** How one of several imports ended. One that ran out of time has failed, with `timeout`, and goes on at the provider. */
export type ImportOutcome = AnyImportOutcome &
  (
    | {
        readonly succeeded: true
        readonly ref: OperationRef
        /** As it ended, with all losses of the request. */
        readonly operation: Operation
      }
    | {
        readonly succeeded: false
        readonly error: ImageStoreError
        /** The operation of the last attempt, where one was begun. */
        readonly ref?: OperationRef | undefined
        /** How that operation ended, where the provider gave it up. */
        readonly operation?: Operation | undefined
      }
  )

/** An import that was in flight when all were stopped: its operation, or the error with which its beginning ended. */
export interface StoppedImport {
  readonly name: string
  readonly ref?: OperationRef | undefined
  readonly error: ImageStoreError
}

const showOutcome = (outcome: ImportOutcome): string => {
  const { name, ref } = outcome
  if (outcome.succeeded) return `"${name}" was imported: ${outcome.operation.image ?? ref}`
  return [`"${name}" failed with ${outcome.error.kind}`, ref ?? []].flat().join(': ')
}

const showStopped = ({ name, ref, error }: StoppedImport): readonly string[] =>
  ref === undefined ? (error.completed ?? []) : [`"${name}" goes on: ${ref}`]

/** The end of imports that were canceled: what had ended, what goes on at the provider, and what may. */
export const importsCanceled = (
  store: string,
  outcomes: readonly ImportOutcome[],
  stopped: readonly StoppedImport[],
): ImageStoreError => {
  const completed = [...outcomes.map(showOutcome), ...stopped.flatMap(showStopped)]
  const unconfirmed = stopped.flatMap(({ error }) => error.unconfirmed ?? [])
  return new StoreError('canceled', 'The imports were canceled; what was begun goes on at the provider', {
    store,
    operation: 'importFromUrl',
    hint: defaultHints.canceled,
    ...(completed.length > 0 && { completed }),
    ...(unconfirmed.length > 0 && { unconfirmed }),
  })
}
