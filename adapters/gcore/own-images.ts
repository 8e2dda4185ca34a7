import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Image } from '../../src/model/image.ts'
import type { ImageQuery } from '../../src/model/query.ts'
import type { Call } from '../../src/store/member.ts'
import type { Cursor, Page } from '../../src/store/page.ts'
import { sideBySide } from '../../src/store/side-by-side.ts'
import type { StoreTask } from '../../src/store/store-task.ts'

/**
 * All own images of all the store's regions, four regions at a time. The first page tells where the others begin; each is read up
 * to where the next one begins. A region that does not answer fails it: what it holds is not known.
 */
export const ownEverywhere =
  (listPage: (query: ImageQuery, at: Cursor | undefined) => (call: Call) => StoreTask<Page>) =>
  (call: Call): StoreTask<readonly Image[]> => {
    const upTo = (end: Cursor | undefined, at: Cursor | undefined): StoreTask<readonly Image[]> =>
      pipe(
        listPage({}, at)(call),
        TE.flatMap(({ images, next }) =>
          next === undefined || next === end
            ? TE.right(images)
            : pipe(
                upTo(end, next),
                TE.map((rest) => [...images, ...rest]),
              ),
        ),
      )
    return pipe(
      listPage({}, undefined)(call),
      TE.flatMap(({ images, ahead }) =>
        pipe(
          ahead.map((start, index) => ({ start, end: ahead[index + 1] })),
          sideBySide(({ start, end }) => upTo(end, start)),
          TE.fromTask,
          TE.flatMapEither(E.sequenceArray),
          TE.map((lists) => [...images, ...lists.flat()]),
        ),
      ),
    )
  }
