import { fetchSource } from '../../../src/emulator/importer.ts'
import { judgeFile, nameProblem } from './file-rules.ts'
import { changeImage, later, type World } from './world.ts'

/** How long an image stays `NEW`, in virtual ms, unless the whole import is shorter. */
const queuedFor = 10_000

/** How long after its start an import fails whose file cannot be had at all, in virtual ms. */
const failsAfter = 20_000

const gibibyte = 1024 ** 3

/** Of a file of so many bytes: in GiB with two decimals, as samples have it, and never 0. */
const sizeGigabytes = (bytes: number): number => Math.max(0.01, Math.round((bytes / gibibyte) * 100) / 100)

/** What an import needs. */
export interface ImportOrder {
  readonly imageId: number
  readonly url: string
  readonly region: string
}

/**
 * Takes an import through NEW and pending to `available`, or to `deleted` with an `error_message`: there is no status of
 * failure. The file is fetched when it becomes pending. An image that is deleted meanwhile stays so.
 * [I:digitalocean/terraform-provider-digitalocean#613 maintainer; facts 3]
 */
export const startImport = (world: World, { imageId, url, region }: ImportOrder): void => {
  const { clock, settings } = world
  const acceptedAt = clock.now()
  const startsAt = acceptedAt + Math.min(queuedFor, settings.importDuration)
  const endsAt = acceptedAt + settings.importDuration

  const endAt = (atMs: number, change: Parameters<typeof changeImage>[2]): void =>
    later(world, atMs, () => {
      if (world.images.get(imageId)?.status === 'pending') changeImage(world, imageId, change)
    })
  const failAt = (atMs: number, error: string): void => endAt(atMs, { status: 'deleted', error_message: error })
  const failSoon = (error: string): void => failAt(Math.min(startsAt + failsAfter, endsAt), error)

  later(world, startsAt, async () => {
    if (world.images.get(imageId)?.status !== 'NEW') return
    changeImage(world, imageId, { status: 'pending' })
    const problem = nameProblem(url)
    if (problem !== undefined) {
      failSoon(problem)
      return
    }
    const source = await fetchSource(url, { signal: world.closing })
    if (world.closing.aborted) return
    if (!source.ok) {
      failSoon(`We couldn't download your image: ${source.detail}.`)
      return
    }
    const verdict = await judgeFile(source.bytes)
    if (!verdict.ok) {
      failAt(endsAt, verdict.error)
      return
    }
    endAt(endsAt, {
      status: 'available',
      regions: [region],
      min_disk_size: Math.max(1, Math.ceil(verdict.diskBytes / gibibyte)),
      // The stored file, not the disk in it. [facts 9]
      size_gigabytes: sizeGigabytes(source.bytes.length),
    })
  })
}
