import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { HttpClient } from '../../src/http/client.ts'
import { path } from '../../src/http/path.ts'
import { ImageStoreError } from '../../src/model/error.ts'
import type { Call } from '../../src/store/member.ts'
import type { StoreTask } from '../../src/store/store-task.ts'
import type { CaptureId } from './ids.ts'
import { allRows, type ReadPage, rowsAt, rowsPerPage } from './pages.ts'
import { isOfVolume, serverOf } from './snapshot.ts'
import * as Wire from './wire.ts'

const isMissing = ({ kind }: ImageStoreError): boolean => kind === 'not-found'

/** Reads servers, which DigitalOcean calls Droplets, as far as images are made of them. */
export const droplets = (http: HttpClient) => {
  const snapshotsAt =
    (where: string, more: { readonly resource_type?: string }, call: Call): ReadPage<Wire.Snapshot> =>
    (at) =>
      pipe(
        http.get(where, Wire.SnapshotList, { ...call, query: { ...more, page: at.page, per_page: rowsPerPage } }),
        TE.map((list) => rowsAt(at, list.snapshots, list)),
      )

  /** The snapshots of a server that has gone are still in the list of all, which takes the scope snapshot:read. */
  const leftBehind = (server: string, call: Call): StoreTask<readonly Wire.Snapshot[]> =>
    pipe(
      allRows(snapshotsAt('/v2/snapshots', { resource_type: 'droplet' }, call)),
      TE.map((rows) => rows.filter((row) => serverOf(row) === server)),
    )

  return {
    /** One server. `not-found` where there is none. Needs droplet:read. */
    read: (server: string, call: Call): StoreTask<Wire.Droplet> =>
      pipe(
        http.get(path`/v2/droplets/${server}`, Wire.DropletAnswer, call),
        TE.map(({ droplet }) => droplet),
        TE.mapLeft((error) =>
          isMissing(error)
            ? new ImageStoreError('not-found', `There is no Droplet ${server}`, {
                status: error.status,
                requestId: error.requestId,
                hint: 'Give the number of a Droplet of this account',
              })
            : error,
        ),
      ),

    /** What has been done to a server, page by page. Needs droplet:read. */
    actionRows:
      (server: string, call: Call): ReadPage<Wire.Action> =>
      (at) =>
        pipe(
          http.get(path`/v2/droplets/${server}/actions`, Wire.ActionList, {
            ...call,
            query: { page: at.page, per_page: rowsPerPage },
          }),
          TE.map((list) => rowsAt(at, list.actions, list)),
        ),

    /**
     * One action. Below its server it takes droplet:read; that of a server that has gone is in the list of all actions, which is
     * kept for ever and takes actions:read (fact sheet §7).
     */
    action: ({ server, action }: CaptureId, call: Call): StoreTask<Wire.Action> =>
      pipe(
        http.get(path`/v2/droplets/${server}/actions/${action}`, Wire.ActionAnswer, call),
        TE.orElse((error) =>
          isMissing(error) ? http.get(path`/v2/actions/${action}`, Wire.ActionAnswer, call) : TE.left(error),
        ),
        TE.map((answer) => answer.action),
      ),

    /** The images that were made from a server, by captures, also where it has gone. Backups are none of them. */
    snapshots: (server: string, call: Call): StoreTask<readonly Wire.Snapshot[]> =>
      pipe(
        allRows(snapshotsAt(path`/v2/droplets/${server}/snapshots`, {}, call)),
        TE.orElse((error) => (isMissing(error) ? leftBehind(server, call) : TE.left(error))),
        TE.map((rows) =>
          rows.filter((row) => !isOfVolume(row) && (row.type ?? 'snapshot').toLowerCase() === 'snapshot'),
        ),
      ),
  }
}
