import type { FieldCheck } from './fields.ts'
import type { StoredTag } from './stored-image.ts'

const longestText = 255

// What the specification's patterns call blank; blanks around keys and values are stripped before anything is checked.
const surroundingBlanks = /^[ \t\n\r\f\v]+|[ \t\n\r\f\v]+$/g
const stripped = (text: string): string => text.replace(surroundingBlanks, '')

// The provider counts characters, not UTF-16 units.
const fits = (text: string): boolean => text !== '' && [...text].length <= longestText

const isTagKey = (key: string): boolean => fits(stripped(key)) && /^[^\s=]+$/.test(stripped(key))
const isTagValue = (value: string): boolean => fits(stripped(value)) && /^[^\t\n\r\f\v]+$/.test(stripped(value))

const checkTags = (tags: unknown, mayBeNull: boolean): string | undefined => {
  if (typeof tags !== 'object' || tags === null || Array.isArray(tags)) return 'Input should be a valid dictionary'
  for (const [key, value] of Object.entries(tags)) {
    if (!isTagKey(key))
      return `Tag key ${JSON.stringify(key)} should have 1 to ${longestText} characters without blanks or '='`
    if (value === null && mayBeNull) continue
    if (typeof value !== 'string') return `Tag ${JSON.stringify(key)}: Input should be a valid string`
    if (!isTagValue(value)) {
      return `Tag ${JSON.stringify(key)}: Value should have 1 to ${longestText} characters without tabs and newlines`
    }
  }
  return undefined
}

/** The tags of a new image: a map of texts, 1 to 255 characters each. [SPEC CreateTagsSerializer; a guide says 3] */
export const isNewTags: FieldCheck = (tags) => checkTags(tags, false)

/** A change of tags: a JSON merge patch, or `null` as a whole. [SPEC UpdateTagsSerializer] */
export const isTagPatch: FieldCheck = (tags) => (tags === null ? undefined : checkTags(tags, true))

/**
 * Tags after a merge patch (RFC 7386): texts are set, `null` removes, keys that are not named stay. `null` as a whole removes
 * every tag of the user. Read-only tags always stay as they are. [SPEC UpdateImageSerializer; an older client found that
 * `null` as a whole was refused: TF2 resource.go]
 */
export const patchTags = (
  tags: readonly StoredTag[],
  patch: Readonly<Record<string, string | null>> | null,
): readonly StoredTag[] => {
  const result = new Map(tags.map((tag) => [tag.key, tag]))
  const changes = patch === null ? tags.map(({ key }): [string, null] => [key, null]) : Object.entries(patch)
  for (const [rawKey, value] of changes) {
    const key = stripped(rawKey)
    if (result.get(key)?.read_only === true) continue
    if (value === null) result.delete(key)
    else result.set(key, { key, value: stripped(value), read_only: false })
  }
  return [...result.values()]
}
