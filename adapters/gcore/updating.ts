import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { HttpClient } from '../../src/http/client.ts'
import { ImageStoreError } from '../../src/model/error.ts'
import type { Image } from '../../src/model/image.ts'
import { reconciledUpdate } from '../../src/store/lost-update.ts'
import type { Call } from '../../src/store/member.ts'
import { pause } from '../../src/store/pause.ts'
import type { ImagePatch } from '../../src/store/requests.ts'
import type { Runtime } from '../../src/store/runtime.ts'
import type { StoreTask } from '../../src/store/store-task.ts'
import { explainConflict, mayBeHeld } from './conflicts.ts'
import type { Account, ImageId } from './ids.ts'
import { imagePath } from './paths.ts'
import { encodeTags } from './tags.ts'
import { isShown, unkept } from './unkept.ts'
import { toUpdate, type UpdatePlan } from './update-body.ts'
import * as Wire from './wire.ts'

type MergePatch = Readonly<Record<string, string | null>>

/**
 * The tags as a merge patch: a value sets a key, null deletes it, and a key that is not named stays (RFC 7386). A tag is
 * dropped only where the key has that very value. `tags: null` and `tags: {}` are never sent: on what they mean the
 * provider's own sources disagree (fact sheet §3.3).
 */
const toMergePatch = ({ put, drop }: UpdatePlan, image: Image): MergePatch => {
  const present = encodeTags(image.tags).map
  const dropped = drop.filter(({ key, value }) => Object.hasOwn(present, key) && present[key] === value)
  return Object.fromEntries([
    ...dropped.map(({ key }): [string, string | null] => [key, null]),
    ...Object.entries(put).filter(([key, value]) => !Object.hasOwn(present, key) || present[key] !== value),
  ])
}

const readOnlyKeys = (image: Image): readonly string[] =>
  Object.keys(encodeTags(image.tags.filter(({ readOnly }) => readOnly === true)).map)

const refuseReadOnly = (keys: readonly string[]): ImageStoreError => {
  const reason = `The tags ${keys.join(', ')} are the provider's own and cannot be changed`
  return new ImageStoreError('invalid-argument', reason, { fields: { tags: reason } })
}

const fieldsOf = (patch: ImagePatch): readonly string[] =>
  Object.entries(patch).flatMap(([field, value]) => (value === undefined ? [] : [field]))

/** How long the image may still read as it was, in milliseconds: that it never does is not published. */
const lagMs = 3_000

const notKept = (id: ImageId, fields: readonly string[]): ImageStoreError =>
  new ImageStoreError(
    'unexpected-response',
    `The update was accepted, and the image ${id.image} reads as before in ${fields.join(', ')}`,
    {
      fields: Object.fromEntries(fields.map((field) => [field, 'It was accepted and is not there'])),
      hint: 'Read the image again later; what is still as before has not been changed',
    },
  )

/**
 * Updates: one merge patch, and the image read back. A patch whose answer is lost is sent again where the image does not show it: a
 * merge patch that is carried out twice is the same.
 */
export const updating = (
  account: Account,
  http: HttpClient,
  runtime: Runtime,
  read: (id: ImageId, call: Call) => StoreTask<Image>,
) => {
  /** The image as it is after an update; fails where it does not show what was accepted, at a second look either. */
  const readBack = (id: ImageId, plan: UpdatePlan, call: Call, isSecond = false): StoreTask<Image> =>
    pipe(
      read(id, call),
      TE.flatMap((image) => {
        const missing = unkept(plan, image)
        if (missing.length === 0) return TE.right(image)
        if (isSecond) return TE.left(notKept(id, missing))
        return pipe(
          pause(runtime, lagMs, call),
          TE.flatMap(() => readBack(id, plan, call, true)),
        )
      }),
    )

  /** The tags need to be known first: which are read-only, and which value a key has that shall lose it. */
  const tagsPatch = (id: ImageId, plan: UpdatePlan, call: Call): StoreTask<MergePatch> =>
    Object.keys(plan.put).length + plan.drop.length === 0
      ? TE.right({})
      : pipe(
          read(id, call),
          TE.flatMap((present) => {
            const patch = toMergePatch(plan, present)
            const refused = readOnlyKeys(present).filter((key) => Object.hasOwn(patch, key))
            return refused.length === 0 ? TE.right(patch) : TE.left(refuseReadOnly(refused))
          }),
        )

  /** Sends a patch until it is answered or the image shows what it asks for. */
  const patched = (
    id: ImageId,
    { plan, body }: { readonly plan: UpdatePlan; readonly body: Readonly<Record<string, unknown>> },
    call: Call,
  ): StoreTask<void> => {
    const change = { change: Object.keys(body).join(', ') }
    const look: StoreTask<true | undefined> = pipe(
      read(id, call),
      TE.map((image) => (isShown(plan, image) ? true : undefined)),
    )
    const attempt = http.submit('PATCH', imagePath(account, id), Wire.Nothing, { ...call, body, change })
    return reconciledUpdate({ runtime, call, change, attempt, look })
  }

  return (id: ImageId, patch: ImagePatch) =>
    (call: Call): StoreTask<Image> =>
      pipe(
        TE.fromEither(toUpdate(patch, id)),
        TE.flatMap((plan) =>
          pipe(
            tagsPatch(id, plan, call),
            TE.map((tags) => ({ plan, body: { ...plan.body, ...(Object.keys(tags).length === 0 ? {} : { tags }) } })),
          ),
        ),
        TE.flatMap(({ plan, body }) =>
          Object.keys(body).length === 0
            ? read(id, call)
            : pipe(
                patched(id, { plan, body }, call),
                TE.orElse((error) =>
                  mayBeHeld(error) ? explainConflict(error, read(id, call), (unchanged) => unchanged) : TE.left(error),
                ),
                // The published answer holds three fields of the image, so it is read back.
                TE.tapIO(() => () => call.noteCompleted(...fieldsOf(patch))),
                TE.flatMap(() => readBack(id, plan, call)),
              ),
        ),
      )
}
