import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as T from 'fp-ts/lib/Task.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { HttpClient } from '../../src/http/client.ts'
import { path } from '../../src/http/path.ts'
import { ImageStoreError } from '../../src/model/error.ts'
import type { Call } from '../../src/store/member.ts'
import type { Operation } from '../../src/store/operation.ts'
import { sideBySide } from '../../src/store/side-by-side.ts'
import type { StoreTask } from '../../src/store/store-task.ts'
import { actionOperation } from './actions.ts'
import type { ActionId } from './ids.ts'
import { type ReadPage, rowsAt, rowsPerPage, rowsUntil } from './pages.ts'
import * as Wire from './wire.ts'

type Answer = E.Either<ImageStoreError, Operation>

/** What is known of actions, by their image and their own id. */
export type SeenActions = (id: ActionId) => Answer

const another = ({ image, action }: ActionId, answered: Wire.Action): ImageStoreError =>
  new ImageStoreError(
    'unexpected-response',
    `DigitalOcean was asked for the action ${action} of the image ${image}, and answered with ${answered.id}`,
  )

const notFound = ({ image, action }: ActionId): ImageStoreError =>
  new ImageStoreError('not-found', `There is no transfer and no conversion ${action} of the image ${image}`)

/** Look-ups of actions on images. */
export const actionLookups = (store: string, http: HttpClient) => {
  /** One page of the actions on an image. That it is paged is known from its answers; the parameters are those of every list. */
  const rows =
    (image: string, call: Call): ReadPage<Wire.Action> =>
    (at) =>
      pipe(
        http.get(path`/v2/images/${image}/actions`, Wire.ActionList, {
          ...call,
          query: { page: at.page, per_page: rowsPerPage },
        }),
        TE.map((list) => rowsAt(at, list.actions, list)),
      )

  const read = (id: ActionId, action: Wire.Action): Answer =>
    String(action.id) === id.action
      ? E.fromNullable(notFound(id))(actionOperation(store, id.image, action))
      : E.left(another(id, action))

  /** The global list of actions is kept for ever, also when the image has gone; it needs the scope actions:read. */
  const fromAll = (id: ActionId, call: Call): T.Task<Answer> =>
    pipe(
      http.get(path`/v2/actions/${id.action}`, Wire.ActionAnswer, call),
      T.map(E.flatMap(({ action }) => read(id, action))),
    )

  /** Below the image the scope image:read is enough. */
  const fromImage = (id: ActionId, call: Call): T.Task<Answer> =>
    pipe(
      http.get(path`/v2/images/${id.image}/actions/${id.action}`, Wire.ActionAnswer, call),
      T.flatMap(
        E.match(
          (error) => (error.kind === 'not-found' ? fromAll(id, call) : T.of(E.left(error))),
          ({ action }) => T.of(read(id, action)),
        ),
      ),
    )

  /** The actions of an image, page by page, for as long as another page costs less than asking for what is missing. */
  const sweep =
    (image: string, wanted: ReadonlySet<string>) =>
    (call: Call): StoreTask<ReadonlyMap<string, Wire.Action>> => {
      const isWanted = ({ id }: Wire.Action): boolean => wanted.has(String(id))
      return pipe(
        rowsUntil(rows(image, call), (rows, ahead) => wanted.size - rows.filter(isWanted).length <= ahead),
        TE.map((rows) => new Map(rows.filter(isWanted).map((row) => [String(row.id), row]))),
      )
    }

  const several = (
    image: string,
    ids: readonly ActionId[],
    call: Call,
  ): T.Task<readonly (readonly [string, Answer])[]> =>
    pipe(
      sweep(image, new Set(ids.map(({ action }) => action)))(call),
      // The list of an image that has gone is not found; its actions still are, one by one.
      TE.orElse((error) =>
        error.kind === 'not-found'
          ? TE.right<ImageStoreError, ReadonlyMap<string, Wire.Action>>(new Map())
          : TE.left(error),
      ),
      T.flatMap((found) =>
        pipe(
          ids,
          sideBySide((id) => {
            const row = E.isRight(found) ? found.right.get(id.action) : undefined
            const answer =
              row !== undefined ? T.of(read(id, row)) : E.isLeft(found) ? T.of<Answer>(found) : fromImage(id, call)
            return pipe(
              answer,
              T.map((answer) => [id.action, answer] as const),
            )
          }),
        ),
      ),
    )

  const ofImage = (
    image: string,
    ids: readonly ActionId[],
    call: Call,
  ): T.Task<readonly (readonly [string, Answer])[]> => {
    const [only, ...others] = ids
    return only !== undefined && others.length === 0
      ? pipe(
          fromImage(only, call),
          T.map((answer) => [[only.action, answer] as const]),
        )
      : several(image, ids, call)
  }

  /** Looks actions up: one below its image, several of one image by the image's list. */
  const lookUp =
    (wanted: readonly ActionId[]) =>
    (call: Call): T.Task<SeenActions> => {
      const byImage = new Map<string, Map<string, ActionId>>()
      for (const id of wanted) byImage.set(id.image, (byImage.get(id.image) ?? new Map()).set(id.action, id))
      return pipe(
        [...byImage],
        sideBySide(([image, ids]) =>
          pipe(
            ofImage(image, [...ids.values()], call),
            T.map((answers) => [image, new Map(answers)] as const),
          ),
        ),
        T.map((images) => {
          const seen = new Map(images)
          return (id) => seen.get(id.image)?.get(id.action) ?? E.left(notFound(id))
        }),
      )
    }

  return { rows, lookUp }
}
