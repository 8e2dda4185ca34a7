import type { Image } from '../../src/model/image.ts'
import { parseTimestamp } from '../../src/model/timestamp.ts'
import type { Operation, OperationState } from '../../src/store/operation.ts'
import { readTrailer } from './description.ts'
import { type CaptureId, captureDigestOf, operationRefOf } from './ids.ts'
import { momentOf } from './moments.ts'
import type * as Wire from './wire.ts'

/** The three words of openapi action.yml. A snapshot that is done must still be found. */
const states: ReadonlyMap<string, OperationState> = new Map([
  ['in-progress', 'running'],
  ['completed', 'settling'],
  ['errored', 'failed'],
])

/** Whether an action is a snapshot of that server. What it does not say of itself does not count against it. */
export const isCaptureOf =
  (server: string) =>
  ({ type, resource_id, resource_type }: Wire.Action): boolean =>
    type?.toLowerCase() === 'snapshot' &&
    (resource_id === null || resource_id === undefined || String(resource_id) === server) &&
    (resource_type ?? 'droplet').toLowerCase() === 'droplet'

/** Whether an action is still under way. */
export const isUnderWay = ({ status }: Wire.Action): boolean => status?.toLowerCase() === 'in-progress'

/** A capture as its action alone tells: without the image, which the action does not name (fact sheet §8). */
export const captureOperation = (store: string, id: CaptureId, action: Wire.Action): Operation => {
  const state = states.get(action.status?.toLowerCase() ?? '') ?? 'unknown'
  return {
    ref: operationRefOf(store, id),
    kind: 'capture',
    state,
    ...(state === 'failed'
      ? {
          failure: 'DigitalOcean gave the snapshot up without a reason',
          hint: 'See that the Droplet is still there, then begin the snapshot again',
        }
      : {}),
    losses: [],
    startedAt: typeof action.started_at === 'string' ? parseTimestamp(action.started_at) : undefined,
  }
}

/** A capture that has made its image. */
export const finishedCapture = (operation: Operation, image: Image): Operation => ({
  ...operation,
  state: 'succeeded',
  image: image.ref,
})

/** What is known of an image that an action may have made. */
export type Made = Pick<Wire.Snapshot, 'name' | 'created_at'>

/** The moments of an image and of its action may differ by this much, in milliseconds: each is a whole second of some clock. */
const slackMs = 2_000

/** How well an image goes with an action, by when it was made; the less the better, and absent where it cannot be its. */
const distanceOf = ({ started_at, completed_at }: Wire.Action, { created_at }: Made): number | undefined => {
  const [start, made] = [momentOf(started_at), momentOf(created_at)]
  if (start === undefined || made === undefined) return undefined
  if (made === start) return 0
  const end = momentOf(completed_at) ?? start
  if (made > start && made <= end) return 1
  return made >= start - slackMs && made <= end + slackMs ? 2 : undefined
}

/** Those that go best with what is looked for. */
const nearest = <A>(all: readonly A[], distance: (one: A) => number | undefined): readonly A[] => {
  const near = all.flatMap((one) => {
    const away = distance(one)
    return away === undefined ? [] : [{ one, away }]
  })
  const least = Math.min(...near.map(({ away }) => away))
  return near.filter(({ away }) => away === least).map(({ one }) => one)
}

/**
 * Which of a server's snapshots an action can have made. A server has one action at a time, so it is the one that was made
 * between its beginning and its end, or a second beside that where there is none, and among those that which bears the moment of the
 * beginning itself, as terraform finds it (fact sheet §8). More than one is never guessed among.
 */
export const madeBy = <A extends Made>(action: Wire.Action, snapshots: readonly A[]): readonly A[] =>
  nearest(snapshots, (snapshot) => distanceOf(action, snapshot))

/** Which of a server's actions made an image, by the same rule. */
export const makersOf = (made: Made, actions: readonly Wire.Action[]): readonly Wire.Action[] =>
  nearest(actions, (action) => distanceOf(action, made))

/** Whether an action began in the second in which an image was made, or ran then: no other can be meant. */
export const isSurelyMaker =
  (made: Made) =>
  (action: Wire.Action): boolean =>
    (distanceOf(action, made) ?? 2) < 2

const digestOf = ({ name }: Made): string | undefined => captureDigestOf(readTrailer(name ?? '')?.digest)

/**
 * The snapshots that a capture can have made by their names: with a key those that bear it, and without one those that bear none.
 * One that bears none is never taken for a key's: it can be a neighbour's that was made in the same second.
 */
export const namedFor = <A extends Made>(digest: string | undefined, snapshots: readonly A[]): readonly A[] =>
  snapshots.filter((snapshot) => digestOf(snapshot) === digest)
