import type { HeldKey } from './key-tag.ts'
import type { Place } from './namespaces.ts'

/** A request with a key, and where it would make its image. */
export interface KeyedRequest {
  readonly held: HeldKey
  readonly place: Place
  readonly isBareMetal: boolean
  /** The name as it is sent. */
  readonly name: string
  /** The URL without what may be secret in it, or the volume. */
  readonly source: string
}
