import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { HttpClient } from '../../src/http/client.ts'
import { path } from '../../src/http/path.ts'
import { ImageStoreError } from '../../src/model/error.ts'
import type { Image } from '../../src/model/image.ts'
import { findAccepted } from '../../src/store/accepted.ts'
import type { Change } from '../../src/store/change.ts'
import { reconciled } from '../../src/store/lost-answer.ts'
import type { Call } from '../../src/store/member.ts'
import type { Operation } from '../../src/store/operation.ts'
import type { Runtime } from '../../src/store/runtime.ts'
import type { StoreTask } from '../../src/store/store-task.ts'
import type { actionLookups } from './action-lookup.ts'
import { reasonAgainstConversion, reasonAgainstRegions, reasonAgainstTransfer } from './action-reasons.ts'
import { type ActionBody, actionOperation, presentIn, regionOf } from './actions.ts'
import { momentOf, secondOf } from './moments.ts'
import { rowsUntil } from './pages.ts'
import * as Wire from './wire.ts'

const failIf = (error: ImageStoreError | undefined): StoreTask<void> =>
  error === undefined ? TE.right(undefined) : TE.left(error)

/** Operations begun, by the slug of their region. */
type Begun = ReadonlyMap<string, Operation>

/** Transfers to further regions, and conversions of backups: both are actions on an image. */
export const replicating = (
  store: string,
  http: HttpClient,
  read: (id: string, call: Call) => StoreTask<Image>,
  actions: ReturnType<typeof actionLookups>,
  runtime: Runtime,
) => {
  /** The image, which a deletion may have left readable for a while (fact sheet §3). */
  const present = (id: string, call: Call): StoreTask<Image> =>
    pipe(
      read(id, call),
      TE.filterOrElse(
        ({ status }) => status !== 'deleted',
        ({ ref }) => new ImageStoreError('not-found', `${ref} has been deleted`, { status: 200 }),
      ),
    )

  /**
   * The action of that sort that is under way, or was begun since a moment and is done, as the image's own list of actions has it.
   * One that was done before says nothing of an image that lacks the region now.
   */
  const begunSince = (id: string, body: ActionBody, since: number, call: Call): StoreTask<Operation | undefined> => {
    const isSince = ({ startedAt }: Operation): boolean => (momentOf(startedAt) ?? 0) >= secondOf(since)
    const begun = (rows: readonly Wire.Action[]): Operation | undefined =>
      rows
        .filter((row) => row.type?.toLowerCase() === body.type)
        .filter((row) => body.type === 'convert' || regionOf(row) === body.region)
        .flatMap((row) => actionOperation(store, id, row) ?? [])
        .find((operation) => operation.state === 'running' || (operation.state === 'succeeded' && isSince(operation)))
    return pipe(
      rowsUntil(actions.rows(id, call), (rows) => begun(rows) !== undefined),
      TE.map(begun),
    )
  }

  /** What a transfer has come to where no action of it can be found: the image has the region. */
  const arrived = (id: string, body: ActionBody, call: Call): StoreTask<Operation | undefined> =>
    body.type === 'convert'
      ? TE.right(undefined)
      : pipe(
          read(id, call),
          TE.map(({ regions }) =>
            regions.some((region) => region === body.region) ? presentIn(store, id, body.region) : undefined,
          ),
        )

  /** Asks for an action; what its answer does not name is absent. After a lost answer it is looked for, and then asked for again. */
  const ask = (
    image: Image,
    id: string,
    body: ActionBody,
    since: number,
    call: Call,
  ): StoreTask<Operation | undefined> => {
    const where = body.type === 'convert' ? '' : ` to ${body.region}`
    const change: Change = { change: `the ${body.type} of ${image.ref}${where}`, makesSomething: true }
    return reconciled<Operation | undefined>({
      runtime,
      call,
      change,
      attempt: pipe(
        http.submit('POST', path`/v2/images/${id}/actions`, Wire.ActionAnswer, { ...call, body, change }),
        TE.tapIO((answer) => () => {
          if (answer === undefined) call.noteCompleted(`${change.change} was accepted`)
        }),
        TE.map((answer) => (answer === undefined ? undefined : actionOperation(store, id, answer.action))),
      ),
      look: pipe(
        begunSince(id, body, since, call),
        TE.flatMap((begun) => (begun === undefined ? arrived(id, body, call) : TE.right(begun))),
      ),
      mayRepeat: true,
    })
  }

  /**
   * Begins an action. An image can have one of a sort only: where the answer does not name it, the list of them does. A second one
   * is refused with 422 while the first runs (api-v2#27), so what was begun before is looked for then: a call that is repeated
   * comes to the same operations.
   */
  const begin = (image: Image, id: string, body: ActionBody, since: number, call: Call): StoreTask<Operation> =>
    pipe(
      ask(image, id, body, since, call),
      TE.flatMap((operation) =>
        operation !== undefined
          ? TE.right(operation)
          : findAccepted({
              runtime,
              call,
              what: `The ${body.type} of ${image.ref}`,
              look: pipe(
                begunSince(id, body, since, call),
                TE.map((found) => (found === undefined ? [] : [found])),
              ),
              show: ({ ref }) => ref,
              isLater: () => true,
            }),
      ),
      // Whatever becomes of the rest of the call, an operation that was begun is not lost.
      TE.tapIO(
        ({ ref }) =>
          () =>
            call.noteCompleted(ref),
      ),
      TE.orElse((error) =>
        error.status !== 422
          ? TE.left(error)
          : pipe(
              begunSince(id, body, since, call),
              TE.mapLeft(() => error),
              TE.flatMap(TE.fromNullable(error)),
            ),
      ),
    )

  const transferAll = (image: Image, id: string, regions: readonly string[], call: Call): StoreTask<Begun> => {
    const since = runtime.now()
    return pipe(
      regions,
      TE.traverseSeqArray((region) =>
        pipe(
          begin(image, id, { type: 'transfer', region }, since, call),
          TE.map((operation) => [region, operation] as const),
        ),
      ),
      TE.map((begun) => new Map(begun)),
    )
  }

  return {
    replicate:
      (id: string, regions: readonly string[]) =>
      (call: Call): StoreTask<readonly Operation[]> =>
        pipe(
          failIf(reasonAgainstRegions(regions)),
          TE.flatMap(() => present(id, call)),
          TE.flatMap((image) => {
            const had: readonly string[] = image.regions
            const missing = [...new Set(regions)].filter((region) => !had.includes(region))
            return pipe(
              failIf(missing.length === 0 ? undefined : reasonAgainstTransfer(image)),
              TE.flatMap(() => transferAll(image, id, missing, call)),
            )
          }),
          TE.map((begun) => regions.map((region) => begun.get(region) ?? presentIn(store, id, region))),
        ),

    createFromBackup:
      (id: string) =>
      (call: Call): StoreTask<Operation> =>
        pipe(
          present(id, call),
          TE.tap((image) => failIf(reasonAgainstConversion(image))),
          TE.flatMap((image) => begin(image, id, { type: 'convert' }, runtime.now(), call)),
        ),
  }
}
