import type { FieldCheck } from './fields.ts'
import { refuseIfAny, words } from './fields.ts'
import { invalidFields } from './refusal.ts'
import type { ListRules } from './settings.ts'
import type { StoredImage } from './stored-image.ts'
import type { World } from './world.ts'

/** A page and how many there are over all pages. [PD:pagination] */
export interface Page<A> {
  readonly count: number
  readonly results: readonly A[]
}

const largestLimit = 1000

/** A whole number of a query, or its default. Refuses others with 400. */
const wholeNumber = (query: URLSearchParams, name: string, otherwise: number, least: number, most: number): number => {
  const text = query.get(name)
  if (text === null) return otherwise
  const value = /^-?\d+$/.test(text) ? Number(text) : Number.NaN
  if (Number.isNaN(value)) throw invalidFields({ [name]: ['Input should be a valid integer'] })
  if (value < least) throw invalidFields({ [name]: [`Input should be greater than or equal to ${least}`] })
  if (value > most) throw invalidFields({ [name]: [`Input should be less than or equal to ${most}`] })
  return value
}

/** The page that `limit` (1 to 1000) and `offset` ask for. */
export const pageOf = <A>(items: readonly A[], query: URLSearchParams, defaultLimit: number): Page<A> => {
  const limit = wholeNumber(query, 'limit', defaultLimit, 1, largestLimit)
  const offset = wholeNumber(query, 'offset', 0, 0, Number.MAX_SAFE_INTEGER)
  return { count: items.length, results: items.slice(offset, offset + limit) }
}

/** A page of images. Servers of before 2026-07 do not know limit and offset. [facts 2.1] */
export const pageOfImages = (
  { settings }: World,
  images: readonly StoredImage[],
  query: URLSearchParams,
): Page<StoredImage> =>
  settings.pagination === 'honoured' ? pageOf(images, query, 1000) : { count: images.length, results: images }

/** A flag of a query. Refuses what is neither true nor false. */
export const flag = (query: URLSearchParams, name: string): boolean => {
  const text = (query.get(name) ?? 'false').toLowerCase()
  if (['true', '1', 'yes', 'on'].includes(text)) return true
  if (['false', '0', 'no', 'off'].includes(text)) return false
  throw invalidFields({ [name]: ['Input should be a valid boolean'] })
}

/** A moment of a query in ms since the epoch, or another; without a zone it is UTC. Refuses what is none. */
export const moment = (query: URLSearchParams, name: string, otherwise: number): number => {
  const text = query.get(name)
  if (text === null) return otherwise
  const atMs = Date.parse(/[zZ]|[+-]\d\d:?\d\d$/.test(text) ? text : `${text}Z`)
  if (Number.isNaN(atMs)) throw invalidFields({ [name]: ['Input should be a valid datetime'] })
  return atMs
}

/** A filter by the values of a repeated parameter: any of them will do, and none means all. */
export const anyOf = (query: URLSearchParams, name: string): ((value: string | number) => boolean) => {
  const wanted = query.getAll(name)
  return (value) => wanted.length === 0 || wanted.includes(String(value))
}

/** A word of a query from a closed set, or `undefined` where it is not given. */
export const wordOf = (query: URLSearchParams, name: string, check: FieldCheck): string | undefined => {
  const text = query.get(name)
  if (text === null) return undefined
  const problem = check(text)
  refuseIfAny(problem === undefined ? {} : { [name]: [problem] })
  return text
}

const wantedTags = (query: URLSearchParams): readonly (readonly [string, unknown])[] => {
  const text = query.get('tag_key_value') ?? query.get('metadata_kv')
  if (text === null) return []
  try {
    const parsed: unknown = JSON.parse(text)
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return Object.entries(parsed)
  } catch {
    // Malformed JSON is refused like any other value that is no object.
  }
  throw invalidFields({ tag_key_value: ['Input should be a JSON object'] })
}

const same = (text: string | null, wanted: string | null): boolean =>
  wanted === null || (text ?? '').toLowerCase() === wanted.toLowerCase()

// What servers of before 2026-07-09 do not filter by. [PY 88663428: facts 2.1]
const newerFilters: readonly string[] = ['name', 'os_distro', 'os_version', 'architecture']

const understood = (query: URLSearchParams, { filters }: ListRules): URLSearchParams => {
  const isUnderstood = (name: string): boolean =>
    filters === 'honoured' || (filters === 'older' && !newerFilters.includes(name))
  return new URLSearchParams([...query].filter(([name]) => isUnderstood(name)))
}

/** `private` is "any value", so `false` probably means `true`, which is unconfirmed. [SPEC: facts 2.1] */
const asksForPrivate = (query: URLSearchParams, { privateFilter }: ListRules): boolean =>
  privateFilter === 'any-value' ? query.has('private') : flag(query, 'private')

/**
 * The filters of an image list. Several pairs of `tag_key_value` must all be there; whether several `tag_key` must is
 * unconfirmed. `metadata_k` and `metadata_kv` are their older names. [facts 2.1]
 */
export const imageFilter = (asked: URLSearchParams, rules: ListRules): ((image: StoredImage) => boolean) => {
  const query = understood(asked, rules)
  const isPrivate = asksForPrivate(query, rules)
  const architecture = wordOf(query, 'architecture', words.architecture)
  const visibility = wordOf(query, 'visibility', words.visibility)
  const name = query.get('name')?.toLowerCase() ?? ''
  const keys = [...query.getAll('tag_key'), ...query.getAll('metadata_k')]
  const hasKey = (image: StoredImage) => (wanted: string) => image.tags.some(({ key }) => key === wanted)
  const pairs = wantedTags(query)

  return (image) =>
    (architecture === undefined || image.architecture === architecture) &&
    (visibility === undefined || image.visibility === visibility) &&
    (!isPrivate || image.visibility === 'private') &&
    image.name.toLowerCase().includes(name) &&
    same(image.os_distro, query.get('os_distro')) &&
    same(image.os_version, query.get('os_version')) &&
    (keys.length === 0 || (rules.tagKeys === 'all' ? keys.every(hasKey(image)) : keys.some(hasKey(image)))) &&
    pairs.every(([wanted, value]) => image.tags.some((tag) => tag.key === wanted && tag.value === value))
}
