import * as E from 'fp-ts/lib/Either.js'
import type { Image } from '../../src/model/image.ts'
import { presentText } from '../../src/model/text.ts'
import { parseTimestamp } from '../../src/model/timestamp.ts'
import type { Operation } from '../../src/store/operation.ts'
import { type Account, imageId, operationRefOf } from './ids.ts'
import { type HeldKey, heldKeyOf } from './key-tag.ts'
import { endedInError, failed, withImage } from './task.ts'
import type { Tasks } from './task-list.ts'
import * as Wire from './wire.ts'

/** Something that was begun under a key. */
export interface KeyedWork {
  readonly operation: Operation
  readonly held: HeldKey
  /** When its image was made, as the image tells; ISO 8601. Absent where there is none yet, or where it does not tell. */
  readonly madeAt?: string | undefined
}

const startOf = (image: Image, task: Wire.Task | undefined): string | undefined =>
  typeof task?.created_on === 'string' ? parseTimestamp(task.created_on) : image.createdAt

/**
 * The operation that has made an image under a key, as the image tells it: its task, or the image itself where it does not tell
 * one. Nothing for an image without a key.
 */
export const keyedImage = (account: Account, image: Image, tasks: Tasks): KeyedWork | undefined => {
  const wire = Wire.Image.is(image.raw) ? image.raw : undefined
  const held = wire === undefined ? undefined : heldKeyOf(wire)
  const id = imageId(account)(image.ref)
  if (held === undefined || E.isLeft(id)) return undefined
  const { image: uuid, ...place } = id.right
  const creator = tasks.get(wire?.creator_task_id ?? '')
  const operation: Operation = {
    ref: image.provenance?.operation ?? operationRefOf(account, { ...place, kind: 'image', id: uuid }),
    kind: held.kind,
    state: 'unknown',
    losses: [],
    startedAt: startOf(image, creator),
  }
  // Whether a failed import leaves an image behind is unconfirmed; one that does may read for ever as if it were under way.
  return creator?.state.toUpperCase() === 'ERROR'
    ? { operation: failed({ ...operation, image: image.ref }, presentText(creator.error) ?? endedInError), held }
    : { operation: withImage(operation, image), held, madeAt: image.createdAt }
}
