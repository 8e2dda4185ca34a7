import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { partOfCall } from '../store/part-of-call.ts'
import { remember } from '../store/remember.ts'
import type { Runtime } from '../store/runtime.ts'
import type { HttpClient } from './client.ts'

/** A read of a look is waited for this long, in milliseconds: a quarter of what a wait gives the look. */
const usualMs = 15_000

/** After one that was late the next of its path is waited for this long, in milliseconds: what is slow is still seen at every other look. */
const patientMs = 29_000

/** How many paths that were late are remembered. */
const most = 1000

/**
 * A client of whose looks at operations each read is a part by itself: one region, image or page that hangs must not blind a look to
 * the others, at every look. Calls of other members, and what changes something, go as before.
 */
export const partsOfLooks = (http: HttpClient, runtime: Runtime): HttpClient => {
  const late = new Map<string, true>()
  return {
    ...http,
    get: (path, codec, options) => {
      if (options.operation !== 'getOperations') return http.get(path, codec, options)
      return pipe(
        TE.fromIO(() => (late.delete(path) ? patientMs : usualMs)),
        TE.flatMap((longestMs) =>
          pipe(
            partOfCall(runtime, longestMs, options, (part) => http.get(path, codec, part)),
            TE.tapError((error) => {
              if (error.kind === 'timeout' && longestMs === usualMs) remember(late, path, true, most)
              return TE.right(undefined)
            }),
          ),
        ),
      )
    },
  }
}
