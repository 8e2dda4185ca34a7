import type { Image } from '../../src/model/image.ts'
import { parseTimestamp } from '../../src/model/timestamp.ts'
import type { Operation, OperationState } from '../../src/store/operation.ts'
import { type CaptureId, operationRefOf } from './ids.ts'
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

/** A moment in milliseconds since the epoch; absent where a text says none. */
export const momentOf = (text: string | null | undefined): number | undefined => {
  const moment = typeof text === 'string' ? Date.parse(text) : Number.NaN
  return Number.isNaN(moment) ? undefined : moment
}

/**
 * Which of a server's snapshots an action can have made. A server has one action at a time, so it is the one that was made
 * between its beginning and its end, and among those that which bears the moment of the beginning itself, as terraform finds it
 * (fact sheet §8). All moments are whole seconds. More than one is never guessed among.
 */
export const madeBy = ({ started_at, completed_at }: Wire.Action, snapshots: readonly Image[]): readonly Image[] => {
  const start = momentOf(started_at)
  if (start === undefined) return []
  const end = momentOf(completed_at) ?? start
  const within = snapshots.filter(({ createdAt }) => {
    const made = momentOf(createdAt)
    return made !== undefined && made >= start && made <= end
  })
  const atTheStart = within.filter(({ createdAt }) => momentOf(createdAt) === start)
  return atTheStart.length > 0 ? atTheStart : within
}
