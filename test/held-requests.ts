import { Agent } from 'node:http'

/** The HTTP requests of this process that have not left yet. */
export interface HeldRequests {
  /** Lets one of them leave, the one that is chosen of so many; `false` where there is none. */
  readonly release: (choose: (count: number) => number) => boolean
  /** Holds no further ones, and lets those leave that are held. */
  readonly stop: () => void
}

/** What every request of an agent goes through before it has a connection. Not among the agent's types. */
const member = 'addRequest'

/**
 * Holds every HTTP request of this process back before it gets a connection, from now on, so that they leave one by one in an order
 * that is chosen and not the network's. For those who send them it is as if all connections were taken.
 */
export const holdRequests = (): HeldRequests => {
  const original: unknown = Reflect.get(Agent.prototype, member)
  if (typeof original !== 'function') throw new Error(`This version of node has no ${member}`)
  const held: (() => void)[] = []
  Reflect.set(Agent.prototype, member, function addRequest(this: Agent, ...parameters: readonly unknown[]) {
    held.push(() => void Reflect.apply(original, this, parameters))
  })
  return {
    release: (choose) => {
      const [chosen] = held.splice(held.length === 0 ? 0 : choose(held.length), 1)
      chosen?.()
      return chosen !== undefined
    },
    stop: () => {
      Reflect.set(Agent.prototype, member, original)
      for (const leave of held.splice(0)) leave()
    },
  }
}
