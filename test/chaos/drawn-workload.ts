import type { Fault } from '../../src/emulator/fault.ts'
import { usualFaults } from '../../src/emulator/fault-plan.ts'
import type { CloudName } from './cloud.ts'
import { type Draws, draws } from './draws.ts'
import {
  type Action,
  allTags,
  type Caller,
  type CloudPlan,
  type Limits,
  type Wanted,
  type Workload,
} from './workload.ts'

/** Two processes see each other's requests as late as a list shows them: one goes on where the other failed after that. In ms. */
const handOverMs = 300_000

const regionsOf: Readonly<Record<CloudName, readonly [string, ...string[]]>> = {
  digitalocean: ['nyc3', 'ams3', 'sgp1'],
  gcore: ['76', '148'],
}

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

/** What a capture is asked for: no provider keeps more of it. */
const capturedFrom = ({ chance, pick }: Draws, cloud: CloudName, id: string): Wanted => ({
  id,
  key: chance(0.7) ? `key-${id}` : undefined,
  file: undefined,
  region: pick(...regionsOf[cloud]),
  tags: [],
  description: undefined,
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

/** What is done with the key that several callers share: in two processes at one moment, or by one that waits and one that does not. */
const sharedFrom = (
  index: number,
  stores: number,
): { readonly first: readonly Action[]; readonly last: readonly Action[] } => {
  if (index > 1) return { first: [], last: [] }
  if (stores > 1) return { first: [{ kind: 'secure', wanted: 0 }], last: [] }
  return { first: [{ kind: 'import', wanted: 0 }], last: index === 0 ? [{ kind: 'wait', wanted: 0 }] : [] }
}

const cloudFrom = (draw: Draws, name: CloudName): CloudPlan => {
  const { chance, integer, pick } = draw
  const stores = chance(0.35) ? 2 : 1
  const wanted: Wanted[] = [wantedFrom(draw, name, 'shared', true)]
  const withWanted = (one: Wanted): number => wanted.push(one) - 1
  const pace = (isHandedOver: boolean): number =>
    isHandedOver ? integer(handOverMs, 2 * handOverMs) : pick(0, integer(0, 2_000), integer(0, 60_000))
  const callers = Array.from({ length: integer(2, 4) }, (_, index): Caller => {
    const own = Array.from({ length: integer(1, 3) }, (_, nth) => {
      const id = `c${index}w${nth}`
      const one = chance(0.15) ? capturedFrom(draw, name, id) : wantedFrom(draw, name, id, false)
      return changesFrom(draw, name, withWanted(one), id)
    })
    const several = chance(0.15)
      ? Array.from({ length: integer(3, 5) }, (_, nth) => withWanted(wantedFrom(draw, name, `c${index}a${nth}`, false)))
      : []
    const { first, last } = sharedFrom(index, stores)
    const actions: readonly Action[] = [
      ...(chance(0.5) ? ([{ kind: 'list' }] as const) : []),
      ...(several.length > 0 ? [{ kind: 'import-all', several, concurrency: integer(1, 3) } as const] : []),
      ...own.flat(),
      ...last,
    ]
    return {
      name: `${name} ${index}`,
      steps: [
        ...first.map((action) => ({ ...action, pauseMs: pace(false), store: index % stores })),
        ...actions.map((action) => ({
          ...action,
          ...limitsFrom(draw),
          pauseMs: pace(stores > 1),
          store: integer(0, stores - 1),
        })),
      ],
    }
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
