import type { Packing, Part } from '../reading.ts'
import type { Meter } from './meter.ts'
import { runTask } from './run-task.ts'
import type { Explained, Outcome, Task } from './task.ts'
import { explainXz } from './xz.ts'
import { zstdTask } from './zstd.ts'

/** The packings that a thread undoes. Node's own library, which undoes the others, has threads itself. */
export type ThreadPacking = Extract<Packing, Task['packing']>

/** What is given to a thread, and how it is understood why there is no more. */
interface Way {
  readonly task: Task
  readonly explain: (outcome: Outcome) => Explained
}

const wayOf = (packing: ThreadPacking, packed: Uint8Array, most: number): Way => {
  if (packing === 'zstd') return zstdTask(packed, most)
  const task: Task = { packing, packed, most }
  return packing === 'xz'
    ? { task, explain: (outcome) => explainXz(packed, outcome) }
    : { task, explain: ({ ending }) => ({ short: ending }) }
}

/**
 * Unpacks in a thread, and gives all that it has unpacked: of bzip2 that may be more than is wanted, up to a whole block of zeros, which is 45 MB.
 * What was unpacked until the time was spent is given too.
 */
export const unpackInThread = async (
  packing: ThreadPacking,
  packed: Uint8Array,
  most: number,
  meter: Meter,
  signal: AbortSignal | undefined,
): Promise<Part> => {
  const { task, explain } = wayOf(packing, packed, most)
  const { bytes, outcome } = await runTask(task, meter, signal)
  if (bytes.length >= most) return { bytes }
  if (outcome === 'broken-off') return { bytes, short: 'unavailable' }
  if ('failed' in outcome) {
    return { bytes, short: 'unavailable', reason: `${packing}, which needs a thread that failed: ${outcome.failed}` }
  }
  return { bytes, ...explain(outcome) }
}
