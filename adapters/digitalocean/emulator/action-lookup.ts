import type { StoredAction } from './action-body.ts'
import type { World } from './world.ts'

/** Whether an action is found by its id yet. A client allows for one that is not. [TF:digitalocean/util/wait.go] */
export const isReadable = ({ startedAtMs }: StoredAction, { clock, settings }: World): boolean =>
  clock.now() >= startedAtMs + settings.actionReadableAfter

/** All actions as the lists have them. In which order is unconfirmed. */
export const actionsInOrder = ({ actions, settings }: World): readonly StoredAction[] =>
  settings.actionOrder === 'newest-first' ? [...actions.values()].reverse() : [...actions.values()]
