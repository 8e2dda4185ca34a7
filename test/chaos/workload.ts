import type { Fault } from '../../src/emulator/fault.ts'
import type { CloudName } from './cloud.ts'

/** An image that a caller wants to have. */
export interface Wanted {
  /** What its name begins with, up to the first dash: no other wanted image's does. */
  readonly id: string
  /** The operation key; without one it is asked for once. */
  readonly key: string | undefined
  /** Which file: a good one, one that there is not, or one that is no disk. Where there is none, a machine of the account is captured. */
  readonly file: 'good.qcow2' | 'missing.qcow2' | 'page.qcow2' | undefined
  readonly region: string
  /** The keys of its tags. */
  readonly tags: readonly string[]
  readonly description: string | undefined
}

/** How a call is ended from outside, in ms after its start, where it is. */
export interface Limits {
  readonly timeoutMs?: number | undefined
  readonly cancelAfterMs?: number | undefined
}

/** What a caller does next. Where it works on an image that is not there, it does nothing. */
export type Action =
  | { readonly kind: 'list' }
  /** With the key up to three times, until it succeeds. */
  | { readonly kind: 'import'; readonly wanted: number }
  /** Asks and waits until it is told which image it is, however often that takes. */
  | { readonly kind: 'secure'; readonly wanted: number }
  /** Several at once, through the queue of `importAll`. */
  | { readonly kind: 'import-all'; readonly several: readonly number[]; readonly concurrency: number }
  | { readonly kind: 'wait'; readonly wanted: number }
  | { readonly kind: 'get'; readonly wanted: number }
  | { readonly kind: 'find'; readonly wanted: number }
  | {
      readonly kind: 'update'
      readonly wanted: number
      readonly name: string | undefined
      readonly description: string | undefined
      readonly put: readonly string[]
      readonly drop: readonly string[]
    }
  | { readonly kind: 'replicate'; readonly wanted: number; readonly regions: readonly string[] }
  | { readonly kind: 'delete'; readonly wanted: number }

/** An action with the pause before it, in ms, the store that it is done with, and how it is ended. */
export type Step = Action & Limits & { readonly pauseMs: number; readonly store: number }

/** One who does one thing after the other, with images of its own. */
export interface Caller {
  readonly name: string
  readonly steps: readonly Step[]
}

/** What happens at one provider. */
export interface CloudPlan {
  readonly name: CloudName
  readonly stores: number
  readonly wanted: readonly Wanted[]
  readonly callers: readonly Caller[]
}

/** Everything that is decided before a seed is run. */
export interface Workload {
  readonly faults: readonly Fault[]
  /** How many requests of all go wrong. */
  readonly rate: number
  readonly clouds: readonly CloudPlan[]
}

/** The keys of all tags that images are given. */
export const allTags = ['t1', 't2', 't3', 't4'] as const

/** Whether nothing is wrong with what an image is made of. */
export const isGood = ({ file }: Wanted): boolean => file === undefined || file === 'good.qcow2'
