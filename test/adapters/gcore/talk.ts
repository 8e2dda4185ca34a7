import type { ImageStore } from 'imageferry'
import { type GcoreOptions, gcore } from 'imageferry/gcore'
import { type Answer, hastyRuntime, type Talk, talk } from '../provider-talk.ts'

/** The API key of the store under test: what must never show up anywhere. */
export const apiKey = '1234$abcdef0123456789'

/** A Gcore store of project 1337 in the regions 76 and 8, and the answers it will get. */
export const gcoreTalk = (
  answers: readonly Answer[] = [],
  options: Partial<GcoreOptions> = { regions: [76, '8'] },
): Talk & { readonly store: ImageStore; readonly slept: readonly number[] } => {
  const runtime = hastyRuntime()
  return {
    ...talk('https://api.gcore.com', answers),
    store: gcore({ apiKey, project: 1337, runtime, ...options }),
    slept: runtime.slept,
  }
}
