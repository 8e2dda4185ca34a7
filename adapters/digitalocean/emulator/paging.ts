import type { ApiReply, ApiRequest, Refusal } from './reply.ts'
import { isRefusal, unprocessable } from './reply.ts'
import type { Settings } from './settings.ts'

interface PageWanted {
  readonly page: number
  readonly perPage: number
}

/** A number of the query. Others than the allowed are refused; what becomes of one above the most is unconfirmed. [facts 4] */
const numberIn = (
  query: URLSearchParams,
  name: string,
  { usual, most, above }: { readonly usual: number; readonly most: number; readonly above: Settings['perPageAbove'] },
): { readonly value: number } | Refusal => {
  const text = query.get(name)
  if (text === null) return { value: usual }
  const value = /^\d{1,9}$/.test(text) ? Number(text) : 0
  if (value > most && above !== 'refused') return { value: { cut: most, met: value, usual }[above] }
  return value >= 1 && value <= most ? { value } : unprocessable(`${name} must be a number between 1 and ${most}`)
}

const linksOf = (
  { path, query, origin }: ApiRequest,
  { page, perPage }: PageWanted,
  last: number,
  keep: Settings['linksKeep'],
) => {
  const link = (to: number): string => {
    const others = new URLSearchParams(keep === 'query' ? query : '')
    others.set('page', String(to))
    others.set('per_page', String(perPage))
    return `${origin}${path}?${others}`
  }
  return {
    pages: {
      ...(page > 1 ? { first: link(1), prev: link(Math.min(page - 1, last)) } : {}),
      ...(page < last ? { next: link(page + 1), last: link(last) } : {}),
    },
  }
}

/**
 * One page of rows under their name, with `links`, which keep the other query parameters, and `meta.total`, which counts the
 * rows of all pages. 20 rows a page unless asked otherwise. [O:shared/parameters.yml, shared/pages.yml; LV:main.js]
 */
export const pageReply = (
  request: ApiRequest,
  name: string,
  rows: readonly unknown[],
  { links, linksKeep, metaTotal, perPageMaximum, perPageAbove }: Settings,
): ApiReply => {
  const page = numberIn(request.query, 'page', { usual: 1, most: 999_999_999, above: 'refused' })
  if (isRefusal(page)) return page
  const perPage = numberIn(request.query, 'per_page', {
    usual: Math.min(20, perPageMaximum),
    most: perPageMaximum,
    above: perPageAbove,
  })
  if (isRefusal(perPage)) return perPage
  const wanted = { page: page.value, perPage: perPage.value }
  const last = Math.max(1, Math.ceil(rows.length / wanted.perPage))
  const start = (wanted.page - 1) * wanted.perPage
  const shown = rows.slice(start, start + wanted.perPage)
  const full = { links: linksOf(request, wanted, last, linksKeep) }
  const bare = links === 'empty-object' ? { links: {} } : {}
  return {
    status: 200,
    body: {
      [name]: shown,
      ...(last === 1 && links !== 'always' ? bare : full),
      meta: { total: metaTotal === 'all-pages' ? rows.length : shown.length },
    },
  }
}
