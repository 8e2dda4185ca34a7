import fc from 'fast-check'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import {
  type Capabilities,
  dryRun,
  type ImageStore,
  ImageStoreError,
  type ImportAllOptions,
  type ImportOutcome,
  type ImportProgress,
  type ImportSpec,
  imageRef,
  importAll,
  importEach,
  isOperationSettled,
  type OperationLookup,
  type OperationRef,
  type Runtime,
  readOnly,
} from 'imageferry'
import { memory } from 'imageferry/memory'
import { afterEach, describe, expect, it } from 'vitest'
import { capabilities as digitalOceanCapabilities } from '../../adapters/digitalocean/capabilities.ts'
import { toImport as toDigitalOceanImport } from '../../adapters/digitalocean/import-body.ts'
import { capabilities as gcoreCapabilities } from '../../adapters/gcore/capabilities.ts'
import { toImport as toGcoreImport } from '../../adapters/gcore/import-body.ts'
import { checkImport } from '../../src/flow/request-checks.ts'
import { leftOf, rightOf } from '../either.ts'
import { forAll } from '../for-all.ts'
import { type SimulatedTime, simulatedTime } from '../simulated-time.ts'
import { fakeStore } from './fake-store.ts'

const minute = 60_000
const day = 24 * 60 * minute

let time: SimulatedTime = simulatedTime(1)
afterEach(() => {
  expect(time.outstanding()).toBe(0)
  time.stop()
})

const secretUrl = (name: string) => `https://me:hush@example.com/${name}.raw?signature=hush`
const specOf = (name: string, more: Partial<ImportSpec> = {}): ImportSpec => ({
  name,
  url: secretUrl(name),
  region: 'here',
  ...more,
})
const specsOf = (count: number): readonly ImportSpec[] =>
  Array.from({ length: count }, (_, index) => specOf(`web-${index}`))

/** Whether the provider gives an import up without having tried, by its name and how many times it was begun. */
type Reaps = (name: string, attempt: number) => boolean

/** A store in memory whose imports take a minute, fail where the name says so, and are counted. */
const watched = ({
  capabilities,
  reaps = () => false,
}: {
  readonly capabilities?: Partial<Capabilities>
  readonly reaps?: Reaps
} = {}) => {
  time.stop()
  time = simulatedTime(1)
  const { runtime, run } = time
  const inner = memory({
    runtime,
    importDurationMs: minute,
    capabilities: { ...memory().capabilities, ...capabilities },
    source: (url) => (url.includes('broken') ? { found: false, reason: 'no image' } : { found: true, bytes: 4096 }),
  })
  const sent: ImportSpec[] = []
  const reaped = new Map<OperationRef, boolean>()
  const open = new Set<OperationRef>()
  const counts = { beginning: 0, most: 0, looks: 0 }
  const count = (change: number) => {
    counts.beginning += change
    counts.most = Math.max(counts.most, counts.beginning + open.size)
  }
  const seen = (lookup: OperationLookup): OperationLookup => {
    const { ref } = lookup
    if (!lookup.found || !isOperationSettled(lookup.operation)) return lookup
    open.delete(ref)
    return reaped.get(ref) === true
      ? { ...lookup, operation: { ...lookup.operation, state: 'failed', failure: 'Not begun', canBeRepeated: true } }
      : lookup
  }
  const store: ImageStore = {
    ...inner,
    importFromUrl: (spec, options) => async () => {
      sent.push(spec)
      count(1)
      const begun = await inner.importFromUrl(spec, options)()
      if (E.isRight(begun) && !isOperationSettled(begun.right)) open.add(begun.right.ref)
      count(-1)
      const attempt = sent.filter(({ name }) => name === spec.name).length
      if (E.isRight(begun)) reaped.set(begun.right.ref, reaps(spec.name, attempt))
      return begun
    },
    getOperations: (refs, options) => {
      counts.looks += 1
      return TE.map((lookups: readonly OperationLookup[]) => lookups.map(seen))(inner.getOperations(refs, options))
    },
  }
  const all = (specs: readonly ImportSpec[], options: ImportAllOptions = {}) =>
    run(importAll(store, specs, { runtime, ...options })(), day)
  const each = (specs: readonly ImportSpec[], options: ImportAllOptions = {}) =>
    importEach(store, specs, { runtime, ...options })
  return { store, inner, sent, counts, all, each, run, runtime }
}

/** What is there of outcomes in short. */
const endings = (outcomes: readonly ImportOutcome[]) =>
  outcomes.map((outcome) => (outcome.succeeded ? 'succeeded' : outcome.error.kind))

