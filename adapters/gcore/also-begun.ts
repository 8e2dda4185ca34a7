import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { clockSkewMs } from '../../src/store/accepted.ts'
import type { Call } from '../../src/store/member.ts'
import type { Runtime } from '../../src/store/runtime.ts'
import { sideBySide } from '../../src/store/side-by-side.ts'
import type { StoreTask } from '../../src/store/store-task.ts'
import type { BegunTask, BegunTasks } from './begun-tasks.ts'
import type { Tasks } from './task-list.ts'
import type * as Wire from './wire.ts'

/** What is needed to look at tasks that the list does not show. */
export interface AlsoBegunSources {
  readonly runtime: Runtime
  readonly begun: BegunTasks
  readonly readTask: (id: string, call: Call) => StoreTask<Wire.Task>
}

/** A task that was accepted so lately that nothing shows it yet. */
const justBegun = (id: string, { kind }: BegunTask): Wire.Task => ({
  id,
  state: 'NEW',
  task_type: kind === 'capture' ? 'create_image' : undefined,
})

/**
 * Tasks, and with them those that this store has begun under a key: one that the list lacks, because it lags or a thousand newer ones
 * are before it, is read by itself. A task that cannot be found is gone, unless it was begun within two minutes.
 */
export const alsoBegun =
  ({ runtime, begun, readTask }: AlsoBegunSources) =>
  (key: string, tasks: Tasks, call: Call): StoreTask<Tasks> => {
    const unlessGone = (id: string): readonly (readonly [string, Wire.Task])[] => {
      const known = begun.get(id)
      return known !== undefined && known.at > runtime.now() - clockSkewMs ? [[id, justBegun(id, known)]] : []
    }
    const read = (id: string): StoreTask<readonly (readonly [string, Wire.Task])[]> =>
      pipe(
        readTask(id, call),
        TE.map((task) => [[id, task] as const]),
        TE.orElse((error) => (error.kind === 'not-found' ? TE.right(unlessGone(id)) : TE.left(error))),
      )
    return pipe(
      begun.under(key).filter((id) => !tasks.has(id)),
      sideBySide(read),
      TE.fromTask,
      TE.flatMapEither(E.sequenceArray),
      TE.map((found) => new Map([...tasks, ...found.flat()])),
    )
  }
