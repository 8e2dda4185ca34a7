import * as E from 'fp-ts/lib/Either.js'
import type { QueryParameters } from '../../src/http/path.ts'
import { ImageStoreError } from '../../src/model/error.ts'
import type { ImageKind } from '../../src/model/image.ts'
import type { ImageQuery } from '../../src/model/query.ts'
import { type Tag, tagEquals } from '../../src/model/tag.ts'
import { type Cursor, cursor } from '../../src/store/page.ts'
import { firstPage, type PagePosition, rowsPerPage } from './pages.ts'
import { decodeTag, encodeTag, tagName } from './tags.ts'

/** The kinds that one catalogue has and the other has not, by the word that asks for it. Source: fact sheet §2, §4. */
const catalogues = [
  { kind: 'base', word: 'distribution' },
  { kind: 'application', word: 'application' },
] as const satisfies readonly { readonly kind: ImageKind; readonly word: string }[]

/** One list of DigitalOcean's, all of which or a part of which answers a query. */
export interface ListPart {
  /** What stands for it in a cursor. */
  readonly mark: string
  /** The server's own filter. Whether they can be combined is not known, so there is one at the most. */
  readonly filter: QueryParameters
  /** What its images are, where this list alone tells. */
  readonly catalogue?: ImageKind | undefined
  /** Whose images are taken from it. */
  readonly scope: 'own' | 'public' | 'all'
  /** The list that is read in place of this one, where this one has nothing on its first page. */
  readonly ifEmpty?: ListPart | undefined
}

const own: ListPart = { mark: 'own', filter: { private: 'true' }, scope: 'own' }

/** The filter `private=true`, for look-ups that read the account's own images. */
export const ownFilter = own.filter

/**
 * The spelling to look for a tag in: that of the account it was read from, which it carries where it is not ours, or ours. Another
 * spelling than the account's own finds nothing (fact sheet §10), so that nothing found is no answer yet. Absent where there is none.
 */
const spelling = (tag: Tag): string | undefined => {
  if (tag.wire !== undefined && tagName.test(tag.wire) && tagEquals(decodeTag(tag.wire), tag)) return tag.wire
  const written = encodeTag(tag)
  return E.isRight(written) ? written.right : undefined
}

/**
 * The lists that answer a query, one after the other. Distribution and application images are told apart by the list that has
 * them, and by nothing else: a query that names one of these kinds reads their lists, and where it names others too, and asks for
 * all there is, the account's own as well.
 */
export const partsOf = ({ scope = 'own', kinds = [], tags = [] }: ImageQuery): readonly [ListPart, ...ListPart[]] => {
  const wanted = scope === 'own' ? [] : catalogues.filter(({ kind }) => kinds.includes(kind))
  const [first, ...others] = wanted.map(
    ({ kind, word }): ListPart => ({ mark: word, filter: { type: word }, catalogue: kind, scope: 'public' }),
  )
  if (first !== undefined)
    return scope === 'all' && kinds.some((kind) => !wanted.some((one) => one.kind === kind))
      ? [first, ...others, own]
      : [first, ...others]
  const all: ListPart = scope === 'own' ? own : { mark: 'any', filter: {}, scope }
  const [tag_name] = scope === 'public' ? [] : tags.flatMap((tag) => spelling(tag) ?? [])
  return tag_name === undefined
    ? [all]
    : [{ mark: 'tag', filter: { tag_name }, scope, ifEmpty: { ...all, mark: 'any' } }]
}

/** Where a listing stands: before a page of one of its lists. */
export interface ListPosition {
  readonly part: ListPart
  readonly at: PagePosition
}

/** The list that is read after another, from its first page. */
export const partAfter = (query: ImageQuery, part: ListPart): readonly ListPosition[] => {
  const parts = partsOf(query)
  const index = parts.findIndex(({ mark }) => mark === part.mark)
  const next = index < 0 ? undefined : parts[index + 1]
  return next === undefined ? [] : [{ part: next, at: firstPage }]
}

const rowsOfFullPages = (page: number): number => (page - 1) * rowsPerPage

/**
 * A position as a cursor: the page's number, with the list's mark before it where that is not the query's first list, and the
 * number of rows before it behind it where the pages were cut short.
 */
export const cursorAt = (query: ImageQuery, { part, at: { page, rowsBefore } }: ListPosition): Cursor =>
  cursor(
    [
      ...(part.mark === partsOf(query)[0].mark ? [] : [part.mark]),
      page,
      ...(rowsBefore === rowsOfFullPages(page) ? [] : [rowsBefore]),
    ].join('-'),
  )

const noCursor = (at: Cursor): ImageStoreError =>
  new ImageStoreError('invalid-argument', `"${at}" is no cursor of this store`, {
    hint: 'Pass the `next` of an earlier page of the same query',
  })

/** Reads a cursor of {@link cursorAt}. Fails with `invalid-argument` where it is none of that query. */
export const positionAt = (query: ImageQuery, at: Cursor | undefined): E.Either<ImageStoreError, ListPosition> => {
  const parts = partsOf(query)
  const [first] = parts
  if (at === undefined) return E.right({ part: first, at: firstPage })
  const [, mark = first.mark, page, rows] = /^(?:([a-z]+)-)?([1-9]\d{0,6})(?:-(\d{1,9}))?$/.exec(at) ?? []
  const part = [...parts, ...parts.flatMap(({ ifEmpty }) => ifEmpty ?? [])].find((one) => one.mark === mark)
  if (page === undefined || part === undefined) return E.left(noCursor(at))
  const rowsBefore = rows === undefined ? rowsOfFullPages(Number(page)) : Number(rows)
  return E.right({ part, at: { page: Number(page), rowsBefore } })
}
