import type { ImageStore } from '../store/image-store.ts'
import type { Runtime } from '../store/runtime.ts'

/** A server or a volume of which an image can be made. */
export interface CaptureSource {
  /** What `CaptureSpec.source` is to be. */
  readonly id: string
  /** What `CaptureSpec.region` is to be, where it is needed. */
  readonly region?: string | undefined
  /** An id of the provider's form that names no server or volume. */
  readonly unknownId: string
}

/** A store that is put to the test, with the means to do so. Each case gets one of its own. */
export interface ConformanceSubject {
  readonly store: ImageStore
  /** Another store for the same account, as another process would make it. */
  readonly reopen: () => ImageStore
  /** How many requests have reached the provider so far; for a store without a provider, always 0. */
  readonly requestCount: () => number
  /** The provider's time: `sleep` lets it pass instead of waiting. */
  readonly runtime: Runtime
  /** A file that can be imported, a region that takes imports, and where it is known how large the image reads, in bytes. */
  readonly importable: {
    readonly url: string
    readonly region: string
    readonly size?: { readonly atLeast: number; readonly atMost: number } | undefined
  }
  /** A URL from which no import can succeed. */
  readonly brokenUrl: string
  /** A region id of the provider's form that does not exist. */
  readonly unknownRegion: string
  /** A ref of the provider's form that names no image. */
  readonly unknownImage: string
  /** A ref of the provider's form that names no operation. */
  readonly unknownOperation: string
  /** Gives the account so many more images, named by the prefix and a number from 0, past the port. */
  readonly populate: (count: number, prefix: string) => Promise<void>
  /** Two or more regions of the account beside the one that is imported into. Needed where the store declares `replicate`. */
  readonly furtherRegions?: readonly string[] | undefined
  /** Gives the account a backup, past the port, and tells its ref. Needed where the store declares `createFromBackup`. */
  readonly addBackup?: (() => Promise<string>) | undefined
  /** Gives the account a server, past the port. Needed where the store declares `createFromServer`. */
  readonly addServer?: (() => Promise<CaptureSource>) | undefined
  /** Gives the account a volume, past the port. Needed where the store declares `createFromVolume`. */
  readonly addVolume?: (() => Promise<CaptureSource>) | undefined
  /** Lets a region, one that is imported into, answer nothing but failures from now on. Left out where regions cannot fail alone. */
  readonly breakRegion?: ((region: string) => void) | undefined
  /** Gives the account an image with a status, and whatever else there is, that nobody knows, past the port; tells its ref. */
  readonly addOddImage?: (() => Promise<string>) | undefined
  /** Gives the account an image that something is being done with, past the port, and tells its ref. */
  readonly addLocked?: (() => Promise<string>) | undefined
  /** Gives the account an image of which there are servers or volumes, past the port, and tells its ref. */
  readonly addInUse?: (() => Promise<string>) | undefined
  /**
   * Holds every answer back from now on for so many milliseconds of the provider's time. What it returns resolves when the
   * next request has come. The store's `runtime.timer` has to live by the same time. Left out where answers cannot be held.
   */
  readonly holdAnswers?: ((milliseconds: number) => Promise<void>) | undefined
  /** There where images have no payload of a provider, so that their `raw` is empty. */
  readonly hasNoPayloads?: true | undefined
  /** A region that has no room for one more image. Where it is left out, nothing is said of such regions. */
  readonly fullRegion?: string | undefined
  readonly stop: () => Promise<void>
}

/** How a subject is had. */
export interface ConformanceHarness {
  /** What the cases are listed under. */
  readonly name: string
  /** What the store says it can do, as it is before one is started: it decides which cases there are. */
  readonly capabilities: ImageStore['capabilities']
  readonly start: () => Promise<ConformanceSubject>
}

/** One sentence of the contract, and what shows that it holds. */
export interface ConformanceCase {
  /** The sentence, as the report shows it. */
  readonly sentence: string
  /** Throws where the sentence does not hold. */
  readonly check: (subject: ConformanceSubject) => Promise<void>
}
