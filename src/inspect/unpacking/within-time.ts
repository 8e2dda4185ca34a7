import { createContext, Script } from 'node:vm'
import type { Meter } from './meter.ts'

const script = new Script('work()')

// It comes from another context, where `Error` is another one.
const isTimeOut = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'

/**
 * Does work at once, and breaks it off, wherever it is, when the time is spent. Throws what the work throws. It is for libraries
 * that come to no end, or to none soon, on bytes that were made to that purpose, which no time limit in our own code would notice.
 */
export const withinTime = (meter: Meter, work: () => void): 'done' | 'broken-off' => {
  const leftMs = meter.leftMs()
  const end = meter.begin()
  try {
    script.runInContext(createContext({ work }), { timeout: Math.max(1, Math.ceil(leftMs)) })
    return 'done'
  } catch (error) {
    if (!isTimeOut(error)) throw error
    meter.spend(leftMs)
    return 'broken-off'
  } finally {
    end()
  }
}
