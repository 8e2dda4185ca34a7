import type { Happening } from './happening.ts'
import type { StoredImage } from './stored-image.ts'
import { imageFromSeed } from './stored-image.ts'
import type { StoredImport } from './stored-import.ts'
import { taskOf, type World } from './world.ts'

/** What has come of an import: a status for one that failed, or the sizes in bytes of one that did not. */
export type ImportResult = { readonly status: string } | { readonly size: number; readonly virtualBytes: number }

const share = 1_000_000

/** Whether an image has to settle; in the field about one of four did. Drawn only where it is not certain. [GO 166ba7c: facts 4.1] */
const doesSettle = ({ settings, ids }: World): boolean =>
  settings.settleDuration > 0 && (settings.settleShare >= 1 || ids.integer(0, share - 1) < settings.settleShare * share)

/** Plans how an image settles: through all statuses in equal parts of the time, and then to its end with its size. */
const settle = (world: World, image: StoredImage, size: number, { later }: Pick<Happening, 'later'>): void => {
  const { settleDuration, settleStatuses, settleSize, settlesTo } = world.settings
  const [first = 'saving', ...others] = settleStatuses
  Object.assign(image, { status: first, size: settleSize })
  const part = settleDuration / (others.length + 1)
  others.forEach((status, index) => {
    later(image.createdAtMs + part * (index + 1), { kind: 'settle', image: image.id, status, size: settleSize })
  })
  const last = { status: settlesTo, size: settlesTo === 'active' ? size : settleSize }
  later(image.createdAtMs + settleDuration, { kind: 'settle', image: image.id, ...last })
}

/** Makes the image of an import and tells its id. */
export const makeImage = (
  world: World,
  { task, request }: StoredImport,
  happening: Pick<Happening, 'later'>,
  result: ImportResult,
): string => {
  const id = world.ids.uuid()
  const nowMs = world.clock.now()
  const isMade = 'size' in result
  const seed = {
    ...request.image,
    region_id: taskOf(world, task).region_id,
    status: isMade ? 'active' : result.status,
    size: isMade ? result.size : 0,
    disk_format: request.cowFormat ? 'raw' : 'qcow2',
    min_disk: isMade ? Math.ceil(result.virtualBytes / 2 ** 30) : 0,
    creator_task_id: task,
    // A GPU image is ready when its task ends, but not to be read for a while. [PY gpu_virtual, TF0: facts 4.4]
    ...(request.image.gpuNamespace !== null && { visibleFromMs: nowMs + world.settings.gpuReadLag }),
  }
  const defaults = { id, nowMs, visibility: world.settings.ownVisibility }
  const image = { ...imageFromSeed(seed, defaults), tags: request.tags }
  world.images.set(id, image)
  if (isMade && request.image.gpuNamespace === null && doesSettle(world)) settle(world, image, result.size, happening)
  return id
}

/** An image has come one part further. */
export const settleImage = (world: World, id: string, change: Pick<StoredImage, 'status' | 'size'>): void => {
  const image = world.images.get(id)
  // It may have been deleted while it settled.
  if (image !== undefined) Object.assign(image, change, { updatedAtMs: world.clock.now() })
}
