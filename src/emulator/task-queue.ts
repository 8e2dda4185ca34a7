/** Something to be done at a moment of virtual time. It must not throw: whoever schedules it deals with its own failures. */
export type ScheduledTask = () => void | Promise<void>

/** A task and when it is due, in virtual ms since the epoch. */
export interface DueTask {
  readonly atMs: number
  readonly run: ScheduledTask
}

/** Scheduled tasks in the order in which they are due; those due at the same moment keep the order they came in. */
export interface TaskQueue {
  /** Adds a task. What it returns takes the task out again, and does nothing once it has been taken. */
  readonly add: (atMs: number, run: ScheduledTask) => () => void
  /** Takes out the first task if it is due at or before this moment, in virtual ms since the epoch. */
  readonly takeDue: (untilMs: number) => DueTask | undefined
  /** When the first task is due, in virtual ms since the epoch. */
  readonly nextAt: () => number | undefined
  readonly clear: () => void
}

/** An empty queue. */
export const taskQueue = (): TaskQueue => {
  const tasks: DueTask[] = []
  return {
    add: (atMs, run) => {
      const task = { atMs, run }
      const after = tasks.findLastIndex((other) => other.atMs <= atMs)
      tasks.splice(after + 1, 0, task)
      return () => {
        const index = tasks.indexOf(task)
        if (index !== -1) tasks.splice(index, 1)
      }
    },
    takeDue: (untilMs) => {
      const [first] = tasks
      if (first === undefined || first.atMs > untilMs) return undefined
      tasks.shift()
      return first
    },
    nextAt: () => tasks[0]?.atMs,
    clear: () => {
      tasks.length = 0
    },
  }
}
