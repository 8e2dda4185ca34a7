import * as E from 'fp-ts/lib/Either.js'
import type { ImageRef, ImageStore, Runtime, Tag } from 'imageferry'
import type { Calling, Ended } from './calling.ts'
import { type Claim, possibleValues, saidBy } from './claims.ts'
import type { Cloud } from './cloud.ts'
import { fieldsOf, imageOf, type Pursuit } from './record.ts'
import type { Limits } from './workload.ts'

/** What a caller works with at one provider. */
export interface Scene {
  readonly cloud: Cloud
  readonly runtime: Runtime
  readonly call: Calling
  /** Puts down what was found to be wrong. */
  readonly wrong: (what: string) => void
  /** The URL of a file by its name. */
  readonly urlOf: (file: string) => string
}

/** One action of a caller, by the store and within the limits that were drawn for it. */
export interface Doing extends Scene {
  readonly store: ImageStore
  readonly limits: Limits
}

/** An action on an image that was wanted. */
export interface Pursuing extends Doing {
  readonly pursuit: Pursuit
}

/** An action on an image that a call has named. */
export interface Changing extends Pursuing {
  readonly image: ImageRef
}

/** A field and the value that it shall have. */
export type FieldValue = readonly [field: string, value: string]

/** The tag of a key: each key has one value only. */
export const tagged = (key: string): Tag => ({ key, value: `v-${key}` })

/** Puts down what a call has said of fields. */
export const claim = ({ claims }: Pursuit, ended: Ended<unknown>, fields: readonly FieldValue[]): void => {
  const { result, fromMs, toMs } = ended
  const says: Claim['says'] = E.isRight(result) ? 'done' : saidBy(result.left)
  claims.push(...fields.map(([field, value]) => ({ field, value, fromMs, toMs, says })))
}

/** Holds fields of which a call has just said that they were changed against the server, where it still has the image. */
export const checkShown = ({ cloud, wrong }: Scene, pursuit: Pursuit, fields: readonly FieldValue[]): void => {
  const image = imageOf(cloud, pursuit)
  if (image === undefined) return
  const shown = fieldsOf(image)
  for (const [field] of fields) {
    const possible = possibleValues(pursuit.claims, field, 'absent')
    const value = shown.get(field) ?? 'absent'
    if (!possible.has(value))
      wrong(`untrue: a call succeeded, and ${image.ref} has ${field} ${value}, not ${[...possible].join(' or ')}`)
  }
}
