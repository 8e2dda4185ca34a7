import type { OperationRef } from '../model/ref.ts'
import type { OperationState } from '../store/operation.ts'
import type { WaitPhase, WaitProgress } from './wait-options.ts'

/** How far an import is that has not ended: `waiting` for its turn, `beginning` while it is asked for, then as the wait for it tells. */
export type ImportPhase = 'waiting' | 'beginning' | WaitPhase

/** What is known of one of several imports that has not ended. Durations are milliseconds. */
export interface UnendedImport {
  /** Which of the specs it is, counted from 0. */
  readonly index: number
  /** The name that was asked for. */
  readonly name: string
  /** Its operation, once it has been begun: a wait for it can go on in another process. */
  readonly ref?: OperationRef | undefined
  readonly phase: ImportPhase
  /**
   * Since it was asked for, or since the provider began it where that was before (a key may find what an earlier run began); since it
   * came into the queue of this call while it waits there.
   */
  readonly ageMs: number
  /** Since it came into its phase, as far as this call has seen. */
  readonly phaseMs: number
  /** How long an import takes in all once it was begun, going by those that have succeeded on this store; absent until one has. */
  readonly estimateMs?: number | undefined
  /** What holds it up: the imports before it, or what holds up a wait (see {@link WaitProgress}). */
  readonly waitsFor: 'own-queue' | WaitProgress['waitsFor']
  /** Set where nothing of it has changed for long (see {@link WaitProgress}). */
  readonly isStalled?: true | undefined
}

/** How far several imports are. */
export interface ImportProgress {
  /** How many wait for their turn, those to be tried again included. */
  readonly queued: number
  /** How many are being begun or waited for. */
  readonly inFlight: number
  readonly succeeded: number
  readonly failed: number
  /** The operations of those in flight that have been begun, oldest first: a wait for them can go on in another process. */
  readonly operations: readonly OperationRef[]
  /** Each that has not ended, in flight or not, in the order of the specs. */
  readonly imports: readonly UnendedImport[]
}

/** What a wait tells of an operation that has not ended. */
export interface OngoingWait extends WaitProgress {
  readonly phase: WaitPhase
}

/** Whether what a wait tells is not that an operation has ended. */
export const isOngoing = (progress: WaitProgress): progress is OngoingWait => progress.phase !== 'ended'

/** What a queue knows of an import in flight. Moments are milliseconds since the epoch. */
export interface ImportInFlight {
  readonly index: number
  readonly name: string
  /** When it was asked for. */
  readonly since: number
  /** What has begun it, and when that was known. */
  readonly begun?: { readonly ref: OperationRef; readonly state: OperationState; readonly at: number } | undefined
  /** What its wait told last, and when. */
  readonly told?: { readonly progress: OngoingWait; readonly at: number } | undefined
}

/** What is known of a store while its imports go on. */
interface Circumstances {
  readonly now: number
  readonly estimateMs: number | undefined
  /** Whether the store has no request left at the moment. */
  readonly isOutOfRequests: boolean
}

/** An import that waits for its turn since a moment. */
export const waitingImport = (
  { index, name, since }: Pick<ImportInFlight, 'index' | 'name' | 'since'>,
  { now, estimateMs }: Circumstances,
): UnendedImport => ({
  index,
  name,
  phase: 'waiting',
  ageMs: now - since,
  phaseMs: now - since,
  estimateMs,
  waitsFor: 'own-queue',
})

const phaseAfter = (state: OperationState): WaitPhase =>
  state === 'queued' || state === 'running' || state === 'settling' ? state : 'unknown'

/** An import that is being begun, or waited for. */
export const importInFlight = (
  { index, name, since, begun, told }: ImportInFlight,
  { now, estimateMs, isOutOfRequests }: Circumstances,
): UnendedImport => {
  const known = { index, name, ref: begun?.ref, estimateMs }
  const ageMs = now - since
  if (begun === undefined)
    return {
      ...known,
      phase: 'beginning',
      ageMs,
      phaseMs: ageMs,
      waitsFor: isOutOfRequests ? 'rate-limit' : 'provider',
    }
  if (told === undefined) {
    const phase = phaseAfter(begun.state)
    const waitsFor = phase === 'queued' ? 'provider-queue' : 'provider'
    return { ...known, phase, ageMs, phaseMs: now - begun.at, waitsFor }
  }
  const { phase, phaseMs, waitsFor, isStalled } = told.progress
  const sinceTold = now - told.at
  return {
    ...known,
    phase,
    ageMs: Math.max(ageMs, told.progress.ageMs + sinceTold),
    phaseMs: phaseMs + sinceTold,
    waitsFor,
    isStalled,
  }
}