describe('importAll', () => {
  it('gives one outcome for each spec, in the order of the specs, with its image', async () => {
    const { all, inner } = watched()
    const outcomes = rightOf(await all(specsOf(25)))
    expect(outcomes.map(({ index, name }) => [index, name])).toEqual(
      specsOf(25).map(({ name }, index) => [index, name]),
    )
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({ succeeded: true, attempts: 1, operation: { state: 'succeeded' } })
      if (!outcome.succeeded || outcome.operation.image === undefined) throw new Error('there is no image')
      expect(outcome.operation.ref).toBe(outcome.ref)
      expect(rightOf(await inner.get(outcome.operation.image)()).name).toBe(outcome.name)
    }
  })

  it.each<[string, ImportAllOptions, Partial<Capabilities['import']>, number]>([
    ['as many as it is told', { concurrency: 3 }, {}, 3],
    ['one at a time', { concurrency: 1 }, {}, 1],
    ['as many as the store says that the provider works on', {}, { concurrent: 6 }, 6],
    ['more than that where it is told', { concurrency: 8 }, { concurrent: 6 }, 8],
    ['ten where the store says nothing', {}, {}, 10],
    ['all where they are fewer', { concurrency: 1000 }, {}, 25],
  ])('has in flight %s', async (_, options, more, most) => {
    const { all, counts } = watched({ capabilities: { import: { ...memory().capabilities.import, ...more } } })
    expect(endings(rightOf(await all(specsOf(25), options)))).toEqual(Array(25).fill('succeeded'))
    expect(counts.most).toBe(most)
  })

  it('begins them in the order of the specs, the next as soon as one has ended', async () => {
    const { all, sent, runtime } = watched()
    const begun = runtime.now()
    await all(specsOf(25), { concurrency: 5 })
    expect(sent).toEqual(specsOf(25))
    // Five rounds of a minute each, the end of which is seen 10 seconds late at the most.
    expect(runtime.now() - begun).toBeLessThanOrEqual(5 * 70_000)
  })

  it('gives nothing for nothing, and asks nothing', async () => {
    expect(rightOf(await importAll(fakeStore({}), [])())).toEqual([])
  })

  it('goes on with the others where one fails, sends none of those again, and says why each did', async () => {
    const { all, sent } = watched()
    const specs = [
      specOf('web'),
      specOf('broken'),
      specOf('stray', { region: 'nowhere' }),
      specOf('db', { key: 'run-1' }),
      specOf('other', { key: 'run-1' }),
      specOf('last'),
    ]
    const outcomes = rightOf(await all(specs, { concurrency: 2 }))
    expect(endings(outcomes)).toEqual([
      'succeeded',
      'import-failed',
      'invalid-argument',
      'succeeded',
      'conflict',
      'succeeded',
    ])
    expect(sent).toEqual(specs)
    expect(outcomes[1]).toMatchObject({
      attempts: 1,
      ref: 'memory:import/2',
      error: { message: 'no image', store: 'memory' },
      operation: { ref: 'memory:import/2', state: 'failed', image: 'memory:2' },
    })
    expect(outcomes[2]).toMatchObject({ attempts: 1, error: { fields: { region: expect.anything() } } })
    expect(outcomes[2]).not.toHaveProperty('ref')
    expect(JSON.stringify(outcomes)).not.toContain('hush')
  })

  it('leaves it to the store to repeat what fails for a passing reason', async () => {
    const lost = new ImageStoreError('unavailable', 'down', { unconfirmed: [{ change: 'the import of "web-0"' }] })
    let calls = 0
    const store = fakeStore({
      importFromUrl: () => {
        calls += 1
        return TE.left(lost)
      },
    })
    const outcomes = rightOf(await importAll(store, specsOf(3))())
    expect(outcomes.map((outcome) => !outcome.succeeded && outcome.error)).toEqual([lost, lost, lost])
    expect(calls).toBe(3)
  })

  it('keeps what was lost of each', async () => {
    const fields = memory().capabilities.import.fields.filter((field) => field !== 'description')
    const { all } = watched({ capabilities: { import: { ...memory().capabilities.import, fields } } })
    const spec = specOf('web', { description: 'lost', onLoss: 'accept' })
    const [outcome] = rightOf(await all([spec]))
    expect(outcome).toMatchObject({
      succeeded: true,
      operation: { losses: [{ field: 'description', wanted: 'lost' }] },
    })
  })

  it('tells what its beginning told, and a loss once that a later look tells, too', async () => {
    const loss = { field: 'os', wanted: 'Plan 9', reason: 'It is not known' }
    const told = { kind: 'import', losses: [loss] } as const
    const duplicates = [{ image: imageRef('fake:9'), removed: true }]
    const { ref } = rightOf(await memory({ name: 'fake' }).importFromUrl(specOf('web'))())
    const store = fakeStore({
      importFromUrl: () => TE.right({ ...told, ref, state: 'queued', duplicates }),
      getOperations: () => {
        const losses = [
          { ...loss, reason: 'Nobody knows it' },
          { ...loss, field: 'tags' },
        ]
        return TE.right([{ ref, found: true, operation: { ...told, ref, state: 'succeeded', losses } }])
      },
    })
    const [outcome] = rightOf(await importAll(store, specsOf(1))())
    expect(outcome).toMatchObject({ operation: { duplicates, losses: [loss, { ...loss, field: 'tags' }] } })
  })

  it('takes what a key has made before as it is, without waiting', async () => {
    const { all, counts } = watched()
    const specs = specsOf(12).map((spec, index) => ({ ...spec, key: `run-${index}` }))
    const first = rightOf(await all(specs))
    const { looks } = counts
    const second = rightOf(await all(specs))
    expect(second.map(({ ref }) => ref)).toEqual(first.map(({ ref }) => ref))
    expect(endings(second)).toEqual(Array(12).fill('succeeded'))
    expect(counts.looks).toBe(looks)
  })

  it('makes one that does not end in time an outcome, and gives its place to the next', async () => {
    const { all, sent } = watched()
    const outcomes = rightOf(await all(specsOf(3), { concurrency: 1, timeoutMs: 30_000 }))
    expect(endings(outcomes)).toEqual(['timeout', 'timeout', 'timeout'])
    expect(outcomes.map(({ ref }) => ref)).toEqual(['memory:import/1', 'memory:import/2', 'memory:import/3'])
    expect(sent).toHaveLength(3)
  })

  it('is refused by a store that imports nothing, in its own words', async () => {
    const { store } = watched()
    const outcomes = rightOf(await importAll(readOnly(store), [specOf('web'), specOf('')])())
    expect(endings(outcomes)).toEqual(['unsupported', 'unsupported'])
  })

  it('imports nothing where it is rehearsed, and says so of each', async () => {
    const { store, sent } = watched()
    const reported: string[] = []
    const rehearsed = dryRun(store, ({ operation }) => reported.push(operation))
    const outcomes = rightOf(await importAll(rehearsed, specsOf(3))())
    for (const outcome of outcomes) expect(outcome).toMatchObject({ succeeded: true, operation: { dryRun: true } })
    expect(reported).toEqual(Array(3).fill('importFromUrl'))
    expect(sent).toEqual([])
  })

  it.each<[string, ImportAllOptions, string]>([
    ['concurrency 0', { concurrency: 0 }, 'concurrency'],
    ['concurrency 1.5', { concurrency: 1.5 }, 'concurrency'],
    ['concurrency NaN', { concurrency: Number.NaN }, 'concurrency'],
    ['concurrency without end', { concurrency: Number.POSITIVE_INFINITY }, 'concurrency'],
    ['attempts 0', { attempts: 0 }, 'attempts'],
    ['attempts -1', { attempts: -1 }, 'attempts'],
    ['a time-out of -1', { timeoutMs: -1 }, 'timeoutMs'],
    ['a time-out that is none', { timeoutMs: Number.NaN }, 'timeoutMs'],
  ])('refuses %s before anything is sent', async (_, options, field) => {
    const { all, sent } = watched()
    expect(leftOf(await all(specsOf(3), options))).toMatchObject({
      kind: 'invalid-argument',
      store: 'memory',
      operation: 'importFromUrl',
      fields: { [field]: expect.any(String) },
    })
    expect(sent).toEqual([])
  })

  it('refuses a number of the store’s own that is none, rather than do nothing', async () => {
    const { all } = watched({ capabilities: { import: { ...memory().capabilities.import, concurrent: 0 } } })
    expect(leftOf(await all(specsOf(3)))).toMatchObject({ fields: { concurrency: expect.any(String) } })
  })

  it('refuses what is no list', async () => {
    const error = leftOf(await importAll(fakeStore({}), specOf('web') as never)())
    expect(error).toMatchObject({ kind: 'invalid-argument', fields: { specs: expect.any(String) } })
  })
})

