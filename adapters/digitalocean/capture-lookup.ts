import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as T from 'fp-ts/lib/Task.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { ImageStoreError } from '../../src/model/error.ts'
import type { Image } from '../../src/model/image.ts'
import type { Call } from '../../src/store/member.ts'
import type { Operation } from '../../src/store/operation.ts'
import type { Runtime } from '../../src/store/runtime.ts'
import { sideBySide } from '../../src/store/side-by-side.ts'
import type { StoreTask } from '../../src/store/store-task.ts'
import { captureOperation, finishedCapture, isCaptureOf, madeBy, momentOf } from './captures.ts'
import type { droplets } from './droplets.ts'
import { type CaptureId, operationRefOf } from './ids.ts'
import { rowsUntil } from './pages.ts'
import type * as Wire from './wire.ts'

type Answer = E.Either<ImageStoreError, Operation>

/** What is known of captures, by the server and the action. */
export type SeenCaptures = (id: CaptureId) => Answer

/** Lists may lag behind the end of an action by this much, in milliseconds. What is not there by then has been deleted. */
const longestLagMs = 15 * 60_000

const missing = ({ server, action }: CaptureId): ImageStoreError =>
  new ImageStoreError('not-found', `There is no snapshot ${action} of the Droplet ${server}`)

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

const keyOf = ({ server, action }: CaptureId): string => `${server}/${action}`

/** Look-ups of captures: the action tells whether it is done, and the server's list of snapshots which image it made. */
export const captureLookups = (store: string, servers: ReturnType<typeof droplets>, runtime: Runtime) => {
  const withImage = (id: CaptureId, action: Wire.Action, snapshots: readonly Image[]): Answer => {
    const operation = captureOperation(store, id, action)
    const [image, ...others] = madeBy(action, snapshots)
    if (image !== undefined)
      return others.length === 0
        ? E.right(finishedCapture(operation, image))
        : E.left(ambiguous(id, [image, ...others]))
    const end = momentOf(action.completed_at)
    return end !== undefined && runtime.now() - end > longestLagMs ? E.left(gone(id)) : E.right(operation)
  }

  const read = (id: CaptureId, call: Call): StoreTask<Wire.Action> =>
    pipe(
      servers.action(id, call),
      TE.filterOrElse(isCaptureOf(id.server), () => missing(id)),
    )

  /** All captures of one server: each action by itself, and one list for those that are done. */
  const ofServer =
    (call: Call) =>
    ([server, ids]: readonly [string, readonly CaptureId[]]): T.Task<readonly (readonly [string, Answer])[]> =>
      pipe(
        ids,
        sideBySide((id) =>
          pipe(
            read(id, call),
            T.map((action) => ({ id, action })),
          ),
        ),
        T.flatMap((actions) => {
          const isDone = actions.some(
            ({ id, action }) => E.isRight(action) && captureOperation(store, id, action.right).state === 'settling',
          )
          const list: StoreTask<readonly Image[]> = isDone ? servers.snapshots(server, call) : TE.right([])
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
    snapshots: E.Either<ImageStoreError, readonly Image[]>,
  ): Answer => {
    if (E.isLeft(action)) return action
    const operation = captureOperation(store, id, action.right)
    if (operation.state !== 'settling') return E.right(operation)
    return pipe(
      snapshots,
      E.flatMap((images) => withImage(id, action.right, images)),
    )
  }

  return {
    /** Looks captures up: one request for each, and one more for each server of which one is done. */
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
     * The capture that made an image of that server: by its action, so that it is the same operation as when it was begun. Where
     * the action cannot be found, because the server has gone or may not be read, it is known by its image.
     */
    ofImage:
      (image: Image, server: string | undefined) =>
      (call: Call): T.Task<Operation> => {
        const id = image.ref.slice(store.length + 1)
        const byImage = capturedAs(store, id, image)
        if (server === undefined) return T.of(byImage)
        const isIts = (action: Wire.Action): boolean =>
          isCaptureOf(server)(action) && madeBy(action, [image]).length > 0
        return pipe(
          rowsUntil(servers.actionRows(server, call), (rows) => rows.some(isIts)),
          TE.match(
            () => byImage,
            (rows) => {
              const exact = rows
                .filter(isIts)
                .find(({ started_at }) => momentOf(started_at) === momentOf(image.createdAt))
              const action = exact ?? rows.find(isIts)
              return action === undefined
                ? byImage
                : {
                    ...byImage,
                    ref: operationRefOf(store, { kind: 'capture', server, action: String(action.id) }),
                    startedAt: captureOperation(store, { kind: 'capture', server, action: '' }, action).startedAt,
                  }
            },
          ),
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
