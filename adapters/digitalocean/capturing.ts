import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { HttpClient } from '../../src/http/client.ts'
import { path } from '../../src/http/path.ts'
import { type ImageStoreError, isAnswerLost } from '../../src/model/error.ts'
import { presentText } from '../../src/model/text.ts'
import { type AcceptedSearch, clockSkewMs, findAccepted, lookForAccepted } from '../../src/store/accepted.ts'
import { beginOnFreshLook } from '../../src/store/begin-on-fresh-look.ts'
import type { Change } from '../../src/store/change.ts'
import { invalidFields } from '../../src/store/field-reasons.ts'
import type { KeysInDoubt } from '../../src/store/keys-in-doubt.ts'
import { reconciled } from '../../src/store/lost-answer.ts'
import type { Call } from '../../src/store/member.ts'
import type { Operation } from '../../src/store/operation.ts'
import type { CaptureSpec } from '../../src/store/requests.ts'
import type { Runtime } from '../../src/store/runtime.ts'
import type { StoreTask } from '../../src/store/store-task.ts'
import type { begunCaptures } from './begun-captures.ts'
import type { begunUnderKeys } from './begun-under-keys.ts'
import { busyServers, longestWaitMs } from './busy-server.ts'
import { type CapturePlan, toCapture } from './capture-body.ts'
import { captureOperation, isCaptureOf, isUnderWay } from './captures.ts'
import type { droplets } from './droplets.ts'
import type { CaptureId } from './ids.ts'
import type { Begun, keyedOperations } from './keys.ts'
import { momentOf, secondOf } from './moments.ts'
import { allRows } from './pages.ts'
import { imageRow } from './snapshot.ts'
import * as Wire from './wire.ts'

/** A capture that is wanted, and until when a busy server is waited for, in milliseconds since the epoch. */
interface Wanted {
  readonly spec: CaptureSpec
  readonly plan: CapturePlan
  readonly deadline: number
  readonly call: Call
}

const saysPending = ({ message }: ImageStoreError): boolean => /pending event/i.test(message)

/** What a request that was accepted can have begun. There is one at a time, so one that still runs is the one. */
const candidates = (rows: readonly Wire.Action[], since: number): readonly Wire.Action[] => {
  const running = rows.filter(isUnderWay)
  return running.length > 0 ? running : rows.filter((row) => (momentOf(row.started_at) ?? since) >= since - clockSkewMs)
}

const captureId = ({ source, key }: CaptureSpec, { digest }: CapturePlan, { id }: Wire.Action): CaptureId => ({
  kind: 'capture',
  server: source,
  action: String(id),
  digest: key === undefined ? undefined : digest,
})

