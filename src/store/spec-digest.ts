import { createHash } from 'node:crypto'
import { withoutSecrets } from './source-url.ts'

const digestLength = 16

const digestOf = (parts: readonly (string | undefined)[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, digestLength)

/**
 * What tells an import under a key from another under the same: name, source and region, as 16 hex digits of a SHA-256. The
 * source counts without what may be secret in its URL, and which is signed anew at every run.
 */
export const specDigest = ({
  name,
  url,
  region,
}: {
  readonly name: string
  readonly url: string
  readonly region: string
}): string => digestOf([name, withoutSecrets(url), region])

/** The same of a capture: name, the server or volume, and its region where that is told. */
export const captureDigest = ({
  name,
  source,
  region,
}: {
  readonly name: string
  readonly source: string
  readonly region?: string | undefined
}): string => digestOf([name, source, region])
