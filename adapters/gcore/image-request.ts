import { parseTimestamp } from '../../src/model/timestamp.ts'
import { clockSkewMs } from '../../src/store/accepted.ts'
import type { Loss } from '../../src/store/operation.ts'
import { type HeldKey, keyTag, writeKey } from './key-tag.ts'
import type { Place } from './namespaces.ts'
import { kindOf } from './task.ts'
import { requestOf } from './task-request.ts'
import type * as Wire from './wire.ts'

/** A request that makes an image by a task. */
export interface ImageRequest {
  readonly kind: 'import' | 'capture'
  readonly place: Place
  readonly path: string
  readonly body: { readonly name: string; readonly tags?: Readonly<Record<string, string>> }
  /** The URL without what may be secret in it, or the volume. */
  readonly source: string
  readonly losses: readonly Loss[]
  /** What is written on the image where the caller gave a key. */
  readonly held?: HeldKey | undefined
}

/** A request that was sent, and when, in milliseconds since the epoch. */
export interface SentRequest {
  readonly request: ImageRequest
  readonly since: number
  /** The tasks that were listed before it was sent; absent where nobody has looked. */
  readonly seen?: ReadonlySet<string> | undefined
}

/** The body of a request, with the key that it has. */
export const withKey = ({ body, held }: ImageRequest): ImageRequest['body'] =>
  held === undefined ? body : { ...body, tags: { ...body.tags, [keyTag]: writeKey(held) } }

/** When a task was created, in milliseconds since the epoch; absent where it does not tell. */
export const createdAt = ({ created_on }: Wire.Task): number | undefined => {
  const created = typeof created_on === 'string' ? parseTimestamp(created_on) : undefined
  return created === undefined ? undefined : Date.parse(created)
}

/** Whether a task was created at a moment or later; one that does not tell counts as created then. */
export const isSince = (task: Wire.Task, since: number): boolean => {
  const created = createdAt(task)
  // Tasks tell their time in whole seconds.
  return created === undefined || created >= Math.floor(since / 1000) * 1000
}

const agrees = <A>(told: A | null | undefined, wanted: A): boolean =>
  told === undefined || told === null || told === wanted

/** Whether a task may be the one that a request has begun: nothing that it tells speaks against it. */
export const mayBe =
  ({ request: { kind, body, place, source, held }, since, seen }: SentRequest) =>
  (task: Wire.Task): boolean => {
    const told = requestOf(task)
    const region = task.region_id === null || task.region_id === undefined ? undefined : String(task.region_id)
    return (
      kindOf(task) === kind &&
      agrees(region, place.region) &&
      // Where it is known which tasks there were, the clocks need not agree.
      (seen === undefined ? (createdAt(task) ?? since) >= since - clockSkewMs : !seen.has(task.id ?? '')) &&
      agrees(told.name, body.name) &&
      agrees(told.source, source) &&
      (!told.tellsTags || told.held?.key === held?.key)
    )
  }

/** Whether a task tells that it is what a request asks for: by its key, or where there is none or no tags are told, by name and source. */
export const tellsThatItIs = ({ request: { body, source, held } }: SentRequest, task: Wire.Task): boolean => {
  const told = requestOf(task)
  if (told.tellsTags && held !== undefined) return told.held?.key === held.key && told.held.digest === held.digest
  return told.name === body.name && told.source === source
}
