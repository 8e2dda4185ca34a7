/** One gibibyte, in bytes. */
export const bytesPerGibibyte = 2 ** 30

/** One mebibyte, in bytes. */
export const bytesPerMebibyte = 2 ** 20

/**
 * How much an image takes. What is measured differs between providers (one counts what it stores and compresses, one the
 * stored file), so the sizes of two providers are never compared for equality.
 */
export interface Size {
  /** In bytes, never negative. */
  readonly bytes: number
  /** Whether the provider gave the bytes; `false` where they follow from a rounded figure. */
  readonly exact: boolean
}

const isAmount = (value: number): boolean => Number.isFinite(value) && value >= 0

/** A size that the source gives in bytes. Absent where the number is negative or not finite. */
export const sizeFromBytes = (bytes: number): Size | undefined =>
  isAmount(bytes) ? { bytes, exact: Number.isSafeInteger(bytes) } : undefined

/** A size that the source gives in rounded gibibytes, to the nearest byte and never exact. Absent where it is no amount. */
export const sizeFromGibibytes = (gibibytes: number): Size | undefined =>
  isAmount(gibibytes * bytesPerGibibyte) ? { bytes: Math.round(gibibytes * bytesPerGibibyte), exact: false } : undefined

/** Gibibytes as bytes, for minimums that are whole numbers at the source. Absent where the number is no amount. */
export const gibibytes = (value: number): number | undefined =>
  isAmount(value * bytesPerGibibyte) ? value * bytesPerGibibyte : undefined

/** Mebibytes as bytes, for minimums that are whole numbers at the source. Absent where the number is no amount. */
export const mebibytes = (value: number): number | undefined =>
  isAmount(value * bytesPerMebibyte) ? value * bytesPerMebibyte : undefined
