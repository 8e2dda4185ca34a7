import { createHash } from 'node:crypto'
import type { Tag } from '../model/tag.ts'
import type { CaptureSpec, ImportSpec } from './requests.ts'
import { withoutSecrets } from './source-url.ts'

const digestLength = 16

/** Tags in one order, each by what it says: how a provider has spelt it does not make it another. */
const sameTags = (tags: readonly Tag[]): readonly string[] =>
  tags.map(({ key, value }) => JSON.stringify(value === undefined ? [key] : [key, value])).sort()

const isSaid = (value: unknown): boolean =>
  value !== undefined && value !== false && !(Array.isArray(value) && value.length === 0)

/** The same text for values that mean the same: fields in one order, and what is not said left out. */
const canonical = (value: unknown): string =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? `{${Object.entries(value)
        .filter(([, part]) => isSaid(part))
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([field, part]) => `${JSON.stringify(field)}:${canonical(part)}`)
        .join(',')}}`
    : JSON.stringify(value)

const digestOf = (asked: object): string =>
  createHash('sha256').update(canonical(asked)).digest('hex').slice(0, digestLength)

/**
 * What tells an import under a key from another under the same: all that was asked for, as 16 hex digits of a SHA-256. The
 * source counts without what may be secret in its URL, and which is signed anew at every run. What only helps to check the
 * file (`format`, `compression`) and what to do about losses do not count.
 */
export const specDigest = ({
  key: _key,
  onLoss: _onLoss,
  format: _format,
  compression: _compression,
  tags = [],
  url,
  ...asked
}: ImportSpec): string => digestOf({ ...asked, tags: sameTags(tags), url: withoutSecrets(url) })

/** The same of a capture. */
export const captureDigest = ({ key: _key, onLoss: _onLoss, tags = [], ...asked }: CaptureSpec): string =>
  digestOf({ ...asked, tags: sameTags(tags) })
