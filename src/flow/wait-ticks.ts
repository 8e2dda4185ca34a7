import * as E from 'fp-ts/lib/Either.js'
import type { ImageStoreError } from '../model/error.ts'
import type { OperationRef } from '../model/ref.ts'
import type { StoreObserver } from '../store/event.ts'
import type { ImageStore } from '../store/image-store.ts'
import type { OperationKind, OperationLookup } from '../store/operation.ts'
import type { Runtime } from '../store/runtime.ts'
import { telling, tellingEverybody } from '../store/telling.ts'
import { type Durations, durations } from './durations.ts'

/** Somebody who waits for operations of a store. Moments are milliseconds since the epoch. */
export interface Watcher {
  /** What is to be looked up. */
  readonly refs: () => readonly OperationRef[]
  /** When the next look is wanted. */
  readonly nextLookAt: () => number
  /** When looking has to have ended, after a look at that moment. */
  readonly endsAt: (lookedAt: number) => number
  /** Ends what is still waited for after its time. */
  readonly expire: () => void
  /** Ends the wait with what a store has thrown. */
  readonly fail: (bug: unknown) => void
  /** Is told of each look. */
  readonly observer?: StoreObserver | undefined
  /** Takes what a look told that asked for its refs; of one that failed whole, by its error. */
  readonly see: (looked: E.Either<ImageStoreError, ReadonlyMap<OperationRef, OperationLookup>>) => void
}

/** The looks of all who wait for operations of one store. */
export interface WaitTicks {
  /** Looks for a watcher, too, until what it returns is called. */
  readonly watch: (watcher: Watcher) => () => void
  /** What operations of the store have taken so far. */
  readonly taken: Durations<OperationKind>
}

/** Looks are this far apart at the least, in milliseconds, however many waits begin in between: they join the next one. */
const shortestGapMs = 8_000
/** A look is given this long at the most, in milliseconds: one that hangs must not blind the wait … */
const longestLookMs = 60_000
/** … and this long even where hardly any time is left. */
const shortestLookMs = 1_000

const ticksFor = (store: ImageStore, runtime: Runtime): WaitTicks => {
  const watchers = new Set<Watcher>()
  let lastLookAt = Number.NEGATIVE_INFINITY
  let isRunning = false
  let sleep = new AbortController()
  let look = new AbortController()

  const nextLookAt = (): number => {
    // The clock was put back: what was to come then comes now.
    if (lastLookAt > runtime.now()) return runtime.now()
    const all = [...watchers]
    const wanted = Math.min(...all.map((watcher) => watcher.nextLookAt()))
    const due = Math.min(...all.map((watcher) => watcher.endsAt(lastLookAt)))
    return Math.min(Math.max(wanted, lastLookAt + shortestGapMs), due)
  }

  /** Whether it was slept to the end: where somebody came or went, the next look may be due at another moment. */
  const sleepUntil = async (moment: number): Promise<boolean> => {
    sleep = new AbortController()
    const { signal } = sleep
    await runtime.sleep(moment - runtime.now(), signal).catch(() => undefined)
    return !signal.aborted
  }

  const tellOf = (asking: readonly Watcher[], counts: { readonly waiting: number; readonly ended: number }): void => {
    const observers = new Set(asking.flatMap(({ observer }) => observer ?? []))
    for (const tell of [tellingEverybody(undefined), ...[...observers].map(telling)])
      tell({ type: 'wait-tick', store: store.name, operation: 'getOperations', ...counts })
  }

  const lookNow = async (): Promise<void> => {
    const asking = [...watchers]
    const refs = [...new Set(asking.flatMap((watcher) => watcher.refs()))]
    lastLookAt = runtime.now()
    look = new AbortController()
    const timeLeft = Math.min(...asking.map((watcher) => watcher.endsAt(lastLookAt))) - lastLookAt
    const timeoutMs = Math.min(Math.max(timeLeft, shortestLookMs), longestLookMs)
    const answer = await store.getOperations(refs, { signal: look.signal, timeoutMs })()
    const looked = E.isLeft(answer) ? answer : E.right(new Map(answer.right.map((lookup) => [lookup.ref, lookup])))
    const left = new Set<OperationRef>()
    for (const watcher of asking.filter((one) => watchers.has(one))) {
      watcher.see(looked)
      for (const ref of watcher.refs()) left.add(ref)
    }
    tellOf(asking, { waiting: refs.length, ended: refs.filter((ref) => !left.has(ref)).length })
  }

  /** Who has nothing more to wait for needs no look, whether or not it has left already. */
  const dropEnded = (): void => {
    for (const watcher of [...watchers]) if (watcher.refs().length === 0) watchers.delete(watcher)
  }

  /** A store that breaks its promise, and throws or answers what is none, has that thrown at all who wait. */
  const failAll = (bug: unknown): void => {
    for (const watcher of [...watchers]) watcher.fail(bug)
    watchers.clear()
  }

  const run = async (): Promise<void> => {
    isRunning = true
    lastLookAt = Number.NEGATIVE_INFINITY
    // Whoever begins to wait in the same breath shares the first look.
    await Promise.resolve()
    for (dropEnded(); watchers.size > 0; dropEnded()) {
      const moment = nextLookAt()
      if (moment > runtime.now() && !(await sleepUntil(moment))) continue
      await lookNow().catch(failAll)
    }
    isRunning = false
  }

  return {
    taken: durations(),
    watch: (watcher) => {
      watchers.add(watcher)
      sleep.abort()
      if (!isRunning) void run()
      return () => {
        watchers.delete(watcher)
        sleep.abort()
        if (watchers.size === 0) look.abort()
      }
    },
  }
}

const ticks = new WeakMap<ImageStore, WeakMap<Runtime, WaitTicks>>()

/** The looks of a store: the same for all who wait on it at the same time, on the same runtime. */
export const waitTicks = (store: ImageStore, runtime: Runtime): WaitTicks => {
  const ofStore = ticks.get(store) ?? new WeakMap<Runtime, WaitTicks>()
  ticks.set(store, ofStore)
  const known = ofStore.get(runtime) ?? ticksFor(store, runtime)
  ofStore.set(runtime, known)
  return known
}