describe('imports that can never work', () => {
  it('are known before anything is sent, whatever their place, and the others go on', async () => {
    const { each, sent, run } = watched()
    const specs = [specOf('web'), specOf(''), specOf('db'), { ...specOf('app'), url: 'ftp://example.com/app.raw' }]
    const seen: (readonly [ImportOutcome, number])[] = []
    const reading = async () => {
      for await (const outcome of each(specs, { concurrency: 1 })) seen.push([outcome, sent.length])
    }
    await run(reading(), day)
    expect(seen.map(([{ index, attempts }]) => [index, attempts])).toEqual([
      [1, 0],
      [3, 0],
      [0, 1],
      [2, 1],
    ])
    expect(seen[0]).toMatchObject([
      {
        name: '',
        error: {
          kind: 'invalid-argument',
          store: 'memory',
          operation: 'importFromUrl',
          fields: { name: expect.anything() },
          hint: expect.any(String),
        },
      },
      1,
    ])
    expect(sent.map(({ name }) => name)).toEqual(['web', 'db'])
  })

  it('may be of any shape, from plain JavaScript', async () => {
    const { all, sent } = watched()
    const odd = [undefined, null, 'web', {}, { name: 7, url: secretUrl('web'), region: 'here' }, specOf('web')]
    const outcomes = rightOf(await all(odd as never))
    expect(endings(outcomes)).toEqual([...Array(5).fill('invalid-argument'), 'succeeded'])
    expect(outcomes.map(({ name }) => name)).toEqual(['', '', '', '', '', 'web'])
    expect(sent).toHaveLength(1)
    expect(JSON.stringify(outcomes)).not.toContain('hush')
  })

  const word = fc.constantFrom(
    '',
    ' ',
    'a',
    'web',
    'web-1',
    'wéb',
    '-x',
    'x-',
    'x'.repeat(63),
    'x'.repeat(300),
    '\ud800',
  )
  const anySpec: fc.Arbitrary<ImportSpec> = fc.record(
    {
      name: word,
      url: fc.constantFrom(
        'http://a/b.raw',
        'https://a/b.iso',
        'https://a/b.qcow2.xz',
        'ftp://a/b',
        'b',
        'http://a/b.tgz',
      ),
      region: fc.constantFrom('', '76', 'nyc3', 'Luxembourg'),
      description: word,
      tags: fc.array(fc.record({ key: word, value: fc.option(word, { nil: undefined }) }), { maxLength: 3 }),
      os: fc.constantFrom({ family: 'windows' }, { distribution: 'ubuntu', version: '24.04' }, { family: 'bsd' }),
      architecture: fc.constantFrom('x86_64', 'aarch64'),
      firmware: fc.constantFrom('bios', 'uefi'),
      bareMetal: fc.boolean(),
      gpu: fc.boolean(),
      copyOnWrite: fc.boolean(),
      key: word,
      onLoss: fc.constantFrom('refuse', 'accept'),
    },
    { requiredKeys: ['name', 'url', 'region'] },
  )

  it('are none of those that a provider’s store would send', () => {
    forAll([anySpec], (spec) => {
      if (E.isRight(toDigitalOceanImport(spec))) rightOf(checkImport(digitalOceanCapabilities, spec))
      if (E.isRight(toGcoreImport(spec))) rightOf(checkImport(gcoreCapabilities, spec))
    })
  })
})

