import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import {
  type ImageStore,
  type ImageStoreError,
  type ImportSpec,
  imageRef,
  type OperationRef,
  operationRef,
  type StoreOperation,
  type StoreTask,
} from 'imageferry'
import { digitalOcean } from 'imageferry/digitalocean'
import { type DigitalOceanEmulator, type DigitalOceanScope, startEmulator } from 'imageferry/digitalocean/emulator'
import { describe, expect, it } from 'vitest'
import { allScopes } from '../../../adapters/digitalocean/emulator/scopes.ts'
import { manualClock } from '../../../src/emulator/clock.ts'
import { leftOf, succeed } from '../../either.ts'
import { virtualRuntime } from '../../virtual-runtime.ts'

const { capabilities } = digitalOcean({ token: 'none' })
const spec: ImportSpec = { name: 'web', url: 'http://127.0.0.1:9/web.qcow2', region: 'nyc3' }
const custom = { id: 4001, type: 'custom', name: 'custom', tags: ['old'] } as const
const backup = { id: 4002, type: 'backup', name: 'backup' } as const
const image = imageRef('digitalocean:4001')

interface Account {
  readonly store: ImageStore
  readonly emulator: DigitalOceanEmulator
}

interface Scenario {
  readonly operation: StoreOperation
  /** Which of the conditions of the declared scopes hold. */
  readonly when?: readonly string[]
  /** What is done before, by somebody with all rights; what it gives goes to the call. */
  readonly before?: (account: Account) => Promise<OperationRef | undefined>
  readonly call: (store: ImageStore, begun: OperationRef) => StoreTask<unknown>
  /** Declared scopes without which this very call works as well. */
  readonly spare?: readonly DigitalOceanScope[]
}

const found = (store: ImageStore, ref: OperationRef): StoreTask<unknown> =>
  pipe(
    store.getOperations([ref]),
    TE.flatMap(([lookup]) =>
      lookup?.found === false && lookup.error.kind !== 'not-found' ? TE.left(lookup.error) : TE.right(lookup),
    ),
  )

const captured = async ({ store, emulator }: Account, key?: string): Promise<OperationRef> => {
  const source = String(emulator.addDroplet({ name: 'server' }))
  const { ref } = await succeed(store.createFromServer({ name: 'captured', source, key }))
  await emulator.clock.advance(600_000)
  return ref
}

const scenarios: readonly Scenario[] = [
  { operation: 'listPage', call: (store) => store.listPage() },
  { operation: 'get', call: (store) => store.get(image) },
  { operation: 'importFromUrl', call: (store) => store.importFromUrl(spec) },
  {
    operation: 'importFromUrl',
    when: ['where there is a key'],
    call: (store) => store.importFromUrl({ ...spec, key: 'run-1' }),
  },
  {
    operation: 'importFromUrl',
    when: ['where there are tags'],
    call: (store) => store.importFromUrl({ ...spec, tags: [{ key: 'env', value: 'prod' }] }),
  },
  { operation: 'findOperations', call: (store) => store.findOperations('run-1') },
  {
    operation: 'findOperations',
    when: ['for captures'],
    before: (account) => captured(account, 'run-1'),
    call: (store) => store.findOperations('run-1'),
    spare: ['droplet:read'],
  },
  { operation: 'update', call: (store) => store.update(image, { name: 'renamed', description: 'a text' }) },
  {
    operation: 'update',
    when: ['where tags are put'],
    call: (store) => store.update(image, { tags: { put: [{ key: 'new' }] } }),
  },
  {
    operation: 'update',
    when: ['where tags are dropped'],
    call: (store) => store.update(image, { tags: { drop: [{ key: 'old' }] } }),
  },
  { operation: 'replicate', call: (store) => store.replicate(image, ['ams3']) },
  { operation: 'delete', call: (store) => store.delete(image) },
  { operation: 'createFromBackup', call: (store) => store.createFromBackup(imageRef('digitalocean:4002')) },
  {
    operation: 'createFromServer',
    call: (store) => store.createFromServer({ name: 'captured', source: '5001' }),
  },
  {
    operation: 'createFromServer',
    when: ['where there is a key'],
    call: (store) => store.createFromServer({ name: 'captured', source: '5001', key: 'run-2' }),
  },
  { operation: 'getOperations', call: (store) => found(store, operationRef('digitalocean:import/4001')) },
  {
    operation: 'getOperations',
    when: ['for captures'],
    before: captured,
    call: found,
    spare: ['image:read'],
  },
  {
    operation: 'getOperations',
    when: ['for the actions of images and Droplets that have gone'],
    call: (store) => found(store, operationRef('digitalocean:action/4999/1')),
  },
  {
    operation: 'getOperations',
    when: [
      'for captures',
      'for the actions of images and Droplets that have gone',
      'for captures of Droplets that have gone',
    ],
    before: async ({ store, emulator }) => {
      const { ref } = await succeed(store.createFromServer({ name: 'captured', source: '5001' }))
      await emulator.clock.advance(600_000)
      emulator.removeDroplet(5001)
      return ref
    },
    call: found,
    spare: ['image:read'],
  },
  { operation: 'listRegions', call: (store) => store.listRegions() },
]

