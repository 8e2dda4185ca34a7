import type { Fault } from '../../src/emulator/fault.ts'
import { usualFaults } from '../../src/emulator/fault-plan.ts'
import type { CloudName } from './cloud.ts'
import { type Draws, draws } from './draws.ts'

/** An image that a caller wants to have. */
export interface Wanted {
  /** What its name begins with, up to the first dash: no other wanted image's does. */
  readonly id: string
  /** The operation key; without one it is asked for once. */
  readonly key: string | undefined
  /** Which file: a good one, one that there is not, or one that is no disk. */
  readonly file: 'good.qcow2' | 'missing.qcow2' | 'page.qcow2'
  readonly region: string
  /** The keys of its tags. */
  readonly tags: readonly string[]
  readonly description: string | undefined
}

/** How a call is ended from outside, in ms after its start, where it is. */
export interface Limits {
  readonly timeoutMs?: number | undefined
  readonly cancelAfterMs?: number | undefined
}

/** What a caller does next. Where it works on an image that is not there, it does nothing. */
export type Action =
  | { readonly kind: 'list' }
  /** With the key up to three times, until it succeeds. */
  | { readonly kind: 'import'; readonly wanted: number }
  | { readonly kind: 'wait'; readonly wanted: number }
  | { readonly kind: 'get'; readonly wanted: number }
  | { readonly kind: 'find'; readonly wanted: number }
  | {
      readonly kind: 'update'
      readonly wanted: number
      readonly name: string | undefined
      readonly description: string | undefined
      readonly put: readonly string[]
      readonly drop: readonly string[]
    }
  | { readonly kind: 'replicate'; readonly wanted: number; readonly regions: readonly string[] }
  | { readonly kind: 'delete'; readonly wanted: number }

/** An action with the pause before it, in ms, the store that it is done with, and how it is ended. */
export type Step = Action & Limits & { readonly pauseMs: number; readonly store: number }

/** One who does one thing after the other, with images of its own. */
export interface Caller {
  readonly name: string
  readonly steps: readonly Step[]
}

/** What happens at one provider. */
export interface CloudPlan {
  readonly name: CloudName
  readonly stores: number
  readonly wanted: readonly Wanted[]
  readonly callers: readonly Caller[]
}

/** Everything that is decided before a seed is run. */
export interface Workload {
  readonly faults: readonly Fault[]
  /** How many requests of all go wrong. */
  readonly rate: number
  readonly clouds: readonly CloudPlan[]
}

/** Two processes see each other's requests as late as a list shows them: one goes on where the other failed after that. In ms. */
const handOverMs = 300_000

const regionsOf: Readonly<Record<CloudName, readonly [string, ...string[]]>> = {
  digitalocean: ['nyc3', 'ams3', 'sgp1'],
  gcore: ['76', '148'],
}

/** The keys of all tags that images are given. */
export const allTags = ['t1', 't2', 't3', 't4'] as const

const limitsFrom = ({ integer, chance }: Draws): Limits => {
  if (chance(0.08)) return { timeoutMs: integer(1, 45) * 1_000 }
  return chance(0.06) ? { cancelAfterMs: integer(0, 20_000) } : {}
}

const wantedFrom = ({ chance, pick }: Draws, cloud: CloudName, id: string, isShared: boolean): Wanted => ({
  id,
  key: isShared || chance(0.7) ? `key-${id}` : undefined,
  file: isShared || chance(0.85) ? 'good.qcow2' : pick('missing.qcow2', 'page.qcow2'),
  region: pick(...regionsOf[cloud]),
  tags: allTags.slice(0, 2).filter(() => chance(0.5)),
  description: cloud === 'digitalocean' && chance(0.5) ? `first of ${id}` : undefined,
})

const updateFrom = ({ chance, pick }: Draws, cloud: CloudName, wanted: number, id: string, nth: number): Action => {
  const tag = pick(...allTags)
  const isPut = chance(0.5)
  return {
    kind: 'update',
    wanted,
    name: chance(0.6) ? `${id}-${nth}` : undefined,
    description: cloud === 'digitalocean' && chance(0.4) ? `text ${nth} of ${id}` : undefined,
    put: isPut ? [tag] : [],
    drop: isPut ? allTags.filter((other) => other !== tag && chance(0.2)) : [tag],
  }
}

/** What is done with an image after it was asked for. */
const changesFrom = (draw: Draws, cloud: CloudName, wanted: number, id: string): readonly Action[] => {
  const { chance, integer, pick } = draw
  const further = [pick(...regionsOf[cloud]), ...regionsOf[cloud].filter(() => chance(0.4))]
  const some = Array.from({ length: integer(1, 4) }, (_, index): Action => {
    const kind = pick('update', 'update', 'get', 'list', 'find', cloud === 'digitalocean' ? 'replicate' : 'update')
    if (kind === 'update') return updateFrom(draw, cloud, wanted, id, index + 1)
    return kind === 'replicate' ? { kind, wanted, regions: [...new Set(further)] } : { kind, wanted }
  })
  return [
    { kind: 'import', wanted },
    ...(chance(0.15) ? [{ kind: 'import', wanted } as const] : []),
    ...(chance(0.1) ? [updateFrom(draw, cloud, wanted, id, 9)] : []),
    { kind: 'wait', wanted },
    ...some,
    ...(chance(0.4) ? [{ kind: 'delete', wanted } as const] : []),
  ]
}

const cloudFrom = (draw: Draws, name: CloudName): CloudPlan => {
  const { chance, integer, pick } = draw
  const stores = chance(0.25) ? 2 : 1
  const wanted: Wanted[] = [wantedFrom(draw, name, 'shared', true)]
  const paced = (actions: readonly Action[]): readonly Step[] =>
    actions.map((action) => {
      const store = integer(0, stores - 1)
      return {
        ...action,
        ...limitsFrom(draw),
        pauseMs: stores > 1 ? integer(handOverMs, 2 * handOverMs) : pick(0, integer(0, 2_000), integer(0, 60_000)),
        store,
      }
    })
  const callers = Array.from({ length: integer(2, 4) }, (_, index): Caller => {
    const own = Array.from({ length: integer(1, 3) }, (_, nth) => {
      const id = `c${index}w${nth}`
      wanted.push(wantedFrom(draw, name, id, false))
      return changesFrom(draw, name, wanted.length - 1, id)
    })
    const actions: readonly Action[] = [
      ...(stores === 1 && index < 2 ? ([{ kind: 'import', wanted: 0 }] as const) : []),
      ...(chance(0.5) ? ([{ kind: 'list' }] as const) : []),
      ...own.flat(),
      ...(stores === 1 && index === 0 ? ([{ kind: 'wait', wanted: 0 }] as const) : []),
    ]
    return { name: `${name} ${index}`, steps: paced(actions) }
  })
  return { name, stores, wanted, callers }
}

/** Now and then one that takes longer than an attempt, or that does not end. */
const faultsFrom = ({ chance }: Draws): readonly Fault[] => [
  ...usualFaults,
  { kind: 'late-commit', delayMs: 3_000 },
  { kind: 'slow', delayMs: 45_000 },
  ...(chance(0.04) ? [{ kind: 'endless' } as const] : []),
]

/** What is done under a seed, and how much of it goes wrong: from 5 to 30 requests of a hundred. */
export const workloadOf = (seed: number): Workload => {
  const draw = draws(seed)
  return {
    faults: faultsFrom(draw),
    rate: draw.integer(5, 30) / 100,
    clouds: [cloudFrom(draw, 'digitalocean'), cloudFrom(draw, 'gcore')],
  }
}
