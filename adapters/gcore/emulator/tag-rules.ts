import type { FieldCheck } from './fields.ts'
import type { BodyRules, Settings } from './settings.ts'
import type { StoredTag } from './stored-image.ts'

const longestText = 255

// What the specification's patterns call blank; blanks around keys and values are stripped before anything is checked.
const surroundingBlanks = /^[ \t\n\r\f\v]+|[ \t\n\r\f\v]+$/g
const stripped = (text: string): string => text.replace(surroundingBlanks, '')

// The provider counts characters, not UTF-16 units.
const fits = (text: string, shortest: number): boolean =>
  [...text].length >= shortest && [...text].length <= longestText

const isTagKey = (key: string, shortest: number): boolean =>
  fits(stripped(key), shortest) && /^[^\s=]+$/.test(stripped(key))
const isTagValue = (value: string, shortest: number): boolean =>
  fits(stripped(value), shortest) && /^[^\t\n\r\f\v]+$/.test(stripped(value))

const checkTags = (
  tags: unknown,
  mayBeNull: boolean,
  { shortestTag }: Pick<BodyRules, 'shortestTag'>,
): string | undefined => {
  if (typeof tags !== 'object' || tags === null || Array.isArray(tags)) return 'Input should be a valid dictionary'
  for (const [key, value] of Object.entries(tags)) {
    if (!isTagKey(key, shortestTag))
      return `Tag key ${JSON.stringify(key)} should have ${shortestTag} to ${longestText} characters without blanks or '='`
    if (value === null && mayBeNull) continue
    if (typeof value !== 'string') return `Tag ${JSON.stringify(key)}: Input should be a valid string`
    if (!isTagValue(value, shortestTag)) {
      return `Tag ${JSON.stringify(key)}: Value should have ${shortestTag} to ${longestText} characters without tabs and newlines`
    }
  }
  return undefined
}

type TagRules = Pick<BodyRules, 'shortestTag'>

/** The tags of a new image: a map of texts, 1 or 3 to 255 characters each. [SPEC CreateTagsSerializer; a guide says 3] */
export const isNewTags =
  (rules: TagRules): FieldCheck =>
  (tags) =>
    checkTags(tags, false, rules)

/** A change of tags: a JSON merge patch, or `null` as a whole unless the options say otherwise. [SPEC UpdateTagsSerializer] */
export const isTagPatch =
  (rules: TagRules & Pick<Settings, 'clearingTags'>): FieldCheck =>
  (tags) =>
    tags === null && rules.clearingTags === 'by-null' ? undefined : checkTags(tags, true, rules)

/**
 * Tags after a merge patch (RFC 7386): texts are set, `null` removes, keys that are not named stay. `null` as a whole removes
 * every tag of the user, or an empty patch does. Read-only tags always stay as they are. [SPEC UpdateImageSerializer; an older
 * client found that `null` was refused and `{}` wanted: TF2 resource.go]
 */
export const patchTags = (
  tags: readonly StoredTag[],
  patch: Readonly<Record<string, string | null>> | null,
  { clearingTags }: Pick<Settings, 'clearingTags'> = { clearingTags: 'by-null' },
): readonly StoredTag[] => {
  const result = new Map(tags.map((tag) => [tag.key, tag]))
  const isClearing = patch === null || (clearingTags === 'by-empty' && Object.keys(patch).length === 0)
  const changes = isClearing ? tags.map(({ key }): [string, null] => [key, null]) : Object.entries(patch)
  for (const [rawKey, value] of changes) {
    const key = stripped(rawKey)
    if (result.get(key)?.read_only === true) continue
    if (value === null) result.delete(key)
    else result.set(key, { key, value: stripped(value), read_only: false })
  }
  return [...result.values()]
}
