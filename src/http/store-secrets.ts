import type { Call } from '../store/member.ts'
import { remember } from '../store/remember.ts'
import { secretsOfUrl } from '../store/source-url.ts'
import { type Redaction, redactionOf, redactor } from './redact.ts'
import { type Shown, shownBy } from './shown.ts'

/** What a store must never show: its credentials, and what was secret in the sources it has imported. */
export interface StoreSecrets {
  /**
   * The call, with what may be secret in the URL of its source: a provider that refuses an import may quote it in part. It is remembered
   * from then on, because the reason of a failed import is told to a later call.
   */
  readonly ofSource: (call: Call, url: string) => Call
  /** How texts of the provider are shown now, and in a call with further secrets. */
  readonly shown: (call?: Pick<Call, 'secrets'>) => Shown
}

/** How many secrets of sources a store remembers: a signed URL has two or three that no other has. */
const most = 100

/** The secrets of a store with these credentials. */
export const storeSecrets = (credentials: readonly string[]): StoreSecrets => {
  const always = credentials.map((secret) => [secret, redactionOf(secret)] as const)
  const remembered = new Map<string, Redaction>()

  return {
    ofSource: (call, url) => {
      const secrets = secretsOfUrl(url)
      for (const secret of secrets) {
        const redaction = remembered.get(secret) ?? redactionOf(secret)
        remembered.delete(secret)
        remember(remembered, secret, redaction, most)
      }
      return { ...call, secrets }
    },

    shown: ({ secrets = [] } = {}) => {
      const ofCall = secrets.map((secret) => [secret, remembered.get(secret) ?? redactionOf(secret)] as const)
      return shownBy(redactor(new Map([...remembered, ...ofCall, ...always])))
    },
  }
}
