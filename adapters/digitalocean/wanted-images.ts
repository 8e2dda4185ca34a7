import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as T from 'fp-ts/lib/Task.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { isTransient } from '../../src/model/error.ts'
import type { Call } from '../../src/store/member.ts'
import { remember } from '../../src/store/remember.ts'
import { sideBySide } from '../../src/store/side-by-side.ts'
import type { StoreTask } from '../../src/store/store-task.ts'
import { type PagePosition, type ReadPage, type Rows, rowsUntil } from './pages.ts'
import type * as Wire from './wire.ts'

/** How many images' places are remembered: more than a token may begin in the time that an import takes. */
const most = 10_000

/** A page that was read, and where. */
interface PageRead {
  readonly at: PagePosition
  readonly page: Rows<Wire.Image>
}

type WantedRows = ReadonlyMap<string, Wire.Image>

const placeText = ({ page, rowsBefore }: PagePosition): string => `${page} ${rowsBefore}`

/** How many pages of a list have not been read, at the least, by what those that have been tell. */
const unread = (read: readonly PageRead[]): number =>
  Math.max(...read.map(({ at, page }) => at.page + page.pagesLeft)) - read.length

/**
 * The rows of the images that are wanted, out of the list of all the account's, for as long as another page costs less than asking for
 * what is missing one by one. The pages that had them the last time are read first, and others only where some are missing: a wait
 * looks at the same images dozens of times, and most of a large account's pages hold none of them.
 */
export const wantedImages = (ownRows: (call: Call) => ReadPage<Wire.Image>) => {
  const places = new Map<string, PagePosition>()

  const reading =
    (wanted: ReadonlySet<string>, call: Call): ReadPage<Wire.Image> =>
    (at) =>
      pipe(
        ownRows(call)(at),
        TE.tapIO(({ rows }) => () => {
          for (const id of rows.map((row) => String(row.id))) if (wanted.has(id)) remember(places, id, at, most)
        }),
      )

  const placesOf = (wanted: ReadonlySet<string>): readonly PagePosition[] => {
    const known = [...wanted].flatMap((id) => places.get(id) ?? [])
    return [...new Map(known.map((at) => [placeText(at), at])).values()]
  }

  /** The pages that had them the last time. One that the list does not have any more holds nothing. */
  const readAgain = (wanted: ReadonlySet<string>, read: ReadPage<Wire.Image>): StoreTask<readonly PageRead[]> =>
    pipe(
      placesOf(wanted),
      sideBySide((at) =>
        pipe(
          read(at),
          TE.map((page): readonly PageRead[] => [{ at, page }]),
          TE.orElse((error) => (isTransient(error) ? TE.left(error) : TE.right([]))),
        ),
      ),
      T.map(E.sequenceArray),
      TE.map((pages) => pages.flat()),
    )

  return (wanted: ReadonlySet<string>) =>
    (call: Call): StoreTask<WantedRows> => {
      const read = reading(wanted, call)
      const among = (rows: readonly Wire.Image[]): WantedRows =>
        new Map(rows.filter(({ id }) => wanted.has(String(id))).map((row) => [String(row.id), row]))
      return pipe(
        readAgain(wanted, read),
        TE.flatMap((again) => {
          const found = among(again.flatMap(({ page }) => page.rows))
          const missing = [...wanted].filter((id) => !found.has(id))
          for (const id of missing) places.delete(id)
          if (again.length > 0 && missing.length <= unread(again)) return TE.right(found)
          const pages = new Map(again.map(({ at, page }) => [placeText(at), page]))
          const once: ReadPage<Wire.Image> = (at) => {
            const page = pages.get(placeText(at))
            return page === undefined ? read(at) : TE.right(page)
          }
          const all = (rows: readonly Wire.Image[]): WantedRows => new Map([...found, ...among(rows)])
          return pipe(
            rowsUntil(once, (rows, ahead) => wanted.size - all(rows).size <= ahead),
            TE.map(all),
          )
        }),
      )
    }
}
