import type { ImageRef, ImageStoreError, OperationRef, StoreEvent } from 'imageferry'
import type { Claim } from './claims.ts'
import type { Cloud, CloudName, ServerImage } from './cloud.ts'
import type { Wanted } from './workload.ts'

/** How a call ended that asked for an image. */
export type Asked = { readonly ref: OperationRef } | { readonly error: ImageStoreError }

/** What has become of a wanted image, as far as its callers were told. */
export interface Pursuit {
  readonly wanted: Wanted
  readonly asked: Asked[]
  readonly claims: Claim[]
  /** The image, once an operation has named it. */
  image: ImageRef | undefined
  /** What callers were told who waited until they were. */
  readonly secured: (ImageRef | undefined)[]
  /** The machine that is captured, where it is no file. */
  readonly machine: string | undefined
}

/** A call that has ended, between two moments in virtual ms since the epoch. */
export interface CallRecord {
  readonly cloud: CloudName
  readonly who: string
  readonly member: string
  /** `ok`, or the kind of the error. */
  readonly ending: string
  readonly fromMs: number
  readonly toMs: number
  /** Whether its caller had set it a limit. */
  readonly isLimited: boolean
}

/** What is put down while a seed runs. */
export interface RunRecord {
  /** What was found to be wrong. Each begins with who or where, and a word for its sort. */
  readonly wrong: string[]
  /** What callers did, and when, in virtual ms since the epoch. */
  readonly notes: { readonly at: number; readonly text: string }[]
  readonly calls: CallRecord[]
  /** What the stores told their observers. */
  readonly events: StoreEvent[]
  /** Every signal that a call was given. */
  readonly signals: AbortSignal[]
}

/** Nothing yet. */
export const newRecord = (): RunRecord => ({ wrong: [], notes: [], calls: [], events: [], signals: [] })

/** The image of a pursuit as the server has it. */
export const imageOf = (cloud: Cloud, { image }: Pursuit): ServerImage | undefined =>
  image === undefined ? undefined : cloud.images().find(({ ref }) => ref === image)

/** The fields of an image as claims name them, with their values. What is not there has none. */
export const fieldsOf = ({ name, description, tags, regions }: ServerImage): ReadonlyMap<string, string> =>
  new Map([
    ['name', name],
    // Nothing is written as a blank where a server takes an empty text for none given.
    ['description', description.trim()],
    ...tags.map((tag): [string, string] => [`tag ${tag}`, 'there']),
    ...regions.map((region): [string, string] => [`region ${region}`, 'there']),
  ])
