import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { HttpClient } from '../../src/http/client.ts'
import { path, type QueryParameters } from '../../src/http/path.ts'
import { ImageStoreError } from '../../src/model/error.ts'
import type { Image } from '../../src/model/image.ts'
import type { ImageRef } from '../../src/model/ref.ts'
import type { Call } from '../../src/store/member.ts'
import type { StoreTask } from '../../src/store/store-task.ts'
import { fullPages, rowsPerPage } from './all-rows.ts'
import type { Account } from './ids.ts'
import { imagesIn } from './image.ts'
import type { Place } from './namespaces.ts'
import { imagesPath } from './paths.ts'
import * as Wire from './wire.ts'

/** The most rows of one list that are read. */
const mostRows = 100 * rowsPerPage
/** The most pages of one list that are read: a server may cut them shorter than was asked, but not to a handful of rows. */
const mostPages = 500

/** What of a list was read before. */
export interface RowsBefore {
  readonly offset: number
  /** How many pages that took; as few as there can be unless told. */
  readonly pages?: number | undefined
}

/** Some rows of a list. */
export interface ListedRows {
  readonly images: readonly Image[]
  /** Where the list goes on; absent where all was read. */
  readonly next?: RowsBefore | undefined
}

/** Where in a list to read, and what the server is asked beside. */
export interface ListAt extends RowsBefore {
  readonly parameters?: QueryParameters | undefined
}

/** A list that is shorter than it says, and cannot be completed: the one of own images has no pages. */
const cutShort = (region: string, rows: number, count: number): ImageStoreError =>
  new ImageStoreError('unexpected-response', `The list of the region ${region} holds ${rows} of ${count} images`)

const withoutEnd = (list: string): ImageStoreError =>
  new ImageStoreError(
    'unexpected-response',
    `The list ${list} has not ended after ${mostRows} rows or ${mostPages} pages`,
  )

const repeated = (list: string): ImageStoreError =>
  new ImageStoreError('unexpected-response', `The list ${list} shows rows that it has shown before, and no end`)

/**
 * Whether rows are followed by more. An older server ignores limit and offset and answers with all rows every time: as many as
 * `count` says, or more than were asked for. A total that is not told, or is lower than what was read, says nothing: then a page as long
 * as was asked for is followed by another look, and a shorter one is the end.
 */
const isFollowed = (rows: number, after: number, count: number | undefined): boolean => {
  if (rows === 0 || rows > rowsPerPage) return false
  if (count === undefined || count < after) return rows === rowsPerPage
  return after < count
}

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

  /** Rows of a list. Fails with `unexpected-response` where the list says that there are more and shows none, or has no end. */
  const rowsAt = (
    list: string,
    place: Place,
    { offset, pages = fullPages(offset), parameters }: ListAt,
    call: Call,
  ): StoreTask<ListedRows> =>
    pipe(
      http.get(list, Wire.ImageList, { ...call, query: { limit: rowsPerPage, offset, ...parameters } }),
      TE.flatMap(({ results, count }): StoreTask<ListedRows> => {
        const after = offset + results.length
        if (results.length === 0 && (count ?? 0) > offset) return TE.left(cutShort(place.region, offset, count ?? 0))
        const goesOn = isFollowed(results.length, after, count ?? undefined)
        if (goesOn && (after > mostRows || pages + 1 >= mostPages)) return TE.left(withoutEnd(list))
        const images = results.map(imagesIn(account, place.region, place.namespace))
        return TE.right({
          images: list === bareMetalPath(place.region) ? images.map(asBareMetal) : images,
          next: goesOn ? { offset: after, pages: pages + 1 } : undefined,
        })
      }),
    )

  const allRows = (
    list: string,
    place: Place,
    at: ListAt,
    call: Call,
    known: ReadonlyMap<ImageRef, Image> = new Map(),
  ): StoreTask<readonly Image[]> =>
    pipe(
      rowsAt(list, place, at, call),
      TE.flatMap(({ images, next }) => {
        const all = new Map([...known, ...images.map((image): [ImageRef, Image] => [image.ref, image])])
        if (next === undefined) return TE.right([...all.values()])
        return all.size === known.size ? TE.left(repeated(list)) : allRows(list, place, { ...at, ...next }, call, all)
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

  const bareMetalImages = (region: string, parameters: QueryParameters, call: Call): StoreTask<readonly Image[]> =>
    pipe(allRows(bareMetalPath(region), { region }, { offset: 0, parameters }, call), orNone<readonly Image[]>([]))

  /**
   * The same with those of bare-metal servers for certain. Whether the list of own images holds them, all or some, is unconfirmed,
   * so that their own list is always read as well. That one does not tell whose an image is: what is public is left out.
   */
  const withBareMetal = (region: string, parameters: QueryParameters, call: Call): StoreTask<readonly Image[]> =>
    pipe(
      projectImages(region, parameters, call),
      TE.flatMap((own) =>
        pipe(
          bareMetalImages(region, parameters, call),
          TE.map((rows) => {
            const once = new Map([...rows.filter(isNotPublic), ...own].map((image) => [image.ref, image]))
            return [...once.values()]
          }),
        ),
      ),
    )

  /**
   * The project's own images with those of bare-metal servers where more than one of the wanted is not among them: one list in
   * place of a request each. Where that cannot be read, they are left to those requests.
   */
  const withWanted = (region: string, wanted: ReadonlySet<ImageRef>, call: Call): StoreTask<readonly Image[]> =>
    pipe(
      projectImages(region, {}, call),
      TE.flatMap((own) => {
        const known = new Set(own.map(({ ref }) => ref))
        const missing = [...wanted].filter((ref) => !known.has(ref)).length
        return missing < 2
          ? TE.right(own)
          : pipe(
              bareMetalImages(region, {}, call),
              TE.map((rows) => [...own, ...rows]),
              TE.orElse(() => TE.right<never, readonly Image[]>(own)),
            )
      }),
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
    gpu: (place: Place, { offset, pages }: ListAt, call: Call): StoreTask<ListedRows> =>
      pipe(rowsAt(imagesPath(account, place), place, { offset, pages }, call), orNone(noRows)),

    /**
     * The project's own images in a place, among which are the wanted, as far as lists have them. GPU images have no list of own
     * ones: whatever is not public counts as the project's, which is unconfirmed.
     */
    ownImages: (place: Place, wanted: ReadonlySet<ImageRef>, call: Call): StoreTask<readonly Image[]> =>
      place.namespace === undefined
        ? withWanted(place.region, wanted, call)
        : pipe(
            allRows(imagesPath(account, place), place, { offset: 0 }, call),
            TE.map((images) => images.filter(isNotPublic)),
          ),
  }
}
