/** How far a part of a format's tables leads. */
export interface PromisedEnd {
  /** In bytes from the start of the file; 0 for nowhere. */
  readonly end: number
  /** Some of the tables could not be had, so that the end may be further. */
  readonly isUnread: boolean
}