describe('an import that the provider gives up without having begun it', () => {
  it('is begun again when the others have had their turn, with all that was asked for', async () => {
    const { all, sent } = watched({ reaps: (name, attempt) => name === 'web-1' && attempt < 3 })
    const specs = specsOf(6).map((spec, index) => ({ ...spec, tags: [{ key: 'n', value: `${index}` }] }))
    const outcomes = rightOf(await all(specs, { concurrency: 2 }))
    expect(endings(outcomes)).toEqual(Array(6).fill('succeeded'))
    expect(outcomes.map(({ attempts }) => attempts)).toEqual([1, 3, 1, 1, 1, 1])
    expect(sent).toEqual([...specs, specs[1], specs[1]])
    expect(outcomes[1]?.ref).toBe('memory:import/8')
  })

  it('fails when it has been begun often enough', async () => {
    for (const [attempts, times] of [
      [undefined, 3],
      [1, 1],
      [5, 5],
    ] as const) {
      const { all, sent } = watched({ reaps: (name) => name === 'web-0' })
      const [first, second] = rightOf(await all(specsOf(2), { attempts }))
      expect(first).toMatchObject({
        succeeded: false,
        attempts: times,
        error: { kind: 'import-failed', message: 'Not begun' },
        operation: { canBeRepeated: true },
      })
      expect(second).toMatchObject({ succeeded: true, attempts: 1 })
      expect(sent).toHaveLength(times + 1)
    }
  })
})

/** The same store, whose imports take a second to be stopped, or throw. */
const slowToStop = (inner: ImageStore, runtime: Runtime, throws: (call: number) => boolean = () => false) => {
  let calls = 0
  let ended = 0
  const store: ImageStore = {
    ...inner,
    importFromUrl: (spec, options) => async () => {
      calls += 1
      const isBug = throws(calls)
      if (!isBug) await new Promise((resolve) => options?.signal?.addEventListener('abort', resolve, { once: true }))
      await runtime.sleep(1_000)
      ended += 1
      if (isBug) throw new Error('bug')
      return inner.importFromUrl(spec, options)()
    },
  }
  return { store, calls: () => calls, ended: () => ended }
}

