import { createContext, Script } from 'node:vm'

const script = new Script('work()')

/** Far more than any file that was made in good faith needs: a MiB is unpacked in a fraction of a second. */
const mostMilliseconds = 5000

// It comes from another context, where `Error` is another one.
const isTimeOut = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'

/**
 * Does work at once, and breaks it off, wherever it is, when it takes longer than 5 s. Throws what the work throws. It is for libraries
 * that come to no end, or to none soon, on bytes that were made to that purpose, which no time limit in our own code would notice.
 */
export const withinTime = (work: () => void): 'done' | 'broken-off' => {
  try {
    script.runInContext(createContext({ work }), { timeout: mostMilliseconds })
    return 'done'
  } catch (error) {
    if (isTimeOut(error)) return 'broken-off'
    throw error
  }
}
