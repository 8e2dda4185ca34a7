import {
  type Image,
  type ImageStoreError,
  type ImageStoreErrorKind,
  isImageStoreError,
  isReady,
  isSettled,
  type Loss,
  type Operation,
  type OperationRef,
  type PromiseImageStore,
  type Runtime,
  showTag,
} from 'imageferry'
import type { Intention } from './plan.ts'
import { type Verification, verify } from './verify.ts'

type Going = Extract<Intention, { go: true }>

/** What became of one image. */
export type Result =
  | {
      readonly intention: Intention
      readonly moved: true
      readonly arrived: Image
      readonly wasThere: boolean
      readonly losses: readonly Loss[]
      readonly verification: Verification
    }
  | {
      readonly intention: Intention
      readonly moved: false
      readonly reason: string
      readonly hint?: string | undefined
      /** Whether it is certain that nothing came of it: a time-out, say, tells nothing. */
      readonly definite: boolean
    }

/** How a migration is watched and ended. */
export interface MigrationOptions {
  readonly signal: AbortSignal
  readonly runtime: Runtime
  readonly onProgress: (operations: readonly Operation[]) => void
  /** Called as soon as the target has accepted an import. */
  readonly onAccepted: (intention: Intention, ref: OperationRef) => void
}

/** The kinds of error by which a provider refuses something for good, with nothing left behind. */
const refusals: ReadonlySet<ImageStoreErrorKind> = new Set([
  'import-failed',
  'invalid-argument',
  'unsupported',
  'permission-denied',
  'quota-exceeded',
])

const refused = (intention: Intention, error: ImageStoreError): Result => ({
  intention,
  moved: false,
  reason: `${error.store ?? 'The target'} says: ${error.message}`,
  hint: error.hint,
  definite: refusals.has(error.kind),
})

/** An image of that name that the region has already, or is getting: a second run must not make a second one. */
const presentImage = async (
  target: PromiseImageStore,
  { spec }: Going,
  signal: AbortSignal,
): Promise<Image | undefined> => {
  const images = await target.collect({ name: spec.name, regions: [spec.region] }, { signal })
  return images.find(isReady) ?? images.find((image) => !isSettled(image))
}

/** What the target could not hold of an image that was there already: a second value of a key, where it holds one. */
const knownLosses = (target: PromiseImageStore, { spec }: Going): readonly Loss[] => {
  if (target.capabilities.tags.repeatedKeys) return []
  const keys = new Set<string>()
  return (spec.tags ?? []).flatMap((tag): readonly Loss[] => {
    if (!keys.has(tag.key)) {
      keys.add(tag.key)
      return []
    }
    return [{ field: 'tags', wanted: showTag(tag), reason: 'The target holds one value for a key' }]
  })
}

/** Moves images one by one to the target, waits for all of them together, and reads every one back. */
export const migrate = async (
  target: PromiseImageStore,
  plan: readonly Intention[],
  { signal, runtime, onProgress, onAccepted }: MigrationOptions,
): Promise<readonly Result[]> => {
  const results: Result[] = []
  const running = new Map<OperationRef, { readonly going: Going; readonly losses: readonly Loss[] }>()

  for (const intention of plan) {
    if (!intention.go) {
      results.push({ intention, moved: false, reason: intention.reason, definite: true })
      continue
    }
    try {
      const present = await presentImage(target, intention, signal)
      const begun = present?.provenance?.operation
      if (present !== undefined && !isReady(present) && begun !== undefined) {
        // An earlier run began it: it is waited for like one of this run.
        running.set(begun, { going: intention, losses: knownLosses(target, intention) })
        onAccepted(intention, begun)
        continue
      }
      if (present !== undefined) {
        results.push(arrival(intention, present, knownLosses(target, intention), true))
        continue
      }
      const operation = await target.importFromUrl(intention.spec, { signal })
      running.set(operation.ref, { going: intention, losses: operation.losses })
      onAccepted(intention, operation.ref)
    } catch (error) {
      if (!isImageStoreError(error) || error.kind === 'canceled') throw error
      results.push(refused(intention, error))
    }
  }

  for await (const outcome of target.waitFor([...running.keys()], {
    signal,
    runtime,
    onProgress: (progress) => onProgress(progress.flatMap(({ operation }) => operation ?? [])),
  })) {
    const begun = running.get(outcome.ref)
    if (begun === undefined) continue
    if (!outcome.succeeded || outcome.operation.image === undefined) {
      const reason = 'The provider names no image'
      results.push(
        outcome.succeeded
          ? { intention: begun.going, moved: false, reason, definite: false }
          : refused(begun.going, outcome.error),
      )
      continue
    }
    try {
      const image = await target.get(outcome.operation.image, { signal })
      results.push(arrival(begun.going, image, begun.losses, false))
    } catch (error) {
      if (!isImageStoreError(error) || error.kind === 'canceled') throw error
      results.push(refused(begun.going, error))
    }
  }
  return results
}

const arrival = (going: Going, image: Image, losses: readonly Loss[], wasThere: boolean): Result => ({
  intention: going,
  moved: true,
  arrived: image,
  wasThere,
  losses,
  verification: verify(image, going.spec, losses),
})