describe('importEach', () => {
  it('yields each outcome as soon as it is known', async () => {
    const { each, run } = watched()
    const indices: number[] = []
    const reading = async () => {
      for await (const { index } of each([specOf('web'), specOf('db'), specOf('stray', { region: 'nowhere' })]))
        indices.push(index)
    }
    await run(reading(), day)
    expect(indices).toEqual([2, 0, 1])
  })

  it('does nothing until it is asked for the first', async () => {
    const { each, sent, run } = watched()
    const outcomes = each(specsOf(2))
    expect(sent).toEqual([])
    await run(outcomes.next(), day)
    await outcomes.return()
    expect(sent).toHaveLength(2)
  })

  it('goes on while somebody looks at an outcome', async () => {
    const { each, sent, run, runtime } = watched()
    const reading = async () => {
      for await (const { index } of each(specsOf(12), { concurrency: 2 })) {
        if (index !== 0) continue
        await runtime.sleep(day / 2)
        expect(sent).toHaveLength(12)
      }
    }
    await run(reading(), day)
  })

  it('tells how far all are, and names what is in flight', async () => {
    const progress: ImportProgress[] = []
    const { all } = watched({ reaps: (name, attempt) => name === 'web-0' && attempt === 1 })
    await all([...specsOf(4), specOf('broken'), specOf('')], {
      concurrency: 2,
      onProgress: (now) => progress.push(now),
    })
    for (const { queued, inFlight, succeeded, failed, operations } of progress) {
      expect(queued + inFlight + succeeded + failed).toBe(6)
      expect(inFlight).toBeLessThanOrEqual(2)
      expect(operations.length).toBeLessThanOrEqual(inFlight)
    }
    expect(progress[0]).toMatchObject({ queued: 4, inFlight: 1, succeeded: 0, failed: 1, operations: [] })
    expect(progress.at(-1)).toEqual({ queued: 0, inFlight: 0, succeeded: 4, failed: 2, operations: [], imports: [] })
    expect(new Set(progress.flatMap(({ operations }) => operations)).size).toBe(6)
  })

  it('puts no more than one listener on any signal, however many are in flight', async () => {
    const warnings: string[] = []
    const note = ({ name }: Error) => warnings.push(name)
    process.on('warning', note)
    const { all } = watched()
    await all(specsOf(40), { concurrency: 40 })
    await new Promise(setImmediate)
    process.off('warning', note)
    expect(warnings).toEqual([])
  })

  it('loses nothing to a listener that throws', async () => {
    const { all } = watched()
    const onProgress = () => {
      throw new Error('a bug of the listener')
    }
    expect(endings(rightOf(await all(specsOf(3), { onProgress })))).toEqual(Array(3).fill('succeeded'))
  })

  it('passes on what a store throws that breaks its promise, when all has ended, and begins nothing more', async () => {
    const { inner, runtime, run } = watched()
    const { store, calls, ended } = slowToStop(inner, runtime, (call) => call === 2)
    await expect(run(importAll(store, specsOf(9), { concurrency: 2, runtime })(), day)).rejects.toThrow('bug')
    expect([calls(), ended()]).toEqual([2, 2])
  })

  it('passes it on when it is asked for the next', async () => {
    const { inner, runtime, run } = watched()
    const store: ImageStore = {
      ...inner,
      importFromUrl: (spec, options) =>
        spec.name === 'web-1' ? () => Promise.reject(new Error('bug')) : inner.importFromUrl(spec, options),
    }
    const reading = async () => {
      for await (const { name } of importEach(store, specsOf(9), { concurrency: 1, runtime })) {
        expect(name).toBe('web-0')
        await runtime.sleep(day / 2)
      }
    }
    await expect(run(reading(), day)).rejects.toThrow('bug')
  })
})

