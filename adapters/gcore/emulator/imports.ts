import { fetchSource } from '../../../src/emulator/importer.ts'
import type { ImportRequest } from './import-request.ts'
import { limitOf, usageOf } from './quota.ts'
import { quotaMessage } from './refusal.ts'
import { imageFromSeed } from './stored-image.ts'
import type { StoredTask } from './task-body.ts'
import { taskData } from './task-data.ts'
import type { Verdict } from './verdict.ts'
import { judge } from './verdict.ts'
import type { World } from './world.ts'
import { later, moveTask, newTask } from './world.ts'

/** How long a task stays NEW before it may start, in virtual ms. */
const pickUpDelay = 5_000

/** A task that has not started by then is given up, in virtual ms after its creation. [LAN: facts 4.7] */
const startDeadline = 600_000

/** The scheduler's words, from the field. [LAN: facts 4.7] */
const reaperText = 'Task was not started within 10 minutes of creation. Marked as failed by scheduler cleanup.'

/** The imports of one emulator. */
export interface Imports {
  /** Takes an import on and answers its task, which is NEW. */
  readonly accept: (regionId: number, request: ImportRequest, requestId: string) => StoredTask
}

interface Waiting {
  readonly task: StoredTask
  readonly request: ImportRequest
}

/**
 * Runs imports as tasks: NEW, RUNNING as soon as one of the few places is free, then FINISHED or ERROR. A finished task
 * does not mean a ready image: that goes through `saving` with size 0, and `active` still with size 0, to `active` with its
 * size. A failed one leaves no image. [GO 166ba7c, PY a58f2bae, LAN: facts 4]
 */
export const importsOf = (world: World): Imports => {
  const { clock, settings } = world
  const waiting: Waiting[] = []
  let running = 0

  const startNext = async (): Promise<void> => {
    const started: Promise<void>[] = []
    while (running < settings.concurrentImports) {
      const index = waiting.findIndex(({ task }) => task.createdAtMs + pickUpDelay <= clock.now())
      const [next] = index === -1 ? [] : waiting.splice(index, 1)
      if (next === undefined) break
      running += 1
      started.push(run(next))
    }
    await Promise.all(started)
  }

  const end = async (task: StoredTask, change: Parameters<typeof moveTask>[2]): Promise<void> => {
    moveTask(world, task, change)
    running -= 1
    await startNext()
  }

  const run = async ({ task, request }: Waiting): Promise<void> => {
    const startedAt = clock.now()
    moveTask(world, task, { state: 'RUNNING' })
    const source = await fetchSource(request.url, { signal: world.closing })
    if (world.closing.aborted) return
    if (!source.ok) {
      await end(task, { state: 'ERROR', error: `Image import failed: ${source.detail}` })
      return
    }
    // Only what was found out is kept until the end, not the bytes.
    const verdict = judge(source.bytes)
    const fileBytes = source.bytes.length
    const takes = Math.max(0, settings.importDuration - pickUpDelay)
    later(world, startedAt + takes, () => finish({ task, request }, verdict, fileBytes))
  }

  const finish = async ({ task, request }: Waiting, verdict: Verdict, fileBytes: number): Promise<void> => {
    if (!verdict.ok) {
      await end(task, { state: 'ERROR', error: verdict.error })
      return
    }
    const virtualBytes = verdict.facts.virtualBytes ?? fileBytes
    // Stored raw, an image is as large as its disk; stored as qcow2, as large as the file.
    const size = request.cowFormat ? virtualBytes : fileBytes
    const limit = limitOf(world, task.region_id).bytes
    const usage = usageOf(world, task.region_id).bytes
    // Which quota GPU images count to is not published.
    if (request.image.gpuNamespace === null && usage + size > limit) {
      const info = { attribute: 'image_size', current_usage: usage, requested_usage: usage + size, limit }
      await end(task, { state: 'ERROR', error: quotaMessage(info) })
      return
    }
    await end(task, { state: 'FINISHED', images: [store({ task, request }, size, virtualBytes)] })
  }

  const store = ({ task, request }: Waiting, size: number, virtualBytes: number): string => {
    const id = world.newId()
    const nowMs = clock.now()
    const seed = {
      ...request.image,
      region_id: task.region_id,
      status: 'saving',
      size: 0,
      disk_format: request.cowFormat ? 'raw' : 'qcow2',
      min_disk: Math.ceil(virtualBytes / 2 ** 30),
      creator_task_id: task.id,
    }
    const image = { ...imageFromSeed(seed, { id, nowMs, visibility: settings.ownVisibility }), tags: request.tags }
    if (request.image.gpuNamespace !== null) {
      // Ready when its task ends, but not to be read for a while. [PY gpu_virtual, TF0: facts 4.4]
      world.images.set(id, { ...image, status: 'active', size, visibleFromMs: nowMs + settings.gpuReadLag })
      return id
    }
    world.images.set(id, image)
    const settles = (afterMs: number, change: { readonly status: string; readonly size: number }): void => {
      if (afterMs > 0)
        later(world, nowMs + afterMs, () => void Object.assign(image, change, { updatedAtMs: clock.now() }))
      else Object.assign(image, change)
    }
    settles(settings.settleDuration / 2, { status: 'active', size: 0 })
    settles(settings.settleDuration, { status: 'active', size })
    return id
  }

  const typeOf = ({ image: { gpuNamespace } }: ImportRequest): string =>
    gpuNamespace === null ? 'download_image' : settings.gpuTaskTypes.upload.replace('*', gpuNamespace)

  const reap = (item: Waiting): void => {
    const index = waiting.indexOf(item)
    if (index === -1) return
    waiting.splice(index, 1)
    moveTask(world, item.task, { state: 'ERROR', error: reaperText })
  }

  return {
    accept: (regionId, request, requestId) => {
      const data = taskData(world, request.fields, { name: request.image.name, url: request.url })
      const task = newTask(world, {
        task_type: typeOf(request),
        region_id: regionId,
        request_id: requestId,
        data,
      })
      const item = { task, request }
      waiting.push(item)
      later(world, task.createdAtMs + pickUpDelay, startNext)
      later(world, task.createdAtMs + startDeadline, () => reap(item))
      return task
    },
  }
}
