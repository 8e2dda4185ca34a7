import * as E from 'fp-ts/lib/Either.js'
import type { QueryParameters } from '../../src/http/path.ts'
import type { ImageQuery } from '../../src/model/query.ts'
import { words } from './field-rules.ts'
import { encodeTag } from './tags.ts'

/**
 * The distributions that are spelt in one way only. Others go by several names (`rocky` and `Rocky Linux`), of which the
 * server's filter would find one, or are told by the version (CentOS Stream).
 */
const spelledOneWay: ReadonlySet<string> = new Set(['alpine', 'centos', 'debian', 'fedora', 'gentoo', 'ubuntu'])

const visibilities: readonly string[] = ['private', 'public', 'shared']

const among = (words: readonly string[], word: string | undefined): string | undefined =>
  word !== undefined && words.includes(word) ? word : undefined

/** Capitals beyond ASCII fold differently from one language to the next, so such names are compared here alone. */
const namePart = ({ name, nameContains }: ImageQuery): string | undefined => {
  const wanted = name ?? nameContains
  return wanted !== undefined && /^[\x21-\x7e]+$/.test(wanted) ? wanted : undefined
}

const tagPairs = ({ tags = [] }: ImageQuery): string | undefined => {
  const pairs = tags.flatMap((tag) => {
    const pair = encodeTag(tag)
    return E.isRight(pair) ? [[pair.right.key, pair.right.value] as const] : []
  })
  return pairs.length === 0 ? undefined : JSON.stringify(Object.fromEntries(pairs))
}

/**
 * What the server is asked to filter by: never more than what the query leaves out anyhow, because the query is applied
 * again to what comes. A server from before 2026-07 ignores most of it. Source: fact sheet §2.1.
 */
export const filtersOf = (query: ImageQuery): QueryParameters => ({
  visibility: query.scope === 'public' ? 'public' : among(visibilities, query.visibility),
  name: namePart(query),
  architecture: among(words.architecture, query.architecture),
  os_distro: query.distribution !== undefined && spelledOneWay.has(query.distribution) ? query.distribution : undefined,
  // A version may be written `9-stream` for 9 where the distribution is CentOS Stream, or any.
  os_version: query.distribution === undefined || query.distribution === 'centos-stream' ? undefined : query.osVersion,
  tag_key_value: tagPairs(query),
})