describe('the progress of imports', () => {
  const progressOf = async (
    specs: readonly ImportSpec[],
    options: ImportAllOptions,
    stage: Parameters<typeof watched>[0] = {},
  ) => {
    const told: (readonly [number, ImportProgress])[] = []
    const { all, runtime } = watched(stage)
    const begun = runtime.now()
    const onProgress = (now: ImportProgress) => told.push([runtime.now() - begun, now])
    const ended = await all(specs, { ...options, onProgress })
    return { told, ended }
  }

  it('names each import that has not ended, in the order of the specs, and what it waits for', async () => {
    const { told } = await progressOf([...specsOf(4), specOf('')], { concurrency: 2 })
    expect(told[0]?.[1].imports).toEqual([
      { index: 0, name: 'web-0', ref: undefined, phase: 'beginning', ageMs: 0, phaseMs: 0, waitsFor: 'provider' },
      ...[1, 2, 3].map((index) => ({
        index,
        name: `web-${index}`,
        phase: 'waiting',
        ageMs: 0,
        phaseMs: 0,
        waitsFor: 'own-queue',
      })),
    ])
    for (const [, { imports, queued, inFlight, operations }] of told) {
      expect(imports).toHaveLength(queued + inFlight)
      expect(imports.map(({ index }) => index)).toEqual(imports.map(({ index }) => index).sort())
      expect(imports.filter(({ waitsFor }) => waitsFor === 'own-queue')).toHaveLength(queued)
      expect(imports.flatMap(({ ref }) => ref ?? []).sort()).toEqual([...operations].sort())
    }
  })

  it('is told after every look, with the phase that the wait tells, its age and that of the phase', async () => {
    const { told } = await progressOf(specsOf(6), { concurrency: 2 })
    const all = told.flatMap(([at, { imports }]) => imports.map((one) => ({ at, ...one })))
    const inFlight = all.filter(({ phase }) => phase !== 'waiting')
    expect(new Set(inFlight.map(({ phase }) => phase))).toEqual(new Set(['beginning', 'queued', 'running']))
    for (const index of [0, 1, 2, 3, 4, 5]) {
      const mine = inFlight.filter((one) => one.index === index)
      expect(mine.length).toBeGreaterThan(4)
      expect(new Set(mine.map(({ at, ageMs }) => at - ageMs)).size).toBe(1)
      const running = mine.filter(({ phase }) => phase === 'running')
      expect(new Set(running.map(({ at, phaseMs }) => at - phaseMs)).size).toBe(1)
      expect(running.at(-1)?.phaseMs).toBeGreaterThan(minute / 2)
    }
  })

  it('estimates by those that have succeeded, those in the queue included', async () => {
    const { told } = await progressOf(specsOf(3), { concurrency: 1 })
    const estimatesWhile = (count: number) =>
      new Set(
        told
          .filter(([, { succeeded }]) => succeeded === count)
          .flatMap(([, { imports }]) => imports.map(({ estimateMs }) => estimateMs)),
      )
    expect([...estimatesWhile(0)].slice(0, 1)).toEqual([undefined])
    const later = [...estimatesWhile(1)]
    expect(later).toHaveLength(1)
    expect(later[0]).toBeGreaterThanOrEqual(minute)
    expect(later[0]).toBeLessThan(2 * minute)
  })

  it('counts the age of one that was given up from its return to the queue', async () => {
    const { told } = await progressOf(
      specsOf(2),
      { concurrency: 1 },
      { reaps: (name, attempt) => name === 'web-0' && attempt === 1 },
    )
    const back = told.find(([, { imports }]) => imports[0]?.phase === 'waiting' && imports[0].index === 0)
    expect(back?.[0]).toBeGreaterThanOrEqual(minute)
    expect(back?.[1].imports[0]).toMatchObject({ name: 'web-0', ageMs: 0, waitsFor: 'own-queue' })
    expect(back?.[1].imports[0]?.ref).toBeUndefined()
  })

  it('tells the provider’s queue from its work, and the request limit from both', async () => {
    const { inner, runtime, run } = watched()
    let looks = 0
    const store: ImageStore = {
      ...inner,
      requestsLeft: () => 0,
      getOperations: (refs, options) => {
        looks += 1
        if (looks === 2) return TE.left(new ImageStoreError('rate-limited', 'later'))
        return TE.map((lookups: readonly OperationLookup[]) =>
          lookups.map((lookup) =>
            looks === 1 && lookup.found
              ? { ...lookup, operation: { ...lookup.operation, state: 'queued' as const } }
              : lookup,
          ),
        )(inner.getOperations(refs, options))
      },
    }
    const waits: string[] = []
    const onProgress = ({ imports }: ImportProgress) =>
      waits.push(...imports.map(({ phase, waitsFor }) => `${phase}: ${waitsFor}`))
    rightOf(await run(importAll(store, specsOf(1), { runtime, onProgress })(), day))
    expect([...new Set(waits)]).toEqual([
      'beginning: rate-limit',
      'queued: provider-queue',
      'queued: rate-limit',
      'running: provider',
    ])
  })

  it('counts the age of what a key has found from when the provider began it', async () => {
    const { store, inner, runtime, run } = watched()
    const spec = specOf('web', { key: 'run-1' })
    rightOf(await inner.importFromUrl(spec)())
    await run(runtime.sleep(minute / 2), day)
    const ages: number[] = []
    const onProgress = ({ imports }: ImportProgress) => ages.push(...imports.map(({ ageMs }) => ageMs))
    rightOf(await run(importAll(store, [spec], { runtime, onProgress })(), day))
    expect(ages.at(0)).toBe(0)
    expect(ages.at(-1)).toBeGreaterThanOrEqual(minute / 2)
  })

  it('names an operation that was begun by a call which was canceled before it could say so', async () => {
    const { inner, runtime, run } = watched()
    const stop = new AbortController()
    const store: ImageStore = {
      ...inner,
      importFromUrl: (_, options) => async () => {
        await new Promise((resolve) => options?.signal?.addEventListener('abort', resolve, { once: true }))
        return E.left(new ImageStoreError('canceled', 'stopped', { completed: ['memory:import/7'] }))
      },
    }
    runtime.timer(1_000, () => stop.abort())
    const progress: ImportProgress[] = []
    const onProgress = (now: ImportProgress) => progress.push(now)
    const ended = await run(
      importAll(store, specsOf(2), { concurrency: 1, signal: stop.signal, runtime, onProgress })(),
      day,
    )
    expect(leftOf(ended)).toMatchObject({ kind: 'canceled', completed: ['"web-0" goes on: memory:import/7'] })
    expect(progress.at(-1)).toMatchObject({
      operations: ['memory:import/7'],
      imports: [
        { name: 'web-0', ref: 'memory:import/7' },
        { name: 'web-1', phase: 'waiting' },
      ],
    })
  })
})

