/** The most bytes that a number can tell exactly. No disk has so many, since they are counted in sectors: of a size it means "that or more". */
export const mostBytes = Number.MAX_SAFE_INTEGER

/** A size in bytes; one above {@link mostBytes} is that. */
export const sizeInBytes = (bytes: number | undefined): number | undefined =>
  bytes === undefined ? undefined : Math.min(bytes, mostBytes)
