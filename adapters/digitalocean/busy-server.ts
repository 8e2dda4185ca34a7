import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { ImageStoreError } from '../../src/model/error.ts'
import type { Call } from '../../src/store/member.ts'
import { pause } from '../../src/store/pause.ts'
import type { Runtime } from '../../src/store/runtime.ts'
import type { StoreTask } from '../../src/store/store-task.ts'
import { isCaptureOf, madeBy } from './captures.ts'
import type { droplets } from './droplets.ts'
import { momentOf } from './moments.ts'
import { rowsUntil } from './pages.ts'
import type * as Wire from './wire.ts'

/** A server that is busy is looked at this often, in milliseconds. */
const betweenLooksMs = 10_000

/** A server that is busy is waited for at the most this long, in milliseconds: a snapshot takes 1 to 3 minutes per GB. */
export const longestWaitMs = 60 * 60_000

/**
 * Between the end of one action and the beginning of the next, in milliseconds: moments are given in whole seconds, and a
 * snapshot is told by the moment it was made, give or take two.
 */
const gapMs = 3_000

/** For how long after its end a snapshot may be in no list yet, in milliseconds, as far as a repeated call waits for it. */
const listLagMs = 120_000

const stillBusy = (server: string): ImageStoreError =>
  new ImageStoreError('locked', `The Droplet ${server} has been busy with another action for an hour`, {
    hint: 'A Droplet does one thing at a time: begin the snapshot when that action has ended',
  })

/** Snapshots that have just been made. */
export interface JustMade {
  /** The server's own list of snapshots; empty where none has just been made. */
  readonly snapshots: readonly Wire.Snapshot[]
  /** Whether one has been made that is not in it yet: it may be the one that a key has begun. */
  readonly isUnlisted: boolean
}

/** Whether actions come in the order of their age, the newest first. Where they do not differ, or do not say, nobody knows. */
const isNewestFirst = (rows: readonly Wire.Action[]): boolean => {
  const moments = rows.map(({ started_at }) => momentOf(started_at) ?? Number.NaN)
  const falls = moments.slice(1).map((moment, index) => (moments[index] ?? Number.NaN) - moment)
  return falls.every((fall) => fall >= 0) && falls.some((fall) => fall > 0)
}

/** Servers that are busy: each has one action at a time, and refuses a second one with 422 (fact sheet §8). */
export const busyServers = (servers: ReturnType<typeof droplets>, runtime: Runtime) => {
  /** Whether an action holds the server at the moment. */
  const isLocked = (server: string, call: Call): StoreTask<boolean> =>
    pipe(
      servers.read(server, call),
      TE.map(({ locked }) => locked === true),
    )

  /** Waits until nothing holds the server any more, at least once. Fails with `locked` when the deadline has passed. */
  const waitUntilFree = (server: string, deadline: number, call: Call): StoreTask<void> =>
    pipe(
      runtime.now() >= deadline ? TE.left(stillBusy(server)) : pause(runtime, betweenLooksMs, call),
      TE.flatMap(() => isLocked(server, call)),
      TE.flatMap((locked) => (locked ? waitUntilFree(server, deadline, call) : pause(runtime, gapMs, call))),
    )

  /**
   * What the server itself tells of snapshots that have just been made, which the account's list of images may not have yet. The
   * order of its actions is not known: where the newest do not come first, all are read.
   */
  const justMade = (server: string, call: Call): StoreTask<JustMade> =>
    pipe(
      rowsUntil(servers.actionRows(server, call), isNewestFirst),
      TE.map((rows) =>
        rows.filter(isCaptureOf(server)).filter(({ completed_at }) => {
          const end = momentOf(completed_at)
          return end !== undefined && Math.abs(runtime.now() - end) < listLagMs
        }),
      ),
      TE.flatMap((recent) =>
        recent.length === 0
          ? TE.right({ snapshots: [], isUnlisted: false })
          : pipe(
              servers.snapshots(server, call),
              TE.map((snapshots) => ({
                snapshots,
                isUnlisted: recent.some((action) => madeBy(action, snapshots).length === 0),
              })),
            ),
      ),
    )

  return { isLocked, waitUntilFree, justMade }
}
