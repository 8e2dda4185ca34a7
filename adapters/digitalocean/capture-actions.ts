import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as T from 'fp-ts/lib/Task.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { ImageStoreError } from '../../src/model/error.ts'
import type { Call } from '../../src/store/member.ts'
import { sideBySide } from '../../src/store/side-by-side.ts'
import type { StoreTask } from '../../src/store/store-task.ts'
import { isCaptureOf } from './captures.ts'
import type { droplets } from './droplets.ts'
import type { CaptureId } from './ids.ts'
import { rowsUntil } from './pages.ts'
import type * as Wire from './wire.ts'

/** A capture that was asked for, and its action. */
export interface CaptureAction {
  readonly id: CaptureId
  readonly action: E.Either<ImageStoreError, Wire.Action>
}

type Found = E.Either<ImageStoreError, ReadonlyMap<string, Wire.Action>>

const another = ({ server, action }: CaptureId, answered: Wire.Action): ImageStoreError =>
  new ImageStoreError(
    'unexpected-response',
    `DigitalOcean was asked for the action ${action} of the Droplet ${server}, and answered with ${answered.id}`,
  )

/** That there is no such capture. */
export const missing = ({ server, action }: CaptureId): ImageStoreError =>
  new ImageStoreError('not-found', `There is no snapshot ${action} of the Droplet ${server}`)

/** Look-ups of the actions that make snapshots. */
export const captureActions = (servers: ReturnType<typeof droplets>) => {
  const read = (id: CaptureId, call: Call): StoreTask<Wire.Action> =>
    pipe(
      servers.action(id, call),
      TE.filterOrElse(
        (action) => String(action.id) === id.action,
        (action) => another(id, action),
      ),
      TE.filterOrElse(isCaptureOf(id.server), () => missing(id)),
    )

  /** The actions of a server, page by page, for as long as another page costs less than asking for what is missing. */
  const sweep = (
    server: string,
    ids: readonly CaptureId[],
    call: Call,
  ): StoreTask<ReadonlyMap<string, Wire.Action>> => {
    const wanted = new Set(ids.map(({ action }) => action))
    const isWanted = (row: Wire.Action): boolean => wanted.has(String(row.id)) && isCaptureOf(server)(row)
    return pipe(
      rowsUntil(
        servers.actionRows(server, call),
        (rows, pagesLeft) => wanted.size - rows.filter(isWanted).length <= pagesLeft,
      ),
      TE.map((rows) => new Map(rows.filter(isWanted).map((row) => [String(row.id), row]))),
    )
  }

  /** One by itself; several by the server's list, which that of a server that has gone is not. */
  const listed = (server: string, ids: readonly CaptureId[], call: Call): T.Task<Found> =>
    ids.length < 2
      ? T.of(E.right(new Map()))
      : pipe(
          sweep(server, ids, call),
          TE.orElse((error) =>
            error.kind === 'not-found'
              ? TE.right<ImageStoreError, ReadonlyMap<string, Wire.Action>>(new Map())
              : TE.left(error),
          ),
        )

  const actionOf = (id: CaptureId, found: Found, call: Call): StoreTask<Wire.Action> => {
    if (E.isLeft(found)) return T.of(found)
    const row = found.right.get(id.action)
    return row === undefined ? read(id, call) : TE.right(row)
  }

  /** The actions of captures of one server: one by itself, several by the server's list of actions. */
  return (server: string, ids: readonly CaptureId[], call: Call): T.Task<readonly CaptureAction[]> =>
    pipe(
      listed(server, ids, call),
      T.flatMap((found) =>
        pipe(
          ids,
          sideBySide((id) =>
            pipe(
              actionOf(id, found, call),
              T.map((action) => ({ id, action })),
            ),
          ),
        ),
      ),
    )
}