/** Captures of servers: one is begun as soon as the server is not busy, and one with a key only where the key has made none. */
export const capturing = (
  store: string,
  http: HttpClient,
  servers: ReturnType<typeof droplets>,
  keys: ReturnType<typeof keyedOperations>,
  unlisted: ReturnType<typeof begunCaptures>,
  begunUnder: ReturnType<typeof begunUnderKeys>,
  inDoubt: KeysInDoubt,
  runtime: Runtime,
) => {
  const { isLocked, justMade, waitUntilFree } = busyServers(servers, runtime)

  /**
   * Begins a capture. The server does one thing at a time, so that its actions tell what a request has begun whose answer was lost or
   * names nothing. Without a key it is not sent again. What another key has begun at the same moment cannot be told from it before it
   * is done: then the name tells, and the operation is one that has made nothing.
   */
  const begin = ({ spec, plan, call }: Wanted): StoreTask<Operation> => {
    const { source, key } = spec
    const since = runtime.now()
    const what = `The snapshot of the Droplet ${source}`
    const change: Change = { change: `the capture of ${source} as "${spec.name}"`, key, makesSomething: true }
    const search: AcceptedSearch<Wire.Action> = {
      runtime,
      call,
      what,
      look: pipe(
        allRows(servers.actionRows(source, call)),
        TE.map((rows) => candidates(rows.filter(isCaptureOf(source)), since)),
      ),
      show: ({ id }) => `the action ${id}`,
      isLater: ({ started_at }) => (momentOf(started_at) ?? since) >= secondOf(since),
    }
    const send = pipe(
      http.submit('POST', path`/v2/droplets/${source}/actions`, Wire.ActionAnswer, {
        ...call,
        body: plan.body,
        change,
      }),
      TE.mapLeft((error) => {
        inDoubt.noteFailed(key, error)
        if (key !== undefined && (isAnswerLost(error) || error.kind === 'canceled')) begunUnder.noteLost(key)
        return error
      }),
      TE.map((answer) => (answer !== undefined && isCaptureOf(source)(answer.action) ? answer.action : undefined)),
      TE.tapIO((action) => () => {
        if (action === undefined) call.noteCompleted(`${what} was accepted`)
      }),
    )
    return pipe(
      reconciled<Wire.Action | undefined>({
        runtime,
        call,
        change,
        attempt: send,
        look: lookForAccepted(search),
        mayRepeat: key !== undefined,
      }),
      TE.flatMap((action) => (action === undefined ? findAccepted(search) : TE.right(action))),
      TE.map((action) => {
        const id = captureId(spec, plan, action)
        const operation = captureOperation(store, id, action)
        call.noteCompleted(operation.ref)
        if (key === undefined) return operation
        unlisted.note(key, id, operation)
        return begunUnder.noted(key, plan.digest, { operation })
      }),
    )
  }

  const known = ({ spec, plan }: Wanted, begun: Begun): StoreTask<Operation> =>
    TE.right(spec.key === undefined ? begun.operation : begunUnder.noted(spec.key, plan.digest, begun))

  /** Begins it, unless its key has begun it before. A server that turns out to be busy is waited for. */
  const attempt = (wanted: Wanted, isBusy: boolean): StoreTask<Operation> =>
    beginOnFreshLook<Begun | undefined, Operation>({
      runtime,
      call: wanted.call,
      look: inDoubt.lookBefore(wanted.spec.key, {
        call: wanted.call,
        look: keys.begunBefore(wanted.spec.key, wanted.plan.digest)(wanted.call),
      }),
      begin: (begun, call) =>
        begun === undefined ? unlessJustMade({ ...wanted, call }, isBusy) : known(wanted, begun),
    })

  const tryLater = (wanted: Wanted): StoreTask<Operation> =>
    pipe(
      waitUntilFree(wanted.spec.source, wanted.deadline, wanted.call),
      TE.flatMap(() => attempt(wanted, false)),
    )

  /**
   * What holds the server, or has just been made and is in no list yet, may be what the key has begun: then nothing is sent before
   * that can be seen. The server's own list of snapshots may have it before the account's list of images does.
   */
  const unlessJustMade = (wanted: Wanted, isBusy: boolean): StoreTask<Operation> => {
    const { spec, plan, call } = wanted
    if (spec.key === undefined) return beginUnlessBusy(wanted)
    if (isBusy) return tryLater(wanted)
    return pipe(
      justMade(spec.source, call),
      TE.bindTo('just'),
      TE.bind('begun', ({ just }) => keys.begunAmong(spec.key, plan.digest, just.snapshots.map(imageRow))(call)),
      TE.flatMap(({ just, begun }) => {
        if (begun !== undefined) return known(wanted, begun)
        return just.isUnlisted ? tryLater(wanted) : beginUnlessBusy(wanted)
      }),
    )
  }

  const beginUnlessBusy = (wanted: Wanted): StoreTask<Operation> =>
    pipe(
      begin(wanted),
      TE.orElse((error) => onRefusal(wanted, error)),
    )

  /** A second action is refused with 422 while one runs, and not every 422 says so in the same words (fact sheet §8, §12). */
  const onRefusal = (wanted: Wanted, error: ImageStoreError): StoreTask<Operation> =>
    error.status !== 422
      ? TE.left(error)
      : pipe(
          saysPending(error) ? TE.right(true) : isLocked(wanted.spec.source, wanted.call),
          TE.flatMap((busy) => (busy ? tryLater(wanted) : TE.left(error))),
        )

  /** The server, which is where it is said to be. */
  const located = (spec: CaptureSpec, call: Call): StoreTask<Wire.Droplet> =>
    pipe(
      servers.read(spec.source, call),
      TE.flatMap((droplet) => {
        const slug = presentText(droplet.region?.slug)
        return spec.region === undefined || slug === undefined || slug === spec.region
          ? TE.right(droplet)
          : TE.left(invalidFields({ region: `The Droplet ${spec.source} is in ${slug}, not in ${spec.region}` }))
      }),
    )

  return (spec: CaptureSpec) =>
    (call: Call): StoreTask<Operation> =>
      pipe(
        TE.fromEither(toCapture(spec)),
        TE.flatMap((plan) =>
          pipe(
            located(spec, call),
            TE.flatMap(({ locked }) =>
              attempt({ spec, plan, deadline: runtime.now() + longestWaitMs, call }, locked === true),
            ),
            TE.map((operation) => ({ ...operation, losses: plan.losses })),
          ),
        ),
      )
}
