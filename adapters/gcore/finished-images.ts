import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as T from 'fp-ts/lib/Task.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { ImageStoreError } from '../../src/model/error.ts'
import type { Image } from '../../src/model/image.ts'
import type { ImageRef, OperationRef } from '../../src/model/ref.ts'
import type { Call } from '../../src/store/member.ts'
import { sideBySide } from '../../src/store/side-by-side.ts'
import type { StoreTask } from '../../src/store/store-task.ts'
import { type Account, type ImageId, imageRefOf, operationId } from './ids.ts'
import { type Place, placeText } from './namespaces.ts'
import { imageOf, kindOf } from './task.ts'
import type { Tasks } from './task-list.ts'

/** The own images of a place, among which are those that are looked for, as far as lists have them. */
export type OwnImages = (place: Place, wanted: ReadonlySet<ImageRef>, call: Call) => StoreTask<readonly Image[]>

/** What the images of finished tasks are read with. */
export interface FinishedImageSources {
  readonly account: Account
  readonly ownImages: OwnImages
  readonly readImage: (id: ImageId, call: Call) => StoreTask<Image>
  /** Whether an image is to be looked at now. */
  readonly isDue: (image: ImageRef) => boolean
}

/** A place and the images in it that finished tasks have made. */
interface MadeThere {
  readonly place: Place
  readonly images: Set<ImageRef>
}

/** The places in which more than one image of finished tasks is to be looked at. */
const busyPlaces = (
  { account, isDue }: FinishedImageSources,
  refs: readonly OperationRef[],
  tasks: Tasks,
): readonly MadeThere[] => {
  const places = new Map<string, MadeThere>()
  for (const ref of refs) {
    const id = operationId(account)(ref)
    const task = E.isRight(id) && id.right.kind === 'task' ? tasks.get(id.right.id) : undefined
    const image = task === undefined ? undefined : imageOf(task)
    if (E.isLeft(id) || task === undefined || image === undefined) continue
    if (task.state.toUpperCase() !== 'FINISHED' || kindOf(task) === 'delete') continue
    const made = imageRefOf(account, { ...id.right, image })
    if (!isDue(made)) continue
    const busy = places.get(placeText(id.right)) ?? { place: id.right, images: new Set<ImageRef>() }
    busy.images.add(made)
    places.set(placeText(id.right), busy)
  }
  return [...places.values()].filter(({ images }) => images.size > 1)
}

/**
 * A way to the images of finished tasks: where there are several in a place, out of one list of it, so that many imports that end
 * together cost no request each. What is in no list is asked for by itself, for a list may lag behind.
 */
export const finishedImages = (
  sources: FinishedImageSources,
  refs: readonly OperationRef[],
  tasks: Tasks,
  call: Call,
): T.Task<(id: ImageId) => StoreTask<Image>> => {
  const { account, ownImages, readImage } = sources
  const listed = ({
    place,
    images,
  }: MadeThere): T.Task<readonly [string, E.Either<ImageStoreError, ReadonlyMap<ImageRef, Image>>]> =>
    pipe(
      ownImages(place, images, call),
      T.map(E.map((own) => new Map(own.map((image) => [image.ref, image])))),
      T.map((list) => [placeText(place), list]),
    )
  return pipe(
    busyPlaces(sources, refs, tasks),
    sideBySide(listed),
    T.map((entries) => new Map(entries)),
    T.map((lists) => (id) => {
      const list = lists.get(placeText(id))
      // A region that refuses or does not answer would do so once more for each image; a list that makes no sense need not.
      if (list !== undefined && E.isLeft(list) && list.left.kind !== 'unexpected-response') return TE.left(list.left)
      const found = list !== undefined && E.isRight(list) ? list.right.get(imageRefOf(account, id)) : undefined
      return found === undefined ? readImage(id, call) : TE.right(found)
    }),
  )
}
