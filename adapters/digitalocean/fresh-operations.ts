import type { ImageRef, OperationRef } from '../../src/model/ref.ts'
import type { Operation, OperationLookup } from '../../src/store/operation.ts'
import { remember } from '../../src/store/remember.ts'
import type { Runtime } from '../../src/store/runtime.ts'

/** How long the provider may not find what it has accepted, in milliseconds. A client of its own allows for as much. */
const graceMs = 60_000

/** How many are remembered: what was begun within the grace, and more than a token may begin in it. */
const most = 1000

interface Fresh {
  readonly operation: Operation
  /** In milliseconds since the epoch. */
  readonly begunAt: number
}

/**
 * The operations that this store has begun a moment ago. Whether an image or an action is found by its id as soon as it was
 * accepted is not known, and Terraform's poller asks again after 404 (fact sheet §5, §7): what is not found within the first
 * minute is as it was when it was begun. Another process waits for no such thing.
 */
export const freshOperations = (runtime: Runtime) => {
  const begun = new Map<OperationRef, Fresh>()

  return {
    note: (operation: Operation): void => {
      if (operation.state !== 'queued' && operation.state !== 'running') return
      remember(begun, operation.ref, { operation, begunAt: runtime.now() }, most)
    },

    /** An image that was deleted is not waited for. */
    forget: (image: ImageRef): void => {
      for (const [ref, { operation }] of begun) if (operation.image === image) begun.delete(ref)
    },

    /** The operation as it was begun, in place of none. */
    orAsBegun: (lookup: OperationLookup): OperationLookup => {
      const fresh = begun.get(lookup.ref)
      if (lookup.found || lookup.error.kind !== 'not-found' || fresh === undefined) return lookup
      return runtime.now() < fresh.begunAt + graceMs
        ? { ref: lookup.ref, found: true, operation: fresh.operation }
        : lookup
    },
  }
}
