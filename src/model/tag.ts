/**
 * One tag, in the model that every provider can be read into: a key with or without a value. A flat tag such as
 * `base-image` is a key without a value; `env:prod` and `env=prod` are both the key `env` with the value `prod`.
 */
export interface Tag {
  /** Never empty. */
  readonly key: string
  /** Absent and empty are two things: a flat tag has no value, `env=` has an empty one. */
  readonly value?: string | undefined
  /** The provider's own tag, which users cannot change. */
  readonly readOnly?: boolean | undefined
  /** The provider's own spelling, kept so that an untouched tag is written back as it was. Ignored by equality. */
  readonly wire?: string | undefined
}

/** Why a tag does not fit a provider. */
export type TagLossReason = 'empty-key' | 'too-long' | 'not-unicode' | 'second-value'

/** A tag that a provider cannot hold. It is reported, never cut. */
export interface TagLoss {
  readonly tag: Tag
  readonly reason: TagLossReason
}

/** The key and the value alone, as text that is the same for equal tags and for no others. */
const identity = (tag: Tag): string =>
  tag.value === undefined ? JSON.stringify([tag.key]) : JSON.stringify([tag.key, tag.value])

/** Whether two tags say the same: key and value, and nothing of how a provider spells or protects them. */
export const tagEquals = (a: Tag, b: Tag): boolean => a.key === b.key && a.value === b.value

/** Whether two sets of tags say the same: in any order, but each as often as in the other. */
export const tagsEqual = (a: readonly Tag[], b: readonly Tag[]): boolean =>
  a.length === b.length && missingTags(a, b).length === 0

/** The tags of `wanted` that `present` lacks, counting how often each occurs. */
export const missingTags = (wanted: readonly Tag[], present: readonly Tag[]): readonly Tag[] => {
  const left = new Map<string, number>()
  for (const tag of present) left.set(identity(tag), (left.get(identity(tag)) ?? 0) + 1)
  return wanted.filter((tag) => {
    const count = left.get(identity(tag)) ?? 0
    left.set(identity(tag), count - 1)
    return count <= 0
  })
}

/** The tag as people write it: `key` or `key=value`. For messages; it cannot be read back. */
export const showTag = (tag: Tag): string => (tag.value === undefined ? tag.key : `${tag.key}=${tag.value}`)

const reasons: Readonly<Record<TagLossReason, string>> = {
  'empty-key': 'has an empty key',
  'too-long': 'is too long for this provider',
  'not-unicode': 'is not valid Unicode',
  'second-value': 'gives a key a second value, and this provider holds one',
}

/** A loss in words, such as `the tag "env=b" gives a key a second value, and this provider holds one`. */
export const showTagLoss = ({ tag, reason }: TagLoss): string => `the tag "${showTag(tag)}" ${reasons[reason]}`
