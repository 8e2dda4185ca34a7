import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { HttpClient } from '../../src/http/client.ts'
import { path } from '../../src/http/path.ts'
import { graceMs } from '../../src/store/lost-answer.ts'
import type { Call } from '../../src/store/member.ts'
import { remember } from '../../src/store/remember.ts'
import type { Runtime } from '../../src/store/runtime.ts'
import type { StoreTask } from '../../src/store/store-task.ts'
import * as Wire from './wire.ts'

/** How long an image that was accepted may not be found by its id, in milliseconds: that it is found at once is not stated (§3). */
const unreadableMs = 30_000

/** How many are remembered: what was begun within the grace, in which the account's list may lack it, and more than a token may begin in it. */
const most = 1000

type Rows = readonly Wire.Image[]

/**
 * The images whose import this store has begun a moment ago. Whether the account's list has a new image at once is not known
 * (fact sheet §3, §4), and a key that is looked up there would begin a second one. Another process knows of none of them.
 */
export const freshImages = (http: HttpClient, runtime: Runtime) => {
  const begun = new Map<string, { readonly row: Wire.Image; readonly begunAt: number }>()

  const read = (id: string, call: Call): StoreTask<Rows> =>
    pipe(
      http.get(path`/v2/images/${id}`, Wire.ImageAnswer, call),
      TE.map(({ image }) => [image]),
      // In no list and not to be read: it has only just been made, or it was deleted meanwhile.
      TE.orElse((error) => (error.kind === 'not-found' ? TE.right<typeof error, Rows>([]) : TE.left(error))),
    )

  return {
    note: (row: Wire.Image): void => {
      remember(begun, String(row.id), { row, begunAt: runtime.now() }, most)
    },

    /** An image that this store has deleted is not expected to show up. */
    forget: (id: string): void => {
      begun.delete(id)
    },

    /** Whether an image was made so lately that it may not be found by its id yet. */
    mayBeUnreadable: (id: string): boolean => {
      const known = begun.get(id)
      return known !== undefined && runtime.now() < known.begunAt + unreadableMs
    },

    /** Whether an image is known to be that of an import that was answered or found. */
    isKnown: ({ id }: Wire.Image): boolean => begun.has(String(id)),

    /** The rows of a list and, as they are now, the wanted ones that it lacks. Asks for nothing where it lacks none. */
    addedTo:
      (rows: Rows, isWanted: (row: Wire.Image) => boolean) =>
      (call: Call): StoreTask<Rows> => {
        const listed = new Set(rows.map(({ id }) => String(id)))
        const lacking = [...begun]
          .filter(([id, { row, begunAt }]) => !listed.has(id) && runtime.now() < begunAt + graceMs && isWanted(row))
          .map(([id]) => id)
        return pipe(
          lacking,
          TE.traverseSeqArray((id) => read(id, call)),
          TE.map((found) => [...rows, ...found.flat()]),
        )
      },
  }
}
