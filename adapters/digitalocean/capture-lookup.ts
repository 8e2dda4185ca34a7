import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as T from 'fp-ts/lib/Task.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { ImageStoreError } from '../../src/model/error.ts'
import type { Image } from '../../src/model/image.ts'
import { graceMs } from '../../src/store/lost-answer.ts'
import type { Call } from '../../src/store/member.ts'
import type { Operation } from '../../src/store/operation.ts'
import type { Runtime } from '../../src/store/runtime.ts'
import { sideBySide } from '../../src/store/side-by-side.ts'
import type { StoreTask } from '../../src/store/store-task.ts'
import { captureActions, missing } from './capture-actions.ts'
import {
  captureOperation,
  finishedCapture,
  isCaptureOf,
  isSurelyMaker,
  isUnderWay,
  madeBy,
  makersOf,
  namedFor,
} from './captures.ts'
import type { Description } from './description.ts'
import type { droplets } from './droplets.ts'
import { type CaptureId, captureDigestOf, operationRefOf } from './ids.ts'
import { momentOf } from './moments.ts'
import { allRows, rowsUntil } from './pages.ts'
import { snapshotImage } from './snapshot.ts'
import type * as Wire from './wire.ts'

type Answer = E.Either<ImageStoreError, Operation>

/** What is known of captures, by the server and the action. */
export type SeenCaptures = (id: CaptureId) => Answer

/** Lists may lag behind the end of an action by this much, in milliseconds. What is not there by then has been deleted. */
const longestLagMs = 15 * 60_000

/** Where an action does not say when it ended, its image is given this long from its beginning: the largest take a day or two. */
const longestMs = 3 * 86_400_000

const ambiguous = ({ action }: CaptureId, images: readonly Image[]): ImageStoreError =>
  new ImageStoreError(
    'conflict',
    `The snapshot ${action} can be any of ${images.map(({ ref, name }) => `${ref} ("${name}")`).join(', ')}`,
    { hint: 'Tell them apart by their names' },
  )

const gone = ({ server, action }: CaptureId): ImageStoreError =>
  new ImageStoreError(
    'not-found',
    `The snapshot ${action} of the Droplet ${server} was made, and its image is not there any more`,
    { hint: 'The image has been deleted since: begin the snapshot again if it is needed' },
  )

const keyOf = ({ server, action, digest = '' }: CaptureId): string => `${server}/${action}/${digest}`

/** When an image that is not there can be said to be gone: lists lag behind the end of an action. */
const isOver = ({ started_at, completed_at }: Wire.Action, now: number): boolean => {
  const [start, end] = [momentOf(started_at), momentOf(completed_at)]
  return end !== undefined ? now - end > longestLagMs : start !== undefined && now - start > longestMs
}

/** A failure that says that nothing of the server can be read, and not that it could be read another time. */
const isOutOfReach = ({ kind }: ImageStoreError): boolean => kind === 'not-found' || kind === 'permission-denied'

