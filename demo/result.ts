import { type Image, type ImageStoreError, type ImageStoreErrorKind, isImageStoreError, type Loss } from 'imageferry'
import type { Going, Intention } from './plan.ts'
import { type Verification, verify } from './verify.ts'

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

/** The kinds of error by which a provider refuses something for good, with nothing left behind. */
const refusals: ReadonlySet<ImageStoreErrorKind> = new Set([
  'import-failed',
  'invalid-argument',
  'unsupported',
  'permission-denied',
  'quota-exceeded',
])

/** An image that the target did not take, in the words of its error. */
export const refused = (intention: Intention, error: ImageStoreError): Result => ({
  intention,
  moved: false,
  reason: `${error.store ?? 'The target'} says: ${error.message}`,
  hint: error.hint,
  definite: refusals.has(error.kind),
})

/** An image that is in the target, compared with what was asked for. */
export const arrival = (going: Going, image: Image, losses: readonly Loss[], wasThere: boolean): Result => ({
  intention: going,
  moved: true,
  arrived: image,
  wasThere,
  losses,
  verification: verify(image, going.spec, losses),
})

/** What comes of looks and calls for one image; a refusal where one of them fails. Only a cancellation ends the migration. */
export const orRefused = async <A>(intention: Intention, work: () => Promise<A>): Promise<A | Result> => {
  try {
    return await work()
  } catch (error) {
    if (!isImageStoreError(error) || error.kind === 'canceled') throw error
    return refused(intention, error)
  }
}