describe('leaving the loop early', () => {
  it('begins nothing more, waits for nothing more, and the last progress names what goes on', async () => {
    const { each, sent, counts, run, runtime, inner } = watched()
    const progress: ImportProgress[] = []
    const reading = async () => {
      for await (const _ of each(specsOf(9), { concurrency: 3, onProgress: (now) => progress.push(now) })) break
    }
    await run(reading(), day)
    const { looks } = counts
    await run(runtime.sleep(day / 2), day)
    expect(sent.length).toBeLessThanOrEqual(6)
    expect(counts.looks).toBe(looks)
    const last = progress.at(-1)
    expect(last?.operations).toHaveLength(last?.inFlight ?? -1)
    const goingOn = rightOf(await inner.getOperations(last?.operations ?? [])())
    expect(goingOn).toHaveLength(sent.length - (last?.succeeded ?? 0))
  })

  it('comes to its end when all calls have', async () => {
    const { inner, runtime, run } = watched()
    const { store, calls, ended } = slowToStop(inner, runtime)
    const reading = async () => {
      for await (const _ of importEach(store, [specOf(''), ...specsOf(9)], { concurrency: 3, runtime })) break
      expect([calls(), ended()]).toEqual([3, 3])
    }
    await run(reading(), day)
  })

  it('leaves nothing on the signal', async () => {
    const { each, run } = watched()
    const { signal, listeners } = countedSignal()
    const reading = async () => {
      for await (const _ of each(specsOf(9), { signal })) break
    }
    await run(reading(), day)
    expect(listeners()).toBe(0)
  })
})

/** A signal that counts who listens to it. */
const countedSignal = () => {
  const controller = new AbortController()
  const { signal } = controller
  const listening = new Set<unknown>()
  const add = signal.addEventListener.bind(signal)
  const remove = signal.removeEventListener.bind(signal)
  signal.addEventListener = (...parameters: Parameters<typeof add>) => {
    listening.add(parameters[1])
    add(...parameters)
  }
  signal.removeEventListener = (...parameters: Parameters<typeof remove>) => {
    listening.delete(parameters[1])
    remove(...parameters)
  }
  return { controller, signal, listeners: () => listening.size }
}

