/** Something that could not be found out, and why. */
export interface NotKnown {
  /**
   * `disk`: a part of what stands on it (see `DiskFacts.unread`). `bytes`: a stretch of the file that did not come. `wholeness`: whether the
   * file is whole. `packed`: what is compressed in it.
   */
  readonly about: 'disk' | 'bytes' | 'wholeness' | 'packed'
  /** What, in words. */
  readonly what: string
  /** In words. */
  readonly reason: string
}

/** The same in one line. */
export const notKnownInWords = ({ what, reason }: NotKnown): string => `${what}: ${reason}`
