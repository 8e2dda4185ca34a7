import { fetchSource } from '../../../src/emulator/importer.ts'
import type { Happening } from './happening.ts'
import type { ImportRequest } from './import-request.ts'
import { makeImage } from './imported-image.ts'
import { limitOf, usageOf } from './quota.ts'
import { quotaMessage } from './refusal.ts'
import type { StoredImport } from './stored-import.ts'
import type { StoredTask } from './task-body.ts'
import { taskData } from './task-data.ts'
import { judge } from './verdict.ts'
import type { World } from './world.ts'
import { moveTask, newTask, taskOf } from './world.ts'

/** How long a task stays NEW before it may start, in virtual ms. */
const pickUpDelay = 5_000

/** A task that has not started by then is given up, in virtual ms after its creation. [LAN: facts 4.7] */
const startDeadline = 600_000

/** The scheduler's words, from the field. [LAN: facts 4.7] */
const reaperText = 'Task was not started within 10 minutes of creation. Marked as failed by scheduler cleanup.'

/** The imports of one emulator, and the steps that they go by. */
export interface Imports {
  /** Takes an import on and answers its task, which is NEW. */
  readonly accept: (regionId: number, request: ImportRequest, requestId: string) => StoredTask
  readonly startWaiting: () => Promise<void>
  readonly fetch: (taskId: string) => Promise<void>
  readonly giveUp: (taskId: string) => void
  readonly finish: (taskId: string) => Promise<void>
  readonly fail: (taskId: string) => Promise<void>
}

/**
 * Runs imports as tasks: NEW, RUNNING as soon as one of the few places is free, then FINISHED or ERROR. A finished task's image
 * settles for a while before it can be used. A failed one leaves no image unless the options say so.
 * [GO 166ba7c, PY a58f2bae, LAN: facts 4]
 */
export const importsOf = (world: World, { later }: Pick<Happening, 'later'>): Imports => {
  const { clock, settings } = world

  const hasStarted = ({ phase }: StoredImport): boolean => phase !== 'waiting'

  const nextToStart = (): StoredImport | undefined => {
    const all = [...world.imports.values()]
    if (all.filter(hasStarted).length >= settings.concurrentImports) return undefined
    return all.find((item) => !hasStarted(item) && taskOf(world, item.task).createdAtMs + pickUpDelay <= clock.now())
  }

  const startWaiting = async (): Promise<void> => {
    const started: Promise<void>[] = []
    for (let item = nextToStart(); item !== undefined; item = nextToStart()) {
      Object.assign(item, { phase: 'fetching', startedAtMs: clock.now() })
      moveTask(world, taskOf(world, item.task), { state: 'RUNNING' })
      started.push(fetch(item.task))
    }
    await Promise.all(started)
  }

  const end = async (item: StoredImport, change: Parameters<typeof moveTask>[2]): Promise<void> => {
    world.imports.delete(item.task)
    moveTask(world, taskOf(world, item.task), change)
    await startWaiting()
  }

  const fail = async (taskId: string): Promise<void> => {
    const item = world.imports.get(taskId)
    if (item === undefined) return
    if (settings.failedImport !== 'nothing') makeImage(world, item, { later }, { status: settings.failedImport })
    await end(item, { state: 'ERROR' })
  }

  /** An error may be told before the state says so. [OLD stopOnTaskError: facts 4.1] */
  const failWith = async (item: StoredImport, error: string): Promise<void> => {
    Object.assign(taskOf(world, item.task), { error, updatedAtMs: clock.now() })
    if (settings.earlyError === 0) await fail(item.task)
    else later(clock.now() + settings.earlyError, { kind: 'fail-import', task: item.task })
  }

  const durationOf = (): number => {
    const { importDuration } = settings
    return typeof importDuration === 'number' ? importDuration : world.ids.integer(...importDuration)
  }

  const fetch = async (taskId: string): Promise<void> => {
    const item = world.imports.get(taskId)
    if (item === undefined) return
    const source = await fetchSource(item.request.url, { signal: world.closing })
    // A state may have been restored meanwhile, which has an import of its own under this task or none.
    if (world.closing.aborted || world.imports.get(taskId) !== item) return
    item.phase = 'fetched'
    if (!source.ok) {
      await failWith(item, `Image import failed: ${source.detail}`)
      return
    }
    // Only what was found out is kept until the end, not the bytes.
    item.verdict = judge(source.bytes, settings)
    const takes = Math.max(0, item.durationMs - pickUpDelay)
    later((item.startedAtMs ?? clock.now()) + takes, { kind: 'finish-import', task: taskId })
  }

  const finish = async (taskId: string): Promise<void> => {
    const item = world.imports.get(taskId)
    if (item?.verdict === undefined || item.verdict === null) return
    const { verdict, request } = item
    if (!verdict.ok) {
      await failWith(item, verdict.error)
      return
    }
    // Stored raw, an image is as large as its disk; stored as qcow2, as large as the file.
    const size = request.cowFormat ? verdict.virtualBytes : verdict.fileBytes
    const { region_id: regionId } = taskOf(world, taskId)
    const limit = limitOf(world, regionId).bytes
    const usage = usageOf(world, regionId).bytes
    // Which quota GPU images count to is not published.
    if (request.image.gpuNamespace === null && usage + size > limit) {
      const info = { attribute: 'image_size', current_usage: usage, requested_usage: usage + size, limit }
      await failWith(item, quotaMessage(info))
      return
    }
    const image = makeImage(world, item, { later }, { size, virtualBytes: verdict.virtualBytes })
    await end(item, { state: 'FINISHED', images: [image] })
  }

  const typeOf = ({ image: { gpuNamespace } }: ImportRequest): string =>
    gpuNamespace === null ? 'download_image' : settings.gpuTaskTypes.upload.replace('*', gpuNamespace)

  return {
    startWaiting,
    fetch,
    finish,
    fail,
    giveUp: (taskId) => {
      const item = world.imports.get(taskId)
      if (item === undefined || hasStarted(item)) return
      world.imports.delete(taskId)
      moveTask(world, taskOf(world, taskId), { state: 'ERROR', error: reaperText })
    },
    accept: (regionId, { fields, ...request }, requestId) => {
      const data = taskData(world, fields, { name: request.image.name, url: request.url })
      const task = newTask(world, {
        task_type: typeOf({ fields, ...request }),
        region_id: regionId,
        request_id: requestId,
        data,
      })
      world.imports.set(task.id, {
        task: task.id,
        request,
        phase: 'waiting',
        durationMs: durationOf(),
        startedAtMs: null,
        verdict: null,
      })
      later(task.createdAtMs + pickUpDelay, { kind: 'start-imports' })
      later(task.createdAtMs + startDeadline, { kind: 'give-up', task: task.id })
      return task
    },
  }
}