/** The scopes that are declared for an operation under these conditions. */
const needed = ({ operation, when = [] }: Scenario): readonly DigitalOceanScope[] => {
  const support = capabilities.operations[operation]
  if (!support.supported) return []
  const scopes = support.scopes.filter((one) => one.when === undefined || when.includes(one.when))
  return allScopes.filter((scope) => scopes.some((one) => one.scope === scope))
}

/** Makes the scenario's call with a token of these scopes alone. */
const callWith = async (
  { before, call }: Scenario,
  scopes: readonly DigitalOceanScope[],
): Promise<E.Either<ImageStoreError, unknown>> => {
  const clock = manualClock()
  const granted: DigitalOceanScope[] = [...allScopes]
  const droplets = [{ id: 5001, name: 'server' }]
  const emulator = await startEmulator({ clock, scopes: granted, images: [custom, backup], droplets })
  try {
    const store = digitalOcean({ ...emulator, runtime: virtualRuntime(clock) })
    const begun = await before?.({ store, emulator })
    granted.splice(0, granted.length, ...scopes)
    return await call(store, begun ?? operationRef('digitalocean:import/1'))()
  } finally {
    await emulator.close()
  }
}

const nameOf = ({ operation, when = [] }: Scenario): string => [operation, ...when].join(' ')

describe('the scopes that capabilities declare for', () => {
  it.each(scenarios.map((scenario) => [nameOf(scenario), scenario] as const))('%s are enough', async (_, scenario) => {
    const result = await callWith(scenario, needed(scenario))
    expect(E.isRight(result), E.isLeft(result) ? result.left.message : '').toBe(true)
  })

  it.each(
    scenarios.flatMap((scenario) =>
      needed(scenario)
        .filter((scope) => scenario.spare?.includes(scope) !== true)
        .map((scope) => [nameOf(scenario), scope, scenario] as const),
    ),
  )('%s are needed: without %s the error names it', async (_, scope, scenario) => {
    const others = allScopes.filter((one) => one !== scope)
    const error = leftOf(await callWith(scenario, others))
    expect(error).toMatchObject({ kind: 'permission-denied', status: 403 })
    expect(error.hint).toContain(scope)
  })

  it('every operation that works are tried, under every condition', () => {
    const declared = Object.entries(capabilities.operations).flatMap(([operation, support]) =>
      support.supported ? support.scopes.map(({ when }) => `${operation} ${when ?? ''}`) : [],
    )
    const tried = scenarios.flatMap(({ operation, when = [] }) => ['', ...when].map((one) => `${operation} ${one}`))
    expect([...new Set(tried)].sort()).toEqual([...new Set(declared)].sort())
  })
})
