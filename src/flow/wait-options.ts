import type { OperationRef } from '../model/ref.ts'
import type { StoreObserver } from '../store/event.ts'
import type { Operation } from '../store/operation.ts'
import type { Runtime } from '../store/runtime.ts'

/** How far an operation is that is waited for; `unknown` until a look has told. */
export type WaitPhase = 'queued' | 'running' | 'settling' | 'unknown'

/** How long an operation may be in each phase before the wait for it ends with `timeout`, in milliseconds. */
export interface PhaseLimits {
  /** Accepted and not begun; 1 hour unless told. Gcore gives such imports up after 10 minutes itself. */
  readonly queuedMs?: number | undefined
  /** Under way; 2 hours unless told: imports take 8 to 16 minutes at Gcore, and some 75 (fact sheet §4). */
  readonly runningMs?: number | undefined
  /** Called done, and not usable yet; 30 minutes unless told. */
  readonly settlingMs?: number | undefined
}

/** When an operation of which no look tells anything new is taken to hang, in milliseconds since it last changed. */
export interface StallLimits {
  /** Then observers are told, once; 30 minutes unless told. */
  readonly tellAfterMs?: number | undefined
  /** Then the wait for it ends with `timeout`; 100 minutes unless told: imports of 75 minutes have been seen that were well. */
  readonly failAfterMs?: number | undefined
}

/** What is known of an operation that is waited for. Durations are milliseconds. */
export interface WaitProgress {
  readonly ref: OperationRef
  /** What the newest look that saw it told; absent until one has. */
  readonly operation?: Operation | undefined
  /** `ended` where this look was the last one. */
  readonly phase: WaitPhase | 'ended'
  /** Since the provider began it, where it tells, or since the wait for it began. */
  readonly ageMs: number
  /** Since it came into its phase, as far as this wait has seen. */
  readonly phaseMs: number
  /** How long it takes in all, going by those of its kind that have succeeded on this store so far; absent until one has. */
  readonly estimateMs?: number | undefined
  /** What holds it up: the provider has not begun it, or is at it; or the looks themselves have to wait for the request limit. */
  readonly waitsFor: 'provider-queue' | 'provider' | 'rate-limit'
  /** Set where nothing of it has changed for {@link StallLimits.tellAfterMs}. */
  readonly isStalled?: true | undefined
}

/** How a wait is done. */
export interface WaitOptions {
  /** Stops the wait, which then ends with `canceled`; the provider goes on. */
  readonly signal?: AbortSignal | undefined
  /** How long to wait at the most, in milliseconds; 2 hours unless told (imports of 75 minutes have been seen). */
  readonly timeoutMs?: number | undefined
  readonly phases?: PhaseLimits | undefined
  readonly stall?: StallLimits | undefined
  /** Called after every look with what is known of the operations that are still waited for, and of those just ended. */
  readonly onProgress?: ((progress: readonly WaitProgress[]) => void) | undefined
  /** Is told of looks, changes of phase, and operations that hang. Everything goes to `node:diagnostics_channel` as well. */
  readonly observer?: StoreObserver | undefined
  readonly runtime?: Runtime | undefined
}

/** The limits of a wait, complete. */
export interface WaitLimits {
  readonly timeoutMs: number
  readonly phases: Readonly<Record<WaitPhase, number>>
  readonly stall: { readonly tellAfterMs: number; readonly failAfterMs: number }
}

const minute = 60_000
const usual = {
  timeoutMs: 120 * minute,
  queuedMs: 60 * minute,
  runningMs: 120 * minute,
  settlingMs: 30 * minute,
  tellAfterMs: 30 * minute,
  failAfterMs: 100 * minute,
}

/** The limits that options ask for. */
export const limitsOf = ({ timeoutMs = usual.timeoutMs, phases = {}, stall = {} }: WaitOptions): WaitLimits => {
  const { queuedMs = usual.queuedMs, runningMs = usual.runningMs, settlingMs = usual.settlingMs } = phases
  const { tellAfterMs = usual.tellAfterMs, failAfterMs = usual.failAfterMs } = stall
  return {
    timeoutMs,
    // A word that nobody knows may mean anything: it has as long as the longest phase.
    phases: { queued: queuedMs, running: runningMs, settling: settlingMs, unknown: Math.max(queuedMs, runningMs) },
    stall: { tellAfterMs, failAfterMs },
  }
}

const optionNames = ['signal', 'timeoutMs', 'phases', 'stall', 'onProgress', 'observer', 'runtime']
const phaseNames = ['queuedMs', 'runningMs', 'settlingMs']
const stallNames = ['tellAfterMs', 'failAfterMs']

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const reasonsAgainstDurations = (
  name: string,
  value: unknown,
  known: readonly string[],
): readonly [string, string][] => {
  if (value === undefined) return []
  if (!isRecord(value)) return [[name, `${name} is no record of durations`]]
  return Object.entries(value).flatMap(([field, duration]): readonly [string, string][] => {
    if (!known.includes(field)) return [[field, `${name} has no ${field}: it has ${known.join(', ')}`]]
    return reasonsAgainstDuration(field, duration)
  })
}

const reasonsAgainstDuration = (name: string, value: unknown): readonly [string, string][] =>
  value === undefined || (typeof value === 'number' && value >= 0)
    ? []
    : [[name, `${name} is ${JSON.stringify(value) ?? typeof value}, not a number of milliseconds`]]

/** Why options are none, by the name of each that is at fault: a slip from plain JavaScript must not be a wish ignored. */
export const reasonsAgainstLimits = (options: WaitOptions): Readonly<Record<string, string>> =>
  Object.fromEntries([
    ...Object.keys(options).flatMap((name): readonly [string, string][] =>
      optionNames.includes(name) ? [] : [[name, `A wait has no ${name}: it has ${optionNames.join(', ')}`]],
    ),
    ...reasonsAgainstDuration('timeoutMs', options.timeoutMs),
    ...reasonsAgainstDurations('phases', options.phases, phaseNames),
    ...reasonsAgainstDurations('stall', options.stall, stallNames),
  ])
