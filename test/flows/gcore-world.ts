import { type ImageStore, type Operation, type OperationRef, type StoreEvent, waitForAll } from 'imageferry'
import { gcore } from 'imageferry/gcore'
import { type GcoreEmulatorOptions, startEmulator } from 'imageferry/gcore/emulator'
import { expect } from 'vitest'
import type { FaultPlan } from '../../src/emulator/fault-plan.ts'
import { rightOf } from '../either.ts'
import { simulatedTime } from '../simulated-time.ts'

const hour = 3_600_000

/** Stores of one emulated account, in simulated time. */
export interface World {
  readonly stores: readonly ImageStore[]
  readonly faults: FaultPlan
  readonly events: readonly StoreEvent[]
  readonly posts: () => number
  readonly requests: readonly { readonly method: string; readonly path: string }[]
  /** The images that are there, as refs. */
  readonly images: () => readonly string[]
  readonly nameOf: (image: string | undefined) => string | undefined
  readonly addImage: () => string
  readonly addVolume: () => string
  readonly run: <A>(work: Promise<A>) => Promise<A>
  readonly now: () => number
  readonly sleep: (milliseconds: number) => Promise<void>
  readonly waitFor: (store: ImageStore, ref: OperationRef) => Promise<Operation>
}

/** Does something with so many stores, which know nothing of each other, on an account of their own. */
export const inWorld = async (
  options: GcoreEmulatorOptions & { readonly stores?: number; readonly order?: number },
  act: (world: World) => Promise<void>,
): Promise<void> => {
  const { stores = 1, order = 1, ...switches } = options
  const time = simulatedTime(order)
  const { clock, runtime } = time
  const emulator = await startEmulator({ ...switches, clock })
  const { apiKey, project, baseUrl, faults, requests } = emulator
  const events: StoreEvent[] = []
  const observer = (event: StoreEvent) => void events.push(event)
  try {
    await act({
      stores: Array.from({ length: stores }, () =>
        gcore({ apiKey, project, baseUrl, regions: [76], runtime, observer }),
      ),
      faults,
      events,
      requests,
      posts: () => requests.filter(({ method }) => method === 'POST').length,
      images: () =>
        emulator
          .saveState()
          .images.filter(({ own }) => own)
          .map(({ id, region_id }) => `gcore:${project}/${region_id}/${id}`),
      nameOf: (image) => emulator.saveState().images.find(({ id }) => image?.endsWith(`/${id}`))?.name,
      addImage: () => `gcore:${project}/76/${emulator.addImage({ region_id: 76, tags: { env: 'test' } })}`,
      addVolume: () => emulator.addVolume({ region_id: 76 }),
      run: (work) => time.run(work, 48 * hour),
      now: runtime.now,
      sleep: (milliseconds) => runtime.sleep(milliseconds),
      waitFor: async (store, ref) => {
        // A look that makes no sense ends a wait; the operation goes on, and is waited for again.
        for (let waits = 0; waits < 3; waits += 1) {
          const [outcome] = rightOf(await waitForAll(store, [ref], { runtime, timeoutMs: 6 * hour })())
          if (outcome?.succeeded === true) return outcome.operation
          if (outcome?.operation !== undefined) throw outcome.error
        }
        throw new Error('No wait has ended')
      },
    })
    expect(emulator.failures).toEqual([])
  } finally {
    await emulator.close()
    time.stop()
  }
}
