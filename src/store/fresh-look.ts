import { ImageStoreError } from '../model/error.ts'
import type { Runtime } from './runtime.ts'

/** How long what a look has shown is taken to be so still, in milliseconds. Another process may begin the same in between. */
const freshMs = 60_000

/** What a request rests on that was looked up before it, and how old that is. */
export interface FreshLook {
  /** Throws where that was too long ago. To be called as the request is about to leave. */
  readonly check: () => void
  /** To be called after each further look. */
  readonly renew: () => void
}

/** What a request fails with that would have left on a stale look. Nothing was sent, and it is not repeated without another look. */
class StaleLookError extends ImageStoreError {
  constructor() {
    super('rate-limited', 'The turn of the request came too long after what it rests on was looked up', {
      notSent: true,
    })
  }
}

/** Whether a request was held back because what it rests on has to be looked up once more. */
export const isStaleLook = (error: ImageStoreError): boolean => error instanceof StaleLookError

/** A look that was just taken. */
export const freshLook = (runtime: Runtime): FreshLook => {
  let lookedAt = runtime.now()
  return {
    check: () => {
      if (runtime.now() - lookedAt > freshMs) throw new StaleLookError()
    },
    renew: () => {
      lookedAt = runtime.now()
    },
  }
}