/** Look-ups of captures: the action tells whether it is done, and the server's list of snapshots which image it made. */
export const captureLookups = (store: string, servers: ReturnType<typeof droplets>, runtime: Runtime) => {
  const actionsOf = captureActions(servers)

  const withImage = (id: CaptureId, action: Wire.Action, snapshots: readonly Wire.Snapshot[]): Answer => {
    const operation = captureOperation(store, id, action)
    const [image, ...others] = madeBy(action, namedFor(id.digest, snapshots)).map((row) =>
      snapshotImage(store, row, id.server),
    )
    if (image !== undefined)
      return others.length === 0
        ? E.right(finishedCapture(operation, image))
        : E.left(ambiguous(id, [image, ...others]))
    return isOver(action, runtime.now()) ? E.left(gone(id)) : E.right(operation)
  }

  /** All captures of one server: the actions, and one list for those that are done. */
  const ofServer =
    (call: Call) =>
    ([server, ids]: readonly [string, readonly CaptureId[]]): T.Task<readonly (readonly [string, Answer])[]> =>
      pipe(
        actionsOf(server, ids, call),
        T.flatMap((actions) => {
          const isDone = actions.some(
            ({ id, action }) => E.isRight(action) && captureOperation(store, id, action.right).state === 'settling',
          )
          const list: StoreTask<readonly Wire.Snapshot[]> = isDone ? servers.snapshots(server, call) : TE.right([])
          return pipe(
            list,
            T.map((snapshots) =>
              actions.map(({ id, action }) => [keyOf(id), answerOf(id, action, snapshots)] as const),
            ),
          )
        }),
      )

  const answerOf = (
    id: CaptureId,
    action: E.Either<ImageStoreError, Wire.Action>,
    snapshots: E.Either<ImageStoreError, readonly Wire.Snapshot[]>,
  ): Answer => {
    if (E.isLeft(action)) return action
    const operation = captureOperation(store, id, action.right)
    if (operation.state !== 'settling') return E.right(operation)
    return pipe(
      snapshots,
      E.flatMap((rows) => withImage(id, action.right, rows)),
    )
  }

  return {
    /** Looks captures up: one request for each server, and one more for each of which one is done. */
    lookUp:
      (wanted: readonly CaptureId[]) =>
      (call: Call): T.Task<SeenCaptures> => {
        const byServer = new Map<string, Map<string, CaptureId>>()
        for (const id of wanted) byServer.set(id.server, (byServer.get(id.server) ?? new Map()).set(keyOf(id), id))
        return pipe(
          [...byServer].map(([server, ids]) => [server, [...ids.values()]] as const),
          sideBySide(ofServer(call)),
          T.map((servers) => {
            const seen = new Map(servers.flat())
            return (id) => seen.get(keyOf(id)) ?? E.left(missing(id))
          }),
        )
      },

    /**
     * Whether the server makes another snapshot, or has just made one, that was begun between a capture and a moment in milliseconds
     * since the epoch: no list shows it yet.
     */
    isFollowed:
      ({ server, action }: CaptureId, until: number) =>
      (call: Call): StoreTask<boolean> =>
        pipe(
          allRows(servers.actionRows(server, call)),
          TE.map((rows) => {
            const begun = momentOf(rows.find(({ id }) => String(id) === action)?.started_at)
            return rows.filter(isCaptureOf(server)).some((row) => {
              const [start, end] = [momentOf(row.started_at), momentOf(row.completed_at)]
              if (begun === undefined || start === undefined || start <= begun || start > until) return false
              return isUnderWay(row) || (end !== undefined && runtime.now() - end < graceMs)
            })
          }),
        ),

    /**
     * The capture that made an image, as the trailer behind its name tells: by its action, so that it is the same operation as
     * when it was begun. Where the action cannot be found, because the server has gone or may not be read, it is known by its image.
     * Fails where nobody can tell at the moment: another ref would be another operation.
     */
    ofImage:
      (image: Image, { server, digest }: Description) =>
      (call: Call): StoreTask<Operation> => {
        const byImage = capturedAs(store, image.ref.slice(store.length + 1), image)
        if (server === undefined) return TE.right(byImage)
        const made = { created_at: image.createdAt }
        return pipe(
          rowsUntil(servers.actionRows(server, call), (rows) =>
            rows.filter(isCaptureOf(server)).some(isSurelyMaker(made)),
          ),
          TE.map((rows) => {
            const [action] = makersOf(made, rows.filter(isCaptureOf(server)))
            if (action === undefined) return byImage
            const id = { kind: 'capture', server, action: String(action.id), digest: captureDigestOf(digest) } as const
            const { ref, startedAt } = captureOperation(store, id, action)
            return { ...byImage, ref, startedAt }
          }),
          TE.orElse((error) => (isOutOfReach(error) ? TE.right(byImage) : TE.left(error))),
        )
      },
  }
}

/** The operation that made an image which is there, where nothing but the image is known of it. */
export const capturedAs = (store: string, id: string, image: Image): Operation => ({
  ref: operationRefOf(store, { kind: 'captured', image: id }),
  kind: 'capture',
  state: 'succeeded',
  image: image.ref,
  losses: [],
  startedAt: image.createdAt,
})
