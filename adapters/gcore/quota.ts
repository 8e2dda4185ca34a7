import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { HttpClient } from '../../src/http/client.ts'
import { path } from '../../src/http/path.ts'
import { ImageStoreError } from '../../src/model/error.ts'
import { keptOnceKnown } from '../../src/store/kept-once-known.ts'
import type { Call } from '../../src/store/member.ts'
import type { Allowance, Quota } from '../../src/store/quota.ts'
import type { Runtime } from '../../src/store/runtime.ts'
import type { StoreTask } from '../../src/store/store-task.ts'
import * as Wire from './wire.ts'

/** A limit below zero would be no number of images or bytes, so nothing is said of it. */
const allowance = (limit: number | null | undefined, used: number | null | undefined): Allowance | undefined =>
  typeof limit === 'number' && limit >= 0 ? { limit, used: used ?? 0 } : undefined

const toQuota = (wire: Wire.RegionalQuota): Quota => ({
  images: allowance(wire.image_count_limit, wire.image_count_usage),
  bytes: allowance(wire.image_size_limit, wire.image_size_usage),
})

const refusal = (region: string, what: string, { limit, used }: Allowance): ImageStoreError =>
  limit === 0
    ? new ImageStoreError('quota-exceeded', `Region ${region} has no quota for images at all (${what}: 0)`, {
        // A region can be ACTIVE and have none (fact sheet §7).
        hint: 'Ask the provider for an image quota in that region, or choose another region',
      })
    : new ImageStoreError('quota-exceeded', `Region ${region} has room for no more: ${used} of ${limit} ${what}`, {
        hint: 'Delete images in that region, ask for a larger quota, or choose another region',
      })

const isUsedUp = (allowed: Allowance | undefined): allowed is Allowance =>
  allowed !== undefined && allowed.used >= allowed.limit

/** What a quota that leaves no room for another image means for an import; nothing where there is some. */
const refusalBy = (region: string, { images, bytes }: Quota): ImageStoreError | undefined => {
  if (isUsedUp(images)) return refusal(region, 'images', images)
  return isUsedUp(bytes) ? refusal(region, 'bytes of images', bytes) : undefined
}

interface QuotaCall extends Call {
  readonly onlyOnce?: boolean | undefined
}

/** The longest that an import waits for the look at its quota, in milliseconds. */
const longestLookMs = 3_000

/** Runs something for a call, and cancels it when so much time has passed. */
const within =
  <A>(runtime: Runtime, milliseconds: number, call: Call, run: (limited: Call) => StoreTask<A>): StoreTask<A> =>
  async () => {
    const limit = new AbortController()
    const forget = runtime.timer(milliseconds, () => limit.abort())
    try {
      return await run({ ...call, signal: AbortSignal.any([call.signal, limit.signal]) })()
    } finally {
      forget()
    }
  }

/** The image quotas of the client that the API key belongs to, region by region. Source: fact sheet §7. */
export const quotas = (http: HttpClient, runtime: Runtime) => {
  // A key belongs to one client for good, so it is asked for once. Nothing else is kept: limits and usage change.
  const clientOf = keptOnceKnown((call: QuotaCall) =>
    pipe(
      http.get('/iam/clients/me', Wire.Client, call),
      TE.map(({ id }) => String(id)),
    ),
  )

  /** What there may be in a region, in images and in bytes. */
  const readQuota = (region: string, call: QuotaCall): StoreTask<Quota> =>
    pipe(
      clientOf(call),
      TE.flatMap((client) => http.get(path`/cloud/v2/regional_quotas/${client}/${region}`, Wire.RegionalQuota, call)),
      TE.map(toQuota),
    )

  /**
   * Fails with `quota-exceeded` where a region has no room for one more image. A quota that cannot be read stops nothing:
   * the import's own answer decides then. It is asked for once, and waited for no longer than three seconds, since an import can
   * do without it.
   */
  const checkRoom = (region: string, call: Call): StoreTask<void> =>
    pipe(
      within(runtime, longestLookMs, call, (limited) => readQuota(region, { ...limited, onlyOnce: true })),
      TE.match(
        () => undefined,
        (quota) => refusalBy(region, quota),
      ),
      TE.fromTask,
      TE.flatMap((refused) => (refused === undefined ? TE.right(undefined) : TE.left(refused))),
    )

  return { readQuota, checkRoom }
}