describe('imports that are canceled', () => {
  it('send nothing where they were canceled beforehand', async () => {
    const error = leftOf(await importAll(fakeStore({}), specsOf(3), { signal: AbortSignal.abort() })())
    expect(error).toMatchObject({
      kind: 'canceled',
      store: 'fake',
      operation: 'importFromUrl',
      hint: expect.any(String),
    })
    expect(error).not.toHaveProperty('completed')
    expect(error).not.toHaveProperty('unconfirmed')
  })

  it('begin nothing more, and say what had ended and what goes on', async () => {
    const { all, sent, runtime, run } = watched()
    const { controller, signal, listeners } = countedSignal()
    const specs = [specOf(''), specOf('web'), specOf('broken'), specOf('db'), specOf('app'), ...specsOf(5)]
    const cancel = runtime.timer(90_000, () => controller.abort())
    const error = leftOf(await all(specs, { concurrency: 2, signal }))
    cancel()
    expect(error).toMatchObject({
      kind: 'canceled',
      store: 'memory',
      completed: [
        '"" failed with invalid-argument',
        '"web" was imported: memory:1',
        '"broken" failed with import-failed: memory:import/2',
        '"db" goes on: memory:import/3',
        '"app" goes on: memory:import/4',
      ],
    })
    await run(runtime.sleep(day / 2), day)
    expect(sent).toHaveLength(4)
    expect(listeners()).toBe(0)
    expect(JSON.stringify(error)).not.toContain('hush')
  })

  it('say what an import came to that was being begun', async () => {
    const { inner, runtime, run } = watched()
    const stop = new AbortController()
    const unconfirmed = [{ change: 'the import of "web-1"', key: 'run-1' }]
    const ends: Readonly<Record<string, ImageStoreError>> = {
      'web-0': new ImageStoreError('canceled', 'stopped', { completed: ['the import of "web-0" was accepted'] }),
      'web-1': new ImageStoreError('canceled', 'stopped', { unconfirmed }),
    }
    const store: ImageStore = {
      ...inner,
      importFromUrl: (spec, options) => async () => {
        await new Promise((resolve) => options?.signal?.addEventListener('abort', resolve, { once: true }))
        const error = ends[spec.name]
        // One that was answered at the last moment.
        return error === undefined ? inner.importFromUrl(spec)() : E.left(error)
      },
    }
    runtime.timer(1_000, () => stop.abort())
    const ended = run(importAll(store, specsOf(9), { concurrency: 3, signal: stop.signal, runtime })(), day)
    expect(leftOf(await ended)).toMatchObject({
      kind: 'canceled',
      completed: ['the import of "web-0" was accepted', '"web-2" goes on: memory:import/1'],
      unconfirmed,
    })
  })

  it('yield what had ended first', async () => {
    const { each, run } = watched()
    const stop = new AbortController()
    const seen: string[] = []
    const reading = async () => {
      for await (const { name } of each(specsOf(9), { concurrency: 3, signal: stop.signal })) {
        stop.abort()
        seen.push(name)
      }
    }
    await expect(run(reading(), day)).rejects.toMatchObject({ kind: 'canceled' })
    expect(seen).toContain('web-0')
  })

  it('have not been canceled where all had ended', async () => {
    const { each, run } = watched()
    const stop = new AbortController()
    let seen = 0
    const reading = async () => {
      for await (const _ of each(specsOf(3), { signal: stop.signal })) {
        seen += 1
        if (seen === 3) stop.abort()
      }
    }
    await run(reading(), day)
    expect(seen).toBe(3)
  })

  it('fail with `canceled` of their own where a store says so without having been asked', async () => {
    const store = fakeStore({ importFromUrl: () => TE.left(new ImageStoreError('canceled', 'of its own accord')) })
    expect(endings(rightOf(await importAll(store, specsOf(2))()))).toEqual(['canceled', 'canceled'])
  })
})

describe('whatever happens', () => {
  const fate = fc.constantFrom('fine', 'broken', 'stray', 'reaped-1', 'reaped-2', 'reaped-always', 'malformed')

  it('every spec has exactly one outcome, and no more are in flight than there may be', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fate, { maxLength: 30 }),
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 1, max: 3 }),
        async (fates, concurrency, attempts) => {
          const reaps: Reaps = (name, attempt) =>
            name.startsWith('reaped-always') || (name.startsWith('reaped-') && attempt <= Number(name[7]))
          const { all, counts, sent } = watched({ reaps })
          const specs = fates.map((word, index) =>
            specOf(word === 'malformed' ? '' : `${word}-${index}`, { region: word === 'stray' ? 'nowhere' : 'here' }),
          )
          const timesOf = {
            'reaped-1': 2,
            'reaped-2': 3,
            'reaped-always': 9,
            fine: 1,
            broken: 1,
            stray: 1,
            malformed: 0,
          }
          const ends = {
            fine: 'succeeded',
            broken: 'import-failed',
            stray: 'invalid-argument',
            malformed: 'invalid-argument',
          }
          const outcomes = rightOf(await all(specs, { concurrency, attempts }))
          expect(outcomes.map(({ index, attempts: times }) => [index, times])).toEqual(
            fates.map((word, index) => [index, Math.min(timesOf[word], attempts)]),
          )
          expect(endings(outcomes)).toEqual(
            fates.map((word) =>
              word.startsWith('reaped')
                ? timesOf[word] <= attempts
                  ? 'succeeded'
                  : 'import-failed'
                : ends[word as keyof typeof ends],
            ),
          )
          expect(sent).toHaveLength(outcomes.reduce((sum, { attempts: times }) => sum + times, 0))
          expect(counts.most).toBeLessThanOrEqual(concurrency)
          expect(time.outstanding()).toBe(0)
        },
      ),
      { numRuns: 100 },
    )
  })
})
