import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { HttpClient } from '../../src/http/client.ts'
import { path, type QueryParameters } from '../../src/http/path.ts'
import { ImageStoreError } from '../../src/model/error.ts'
import type { Image } from '../../src/model/image.ts'
import type { Call } from '../../src/store/member.ts'
import type { StoreTask } from '../../src/store/store-task.ts'
import type { Account } from './ids.ts'
import { imagesIn } from './image.ts'
import type { Place } from './namespaces.ts'
import { imagesPath } from './paths.ts'
import * as Wire from './wire.ts'

/** The most rows that one request may ask for. Source: fact sheet §2.1. */
const rowsPerPage = 1000
/** The most rows of one list that are read where all of it is needed at once. */
const mostRows = 100 * rowsPerPage

/** Some rows of a list. */
export interface ListedRows {
  readonly images: readonly Image[]
  /** Where the list goes on; absent where all was read. */
  readonly nextOffset?: number | undefined
}

/** Where in a list to read, and what the server is asked beside. */
export interface ListAt {
  readonly offset: number
  readonly parameters?: QueryParameters | undefined
}

/** The list of own images has no pages, so one that is shorter than it says cannot be completed. */
const cutShort = (region: string, rows: number, count: number): ImageStoreError =>
  new ImageStoreError('unexpected-response', `The list of the region ${region} holds ${rows} of ${count} images`)

const withoutEnd = (list: string): ImageStoreError =>
  new ImageStoreError('unexpected-response', `The list ${list} says that it goes on behind its row ${mostRows}`)

/** No image for anybody's eyes: the public catalogue is in the same lists, and belongs to the provider. */
const isNotPublic = ({ visibility }: Image): boolean => visibility !== 'public'

/** What is not there at all is an empty list: a region without bare metal, or without a namespace of GPU images. */
const orNone = <A>(none: A): ((rows: StoreTask<A>) => StoreTask<A>) =>
  TE.orElse((error) => (error.kind === 'not-found' ? TE.right(none) : TE.left(error)))

/** Images for bare-metal servers have a list of their own, in which their flag may be null (fact sheet §3.1). */
const asBareMetal = (image: Image): Image => ({ ...image, kind: 'bare-metal' })

const noRows: ListedRows = { images: [] }

/** The lists of images that a region has, each read by itself. Source: fact sheet §2. */
export const imageLists = (account: Account, http: HttpClient) => {
  const { projectId } = account
  const bareMetalPath = (region: string): string => path`/cloud/v1/bmimages/${projectId}/${region}`

  /**
   * Rows of a list. An older server ignores limit and offset and answers with all rows every time: then there are as many rows
   * as `count` says, or more than were asked for, and no page follows.
   */
  const rowsAt = (list: string, place: Place, { offset, parameters }: ListAt, call: Call): StoreTask<ListedRows> =>
    pipe(
      http.get(list, Wire.ImageList, { ...call, query: { limit: rowsPerPage, offset, ...parameters } }),
      TE.map(({ results, count }) => {
        const total = count ?? results.length
        const after = offset + results.length
        const isWhole =
          results.length === 0 || results.length >= total || results.length > rowsPerPage || after >= total
        const images = results.map(imagesIn(account, place.region, place.namespace))
        return {
          images: list === bareMetalPath(place.region) ? images.map(asBareMetal) : images,
          nextOffset: isWhole ? undefined : after,
        }
      }),
    )

  const allRows = (list: string, place: Place, at: ListAt, call: Call): StoreTask<readonly Image[]> =>
    pipe(
      rowsAt(list, place, at, call),
      TE.flatMap(({ images, nextOffset }) => {
        if (nextOffset === undefined) return TE.right(images)
        if (nextOffset > mostRows) return TE.left(withoutEnd(list))
        return pipe(
          allRows(list, place, { ...at, offset: nextOffset }, call),
          TE.map((rest) => [...images, ...rest]),
        )
      }),
    )

  /**
   * The project's own images, all but GPU images. Ownership is not told by an image (its visibility may read `shared` or
   * `private`, and `project_id` is that of the request), so this is asked of the list that is made for it (fact sheet §3.1,
   * §9.2).
   */
  const projectImages = (region: string, parameters: QueryParameters, call: Call): StoreTask<readonly Image[]> =>
    pipe(
      http.get(path`/cloud/v1/projectimages/${projectId}/${region}`, Wire.ImageList, { ...call, query: parameters }),
      TE.filterOrElse(
        ({ results, count }) => (count ?? 0) <= results.length,
        ({ results, count }) => cutShort(region, results.length, count ?? 0),
      ),
      TE.map(({ results }) => results.map(imagesIn(account, region))),
    )

  /**
   * The same with those of bare-metal servers for certain. Whether the list of own images holds them is unconfirmed: where it
   * shows none, their own list is read as well. That one does not tell whose an image is, so what is public is left out.
   */
  const withBareMetal = (region: string, parameters: QueryParameters, call: Call): StoreTask<readonly Image[]> =>
    pipe(
      projectImages(region, parameters, call),
      TE.flatMap((own) =>
        own.some(({ kind }) => kind === 'bare-metal')
          ? TE.right(own)
          : pipe(
              allRows(bareMetalPath(region), { region }, { offset: 0, parameters }, call),
              orNone<readonly Image[]>([]),
              TE.map((rows) => {
                const once = new Map([...rows.filter(isNotPublic), ...own].map((image) => [image.ref, image]))
                return [...once.values()]
              }),
            ),
      ),
    )

  /** All images of bare-metal servers that can be seen: of their own list, or of the one of all where there is no such. */
  const visibleBareMetal = (region: string, at: ListAt, call: Call): StoreTask<ListedRows> =>
    pipe(
      rowsAt(bareMetalPath(region), { region }, at, call),
      TE.orElse((error) =>
        error.kind === 'not-found'
          ? pipe(
              rowsAt(imagesPath(account, { region }), { region }, at, call),
              TE.map((rows) => ({ ...rows, images: rows.images.filter(({ kind }) => kind === 'bare-metal') })),
            )
          : TE.left(error),
      ),
    )

  return {
    projectImages,
    withBareMetal,
    visibleBareMetal,

    /** All images for virtual machines that can be seen. */
    visible: (region: string, at: ListAt, call: Call): StoreTask<ListedRows> =>
      rowsAt(imagesPath(account, { region }), { region }, at, call),

    /** All images of a namespace of GPU images that can be seen; none where the region has no such namespace. */
    gpu: (place: Place, { offset }: ListAt, call: Call): StoreTask<ListedRows> =>
      pipe(rowsAt(imagesPath(account, place), place, { offset }, call), orNone(noRows)),

    /**
     * The project's own images in a place, read to the end. GPU images have no list of own ones: whatever is not public counts
     * as the project's, which is unconfirmed.
     */
    ownImages: (place: Place, call: Call): StoreTask<readonly Image[]> =>
      place.namespace === undefined
        ? projectImages(place.region, {}, call)
        : pipe(
            allRows(imagesPath(account, place), place, { offset: 0 }, call),
            TE.map((images) => images.filter(isNotPublic)),
          ),
  }
}
