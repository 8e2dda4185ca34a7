import { at, isNode, partsOf, pointerTo } from './json-pointer.ts'
import { operationsOf } from './operations.ts'

/** A mistake of a published specification, or something that it leaves out, and what is put in its place. */
export interface Correction {
  /** The place, as a JSON pointer. */
  readonly pointer: string
  /** What stands there instead; without it and `add` the place is removed. */
  readonly value?: unknown
  /** What a list at that place has besides. */
  readonly add?: readonly unknown[]
  /** Why, and by which source. */
  readonly reason: string
}

/** All that is corrected in one specification, as the files in `corrections` have it. */
export interface Corrections {
  /** What the file is about. */
  readonly about: string
  /** By the name of a format: the texts that have it. */
  readonly formats?: Readonly<Record<string, { readonly pattern: string; readonly reason: string }>>
  /** What errors look like where an operation declares none. */
  readonly errors?: { readonly schema: object; readonly reason: string }
  readonly places: readonly Correction[]
  /** Mismatches of the known ones that nothing is corrected for, by their pointers, and why. */
  readonly uncorrected?: readonly { readonly pointer: string; readonly reason: string }[]
  /** Operations that are there and that the specification does not have, such as `GET /v2/droplets/{droplet_id}`. */
  readonly unlisted?: readonly { readonly operation: string; readonly reason: string }[]
}

/** A file of known mismatches, as it lies beside the specifications. */
export interface KnownMismatches {
  readonly corrections: readonly { readonly pointer: string; readonly problem: string }[]
}

/** A copy of a specification with its mistakes corrected. A correction of what is not there is one too many, and thrown. */
export const corrected = (specification: unknown, { places, errors }: Corrections): unknown => {
  const copy: unknown = structuredClone(specification)
  if (errors !== undefined)
    for (const { pointer } of operationsOf(copy))
      Object.assign(Object(at(copy, `${pointer}/responses`)), {
        default: { content: { 'application/json': { schema: errors.schema } } },
      })
  for (const { pointer, ...correction } of places) {
    const parts = partsOf(pointer)
    const parent = at(copy, pointerTo(...parts.slice(0, -1)))
    const last = parts.at(-1) ?? ''
    if (!isNode(parent)) throw new Error(`There is no ${pointer} to be corrected`)
    const listed = parent[last]
    if (correction.add !== undefined) {
      if (!Array.isArray(listed)) throw new Error(`There is no list ${pointer}`)
      const twice = correction.add.find((word) => listed.includes(word))
      if (twice !== undefined) throw new Error(`${pointer} has ${String(twice)} already`)
      Object.assign(parent, { [last]: [...listed, ...correction.add] })
    } else if ('value' in correction) Object.assign(parent, { [last]: correction.value })
    else if (last in parent) Reflect.deleteProperty(parent, last)
    else throw new Error(`There is no ${pointer} to be removed`)
  }
  return copy
}
