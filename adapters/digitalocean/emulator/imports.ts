import { fetchSource } from '../../../src/emulator/importer.ts'
import { judgeFile, nameProblem } from './file-rules.ts'
import type { Settings } from './settings.ts'
import type { FileVerdict, ImportOrder, Step } from './step.ts'
import { changeImage, type World } from './world.ts'

/** How long an image stays `NEW`, in virtual ms, unless the whole import is shorter. */
const queuedFor = 10_000

/** How long after its start an import fails whose file cannot be had at all, in virtual ms. */
const failsAfter = 20_000

const gibibyte = 1024 ** 3

/** Of a file of so many bytes: with two decimals, as samples have it, and never 0. What it counts in is not known. [facts 9] */
const sizeGigabytes = (bytes: number, { sizeUnit }: Settings): number =>
  Math.max(0.01, Math.round((bytes / (sizeUnit === 'GB' ? 1e9 : gibibyte)) * 100) / 100)

/**
 * The first step of an import. It goes through NEW and pending to `available`, or to `deleted` with an `error_message`: there is no
 * status of failure. The file is fetched when it becomes pending. An image that is deleted meanwhile stays so.
 * [I:digitalocean/terraform-provider-digitalocean#613 maintainer; facts 3]
 */
export const importStep = ({ clock, settings }: World, order: Omit<ImportOrder, 'endsAtMs'>): Step => ({
  ...order,
  kind: 'import-starts',
  dueMs: clock.now() + Math.min(queuedFor, settings.importDuration),
  endsAtMs: clock.now() + settings.importDuration,
})

/** Makes an image pending. */
export const beginImport = (world: World, order: ImportOrder & { readonly dueMs: number }): readonly Step[] => {
  if (world.images.get(order.image)?.status !== 'NEW') return []
  changeImage(world, order.image, { status: 'pending' })
  return [{ ...order, kind: 'import-fetches' }]
}

const failure = (error: string): FileVerdict => ({ ok: false, error, fileBytes: 0 })

const judge = async (
  { url }: ImportOrder,
  { settings, closing }: World,
): Promise<{ readonly soon: boolean; readonly verdict: FileVerdict }> => {
  const soon = (error: string) => ({ soon: true, verdict: failure(error) })
  const problem = nameProblem(url, settings)
  if (problem !== undefined) return soon(problem)
  const source = await fetchSource(url, { signal: closing, head: settings.sourceRequests === 'head-and-get' })
  if (!source.ok) return soon(`We couldn't download your image: ${source.detail}.`)
  if (settings.sourceLength === 'required' && source.contentLength === undefined)
    return soon("We couldn't download your image: its length is not known.")
  return { soon: false, verdict: { ...(await judgeFile(source.bytes)), fileBytes: source.bytes.length } }
}

/** Fetches and judges the file. What cannot be had at all fails before its time. */
export const fetchFile = async (
  world: World,
  order: ImportOrder & { readonly dueMs: number },
  isCurrent: () => boolean,
): Promise<readonly Step[]> => {
  const { soon, verdict } = await judge(order, world)
  if (!isCurrent()) return []
  const { image, region, endsAtMs } = order
  const dueMs = soon ? Math.min(order.dueMs + failsAfter, endsAtMs) : endsAtMs
  return [{ kind: 'import-ends', image, region, verdict, dueMs }]
}

/** Ends an import as the file deserves. */
export const endImport = (world: World, step: Extract<Step, { readonly kind: 'import-ends' }>): readonly Step[] => {
  const { image, region, verdict } = step
  if (world.images.get(image)?.status !== 'pending') return []
  changeImage(
    world,
    image,
    verdict.ok
      ? {
          status: 'available',
          regions: [region],
          min_disk_size: Math.max(1, Math.ceil(verdict.diskBytes / gibibyte)),
          // The stored file, not the disk in it. [facts 9]
          size_gigabytes: sizeGigabytes(verdict.fileBytes, world.settings),
        }
      : { status: 'deleted', error_message: verdict.error, deletedAtMs: world.clock.now() },
  )
  return []
}
