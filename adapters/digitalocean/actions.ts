import type { OperationRef } from '../../src/model/ref.ts'
import { formatImageRef } from '../../src/model/ref.ts'
import { presentText } from '../../src/model/text.ts'
import { parseTimestamp } from '../../src/model/timestamp.ts'
import type { Operation, OperationKind, OperationState } from '../../src/store/operation.ts'
import { operationRefOf } from './ids.ts'
import type * as Wire from './wire.ts'

/** The body that begins an action. Source: openapi imageActions_post.yml. */
export type ActionBody = { readonly type: 'transfer'; readonly region: string } | { readonly type: 'convert' }

const kinds: ReadonlyMap<string, OperationKind> = new Map([
  ['transfer', 'replicate'],
  ['convert', 'convert'],
])

/** The three words of openapi action.yml. */
const states: ReadonlyMap<string, OperationState> = new Map([
  ['in-progress', 'running'],
  ['completed', 'succeeded'],
  ['errored', 'failed'],
])

/** The state of an operation whose action has a status. */
export const toState = (status: string | null | undefined): OperationState =>
  states.get(status?.toLowerCase() ?? '') ?? 'unknown'

/** The slug of the region that an action is about. */
export const regionOf = ({ region_slug, region }: Wire.Action): string | undefined =>
  presentText(region_slug) ?? presentText(region?.slug)

/** An errored action comes without any text (fact sheet §7), so what can be said is said here. */
const failureOf = (kind: OperationKind, action: Wire.Action): Pick<Operation, 'failure' | 'hint'> =>
  kind === 'convert'
    ? {
        failure: 'DigitalOcean gave the conversion up without a reason',
        hint: 'See that the backup is still there: backups go by their age, and with their server',
      }
    : {
        failure: `DigitalOcean gave the transfer to ${regionOf(action) ?? 'the region'} up without a reason`,
        hint: 'See that the image is still there and available, then replicate it to that region again',
      }

/**
 * An action on an image as an operation; absent where it is another image's, or one that is neither a transfer nor a
 * conversion.
 */
export const actionOperation = (store: string, image: string, action: Wire.Action): Operation | undefined => {
  const kind = kinds.get(action.type?.toLowerCase() ?? '')
  const isOfImage =
    action.resource_id === null || action.resource_id === undefined || String(action.resource_id) === image
  if (kind === undefined || !isOfImage) return undefined
  const state = toState(action.status)
  return {
    ref: operationRefOf(store, { kind: 'action', image, action: String(action.id) }),
    kind,
    state,
    image: formatImageRef(store, image),
    ...(state === 'failed' ? failureOf(kind, action) : {}),
    losses: [],
    startedAt: typeof action.started_at === 'string' ? parseTimestamp(action.started_at) : undefined,
  }
}

/** The operation of replicating an image to a region that it has: nothing is to be done, and nothing is sent. */
export const presentIn = (store: string, image: string, region: string): Operation => {
  const ref: OperationRef = operationRefOf(store, { kind: 'present', image, region })
  return { ref, kind: 'replicate', state: 'succeeded', image: formatImageRef(store, image), losses: [] }
}
