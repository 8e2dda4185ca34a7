// @ts-check
/**
 * What runs in a thread: it unpacks one task after the other. It is plain JavaScript, because a thread is started from the file as it lies
 * here, by tests and by the built package alike.
 */
import { parentPort, workerData } from 'node:worker_threads'
import { outputTo } from './output.js'

/** @import { Done, Outcome, SharedOutput, Task } from '../task.ts' */

/** @type {SharedOutput} */
const shared = workerData

/**
 * What undoes a packing is loaded when it is first met.
 *
 * @param {Task} task
 * @param {ReturnType<typeof outputTo>} output
 * @returns {Promise<Outcome>}
 */
const unpack = async (task, output) => {
  if (task.packing === 'zstd') return (await import('./zstd.js')).unpack(task, output)
  if (task.packing === 'xz') return (await import('./xz.js')).unpack(task, output)
  return (await import('./bzip2.js')).unpack(task, output)
}

parentPort?.on('message', async (task) => {
  const output = outputTo(shared, task.most)
  const outcome = await unpack(task, output)
  // Copied here, where it keeps nobody waiting, since the room is for the next task.
  const bytes = output.told()
  /** @type {Done} */
  const done = { ...outcome, bytes }
  parentPort?.postMessage(done, [bytes.buffer])
})
