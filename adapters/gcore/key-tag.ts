import * as E from 'fp-ts/lib/Either.js'
import type { ImageStoreError } from '../../src/model/error.ts'
import type { Tag } from '../../src/model/tag.ts'
import type { FieldReasons } from '../../src/store/field-reasons.ts'
import { checkLookUpKey, reasonAgainstKey } from '../../src/store/operation-key.ts'
import { capabilities } from './capabilities.ts'
import { encodeTag } from './tags.ts'
import type * as Wire from './wire.ts'

/** The tag that holds an operation key: set in the request that makes an image, and so on the image from its first moment. */
export const keyTag = 'imageferry-key'

/** What the tag says. */
export interface HeldKey {
  readonly kind: 'import' | 'capture'
  readonly key: string
  /** What was asked for under the key, as 16 hex digits. See `specDigest` and `captureDigest`. */
  readonly digest: string
}

/** `import:<key>:<digest>`, the key escaped as in a URL: no character that a tag's value may not hold. */
const held = /^(import|capture):([\w.!~*'()%-]+):([0-9a-f]{16})$/

/** The value of the tag. */
export const writeKey = ({ kind, key, digest }: HeldKey): string => `${kind}:${encodeURIComponent(key)}:${digest}`

const unescaped = (escaped: string): string | undefined => {
  try {
    return decodeURIComponent(escaped)
  } catch {
    return undefined
  }
}

/** Reads the value of the tag; nothing where it is none of ours. */
export const readKey = (value: string): HeldKey | undefined => {
  const [, kind, escaped = '', digest = ''] = held.exec(value) ?? []
  const key = unescaped(escaped)
  if (kind !== 'import' && kind !== 'capture') return undefined
  return key === undefined ? undefined : { kind, key, digest }
}

/** The key that a tag holds, in whichever of its forms; nothing for any other tag. */
export const keyOfTag = (tag: Wire.Tags[number]): HeldKey | undefined => {
  if (typeof tag !== 'string') return tag.key === keyTag ? readKey(tag.value ?? '') : undefined
  return tag.startsWith(`${keyTag}=`) ? readKey(tag.slice(keyTag.length + 1)) : undefined
}

/** The key among tags. */
export const keyAmong = (tags: Wire.Tags | null | undefined): HeldKey | undefined => {
  for (const tag of tags ?? []) {
    const found = keyOfTag(tag)
    if (found !== undefined) return found
  }
  return undefined
}

/** The key that an image or the request of a task carries, in the tags of any era. */
export const heldKeyOf = ({
  tags_v2,
  tags,
  metadata_detailed,
}: Pick<Wire.Image, 'tags_v2' | 'tags' | 'metadata_detailed'>): HeldKey | undefined =>
  keyAmong(tags_v2) ?? keyAmong(tags) ?? keyAmong(metadata_detailed)

/** Why an operation key cannot be taken, as the field `key` of an error. */
export const reasonsAgainstKey = (key: string | undefined): FieldReasons => reasonAgainstKey(capabilities, key)

/** Checks an operation key that is looked for. Fails with `invalid-argument`. */
export const checkKey = (key: string): E.Either<ImageStoreError, string> => checkLookUpKey(capabilities, key)

const isKeyTag = (tag: Tag): boolean => {
  const pair = encodeTag(tag)
  return E.isRight(pair) && pair.right.key === keyTag
}

/** Why tags cannot be given to an image: the one that holds operation keys is not to be written by hand. */
export const reasonsAgainstKeyTag = (tags: readonly Tag[] = []): FieldReasons =>
  tags.some(isKeyTag) ? { tags: `The tag ${keyTag} holds operation keys and cannot be given; pass the key as key` } : {}
