import * as TE from 'fp-ts/lib/TaskEither.js'
import type { ImageStore } from 'imageferry'
import { memory } from 'imageferry/memory'

/** A store whose members are as given; whatever is not given must not be called. */
export const fakeStore = (members: Partial<ImageStore>): ImageStore => {
  const unexpected = (name: string) => () => TE.fromTask(async () => Promise.reject(new Error(`${name} was called`)))
  const real = memory({ name: 'fake' })
  const none = Object.fromEntries(
    Object.entries(real).map(([name, member]) => [name, typeof member === 'function' ? unexpected(name) : member]),
  ) as unknown as ImageStore
  return { ...none, ...members }
}
