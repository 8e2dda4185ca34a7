import { remember } from '../../src/store/remember.ts'
import type { HeldKey } from './key-tag.ts'
import type { Place } from './namespaces.ts'

/** What this store knows of a task that it has begun itself. */
export interface BegunTask {
  readonly kind: 'import' | 'capture'
  readonly place: Place
  /** The operation key; absent where there was none. */
  readonly held?: HeldKey | undefined
  /** When its request was answered, by this machine's clock in milliseconds. */
  readonly at: number
}

/** The tasks that this store has begun. */
export interface BegunTasks {
  readonly note: (task: string, begun: BegunTask) => void
  readonly get: (task: string) => BegunTask | undefined
  /** The tasks that were begun under a key, oldest first. */
  readonly under: (key: string) => readonly string[]
}

/** How many are remembered: as many as one list of tasks holds. */
const most = 1000

/**
 * Remembers the newest tasks that a store has begun, because a task need not tell what it was asked for (fact sheet §10) and the
 * list of tasks may lag: many imports with keys, begun by one process, are told apart while they run. Another process has the key
 * of the image, and what the task tells.
 */
export const begunTasks = (): BegunTasks => {
  const tasks = new Map<string, BegunTask>()
  return {
    note: (task, begun) => {
      remember(tasks, task, begun, most)
    },
    get: (task) => tasks.get(task),
    under: (key) => [...tasks].flatMap(([id, { held }]) => (held?.key === key ? [id] : [])),
  }
}
