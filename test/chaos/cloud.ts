import type { ImageStore, OperationRef, Runtime, StoreObserver } from 'imageferry'
import type { VirtualClock } from '../../src/emulator/clock.ts'
import type { FaultPlan } from '../../src/emulator/fault-plan.ts'
import type { RequestRecord } from '../../src/emulator/request-log.ts'

/** The providers that are tried. */
export type CloudName = 'digitalocean' | 'gcore'

/** An image as its server has it, whatever any client was told. */
export interface ServerImage {
  /** As a store would name it. */
  readonly ref: string
  readonly name: string
  /** Without what stands there for a key. */
  readonly description: string
  /** The keys of its tags. */
  readonly tags: readonly string[]
  readonly regions: readonly string[]
  /** The operation key that it was made under. */
  readonly key: string | undefined
  /** Whether it can be used now. */
  readonly isReady: boolean
  /** Whether lists have it by now. */
  readonly isListed: boolean
}

/** What a server knows of an import or a capture that it has accepted. */
export interface ServerImport {
  readonly state: 'under-way' | 'failed' | 'made'
  /** As a store would name it, as soon as there is one. */
  readonly image: string | undefined
}

/** A provider with its stores. */
export interface Cloud {
  readonly name: CloudName
  /** One, or two that stand for two processes of the same account. */
  readonly stores: readonly ImageStore[]
  /** In which of its ways it behaves, as options of its emulator. */
  readonly manner: object
  readonly faults: FaultPlan
  readonly requests: readonly RequestRecord[]
  /** What must be in no error. */
  readonly secret: string
  /** Bugs of the emulator. */
  readonly failures: readonly unknown[]
  /** The account's own images that there are, those excepted whose import has failed. */
  readonly images: () => readonly ServerImage[]
  /** Puts a machine there, of which an image can be made, and tells its id: a Droplet, or a volume in this region. */
  readonly addMachine: (region: string) => string
  /** What the server knows of an import or a capture by the ref that a store gave for it; nothing where it knows none. */
  readonly importOf: (operation: OperationRef) => ServerImport | undefined
  /** Whether what is under way tells its key. Where it does not, a repeat from another process is a conflict until it has ended. */
  readonly tellsKeys: boolean
  /** Whether it is making an image just now. */
  readonly isBusy: () => boolean
  readonly close: () => Promise<void>
}

/** What a provider is started with. */
export interface CloudSetting {
  readonly clock: VirtualClock
  readonly runtime: Runtime
  /** How many there are of the stores. */
  readonly stores: number
  /** Is told what the stores do. */
  readonly observer: StoreObserver
}
