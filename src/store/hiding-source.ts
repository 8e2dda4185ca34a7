import type { Call } from './member.ts'
import { secretsOfUrl } from './source-url.ts'

/** The call, with what may be secret in the URL of its source: a provider that refuses an import may quote it in part. */
export const hidingSource = (call: Call, url: string): Call => ({ ...call, secrets: secretsOfUrl(url) })
