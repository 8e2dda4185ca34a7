import {
  type Capabilities,
  type ImageStore,
  imageRef,
  operationRef,
  type Runtime,
  type StoreOperation,
} from 'imageferry'
import type { ConformanceSubject } from 'imageferry/conformance'
import { memory } from 'imageferry/memory'
import { manualClock } from '../src/emulator/clock.ts'
import { someImage } from './flow/some-image.ts'
import { heldStore, timedRuntime } from './held-answers.ts'

const url = 'http://localhost/good.qcow2'
const brokenUrl = 'http://localhost/broken.qcow2'
const numbers = [1, 2, 3, 4, 5]
const servers = numbers.map((number) => ({ id: `server-${number}`, bytes: 4096 }))
const volumes = numbers.map((number) => ({ id: `volume-${number}`, bytes: 4096 }))
const backups = numbers.map((number) => `memory:backup-${number}`)

/** Gives one thing after the other, each once. */
const oneByOne = (things: readonly string[]): (() => Promise<string>) => {
  const left = things[Symbol.iterator]()
  return async () => {
    const { value } = left.next()
    if (value === undefined) throw new Error('there are no more of them')
    return value
  }
}

const sourcesOf = (machines: readonly { readonly id: string }[], unknownId: string) => {
  const next = oneByOne(machines.map(({ id }) => id))
  return async () => ({ id: await next(), unknownId })
}

/** A memory store with everything that the suite may ask for, behind a decorator; none unless told. */
export const memorySubject = (
  decorate: (store: ImageStore, runtime: Runtime) => ImageStore = (store) => store,
): ConformanceSubject => {
  const clock = manualClock()
  const runtime = timedRuntime(clock)
  const { store: inner, holdAnswers } = heldStore(
    clock,
    runtime,
    memory({
      runtime,
      importDurationMs: 60_000,
      regions: ['here', 'there', 'elsewhere', 'full'],
      imageLimits: { here: 1000, full: 0 },
      servers,
      volumes,
      images: [
        someImage('public', { visibility: 'public' }),
        someImage('odd', { status: 'unknown', providerStatus: 'compacting', kind: 'frozen', visibility: 'community' }),
        someImage('locked', { lockedBy: operationRef('memory:import/999') }),
        ...backups.map((ref) => someImage(ref, { ref: imageRef(ref), kind: 'backup' })),
      ],
      source: (at) => (at.startsWith(brokenUrl) ? { found: false, reason: 'no image' } : { found: true, bytes: 4096 }),
    }),
  )
  return {
    store: decorate(inner, runtime),
    // Its images are in this process alone: there is no other one to open it from.
    reopen: () => decorate(inner, runtime),
    requestCount: () => 0,
    runtime,
    importable: { url, region: 'here', size: { atLeast: 4096, atMost: 4096 } },
    hasNoPayloads: true,
    brokenUrl,
    unknownRegion: 'nowhere',
    furtherRegions: ['there', 'elsewhere'],
    fullRegion: 'full',
    addBackup: oneByOne(backups),
    addOddImage: async () => 'memory:odd',
    addLocked: async () => 'memory:locked',
    holdAnswers,
    addServer: sourcesOf(servers, 'server-999'),
    addVolume: sourcesOf(volumes, 'volume-999'),
    unknownImage: 'memory:999',
    unknownOperation: 'memory:import/999',
    populate: async (count, prefix) => {
      for (let index = 0; index < count; index++)
        await inner.importFromUrl({ name: `${prefix}-${index}`, url, region: 'here' })()
    },
    stop: async () => {},
  }
}

/** What a memory store can do that cannot do some of it, with the reason that it gives. */
export const memoryWithout = (reason: string, ...operations: readonly StoreOperation[]): Capabilities => {
  const { capabilities } = memory()
  const refused = Object.fromEntries(operations.map((operation) => [operation, { supported: false, reason }]))
  return { ...capabilities, operations: { ...capabilities.operations, ...refused } }
}
