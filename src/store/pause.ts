import * as TE from 'fp-ts/lib/TaskEither.js'
import { ImageStoreError } from '../model/error.ts'
import type { Call } from './member.ts'
import type { Runtime } from './runtime.ts'
import type { StoreTask } from './store-task.ts'

/** Lets so many milliseconds pass. Fails with `canceled` as soon as the call is ended. */
export const pause = (runtime: Runtime, milliseconds: number, { signal }: Call): StoreTask<void> =>
  TE.tryCatch(
    () => runtime.sleep(milliseconds, signal),
    () => new ImageStoreError('canceled', 'The call was canceled'),
  )
