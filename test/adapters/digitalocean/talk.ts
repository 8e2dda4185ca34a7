import type { ImageStore } from 'imageferry'
import { digitalOcean } from 'imageferry/digitalocean'
import { type Answer, hastyRuntime, type Talk, talk } from '../provider-talk.ts'

/** The token of the store under test: what must never show up anywhere. */
export const token = 'dop_v1_0123456789abcdef'

/**
 * A DigitalOcean store and the answers it will get. `slept` is what it waited for, in milliseconds. Time starts
 * now, or at a moment in milliseconds since the epoch.
 */
export const digitalOceanTalk = (
  answers: readonly Answer[] = [],
  now?: number,
): Talk & { readonly store: ImageStore; readonly slept: readonly number[] } => {
  const runtime = hastyRuntime(now)
  return {
    ...talk('https://api.digitalocean.com', answers),
    store: digitalOcean({ token, runtime }),
    slept: runtime.slept,
  }
}
