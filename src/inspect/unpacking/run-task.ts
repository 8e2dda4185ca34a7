import { setImmediate as nextTurn } from 'node:timers/promises'
import { onAbort } from '../../store/on-abort.ts'
import type { Meter } from './meter.ts'
import type { Done, Outcome, SharedOutput, Task } from './task.ts'
import { endThread, giveBack, type Thread, takeThread } from './threads.ts'

/** What was unpacked, and how that ended. */
export interface Unpacked {
  readonly bytes: Uint8Array
  /** `broken-off`: the time is spent, or it was aborted. An error tells its code: the thread could not be started, or has ended. */
  readonly outcome: Outcome | 'broken-off' | { readonly failed: string }
}

const nothing = new Uint8Array()

const failed = (error: unknown): Unpacked => ({
  bytes: nothing,
  outcome: { failed: error instanceof Error && 'code' in error ? String(error.code) : 'no code' },
})

const copiedAtOnceBytes = 4 * 2 ** 20

/** What a thread has left behind. */
const left = async ({ count, room }: SharedOutput): Promise<Unpacked> => {
  const bytes = Buffer.alloc(Atomics.load(count, 0))
  for (let at = 0; at < bytes.length; at += copiedAtOnceBytes) {
    bytes.set(room.subarray(at, Math.min(at + copiedAtOnceBytes, bytes.length)), at)
    await nextTurn()
  }
  return { bytes, outcome: 'broken-off' }
}

const workedOff = (thread: Thread, task: Task, meter: Meter, signal: AbortSignal | undefined): Promise<Unpacked> =>
  new Promise((resolve) => {
    const { worker, count } = thread
    if (signal?.aborted === true) {
      giveBack(thread)
      resolve({ bytes: nothing, outcome: 'broken-off' })
      return
    }
    const stop = (): void => {
      end()
      clearTimeout(timer)
      release()
      worker.off('message', succeed).off('error', fail).off('exit', breakOff)
    }
    const succeed = ({ bytes, ...outcome }: Done): void => {
      stop()
      giveBack(thread)
      resolve({ bytes: Buffer.from(bytes.buffer), outcome })
    }
    const fail = (error: unknown): void => {
      stop()
      resolve(failed(error))
    }
    const breakOff = (): void => {
      stop()
      endThread(thread)
      resolve(signal?.aborted === true ? { bytes: nothing, outcome: 'broken-off' } : left(thread))
    }
    const breakOffWhenLate = (): void => {
      end()
      if (meter.leftMs() === 0) {
        breakOff()
        return
      }
      end = meter.begin()
      timer = setTimeout(breakOffWhenLate, meter.leftMs())
    }

    const release = onAbort(signal, breakOff)
    worker.on('message', succeed).on('error', fail).on('exit', breakOff)
    Atomics.store(count, 0, 0)
    let end = meter.begin()
    let timer = setTimeout(breakOffWhenLate, meter.leftMs())
    // What is handed over would be gone here.
    const packed = new Uint8Array(task.packed)
    worker.postMessage({ ...task, packed }, [packed.buffer])
  })

/**
 * Unpacks in a thread, which is ended when the time of the meter is spent, or the signal is aborted: the libraries come to no end, or to
 * none soon, on bytes that were made to that purpose. The time that it waits for a thread is not counted. Never rejects.
 */
export const runTask = async (task: Task, meter: Meter, signal: AbortSignal | undefined): Promise<Unpacked> => {
  try {
    return await workedOff(await takeThread(signal), task, meter, signal)
  } catch (error) {
    return signal?.aborted === true ? { bytes: nothing, outcome: 'broken-off' } : failed(error)
  }
}
