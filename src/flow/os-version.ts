/** The version of an operating system as numbers, such as 24 and 4 of `24.04`; absent where it is anything else. */
const versionNumbers = (version: string): readonly number[] | undefined =>
  /^\d{1,15}(\.\d{1,15})*$/.test(version) ? version.split('.').map(Number) : undefined

/** -1, 0 or 1, as the first version is lower, the same or higher. `9` is the same as `9.0`. */
const compareNumbers = (a: readonly number[], b: readonly number[]): -1 | 0 | 1 => {
  for (let index = 0; index < Math.max(a.length, b.length); index++) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0)
    if (difference !== 0) return difference < 0 ? -1 : 1
  }
  return 0
}

/**
 * Which of two versions is higher: -1, 0 or 1, part by part as numbers, so that `9.10` is above `9.9`. Absent where that
 * cannot be told, because one is a word (`rolling`) and they differ.
 */
export const compareVersions = (a: string, b: string): -1 | 0 | 1 | undefined => {
  const [numbersA, numbersB] = [versionNumbers(a), versionNumbers(b)]
  if (numbersA !== undefined && numbersB !== undefined) return compareNumbers(numbersA, numbersB)
  return a === b ? 0 : undefined
}

/** Whether a version is the one that is wanted: `24` is every 24.x, and `24.04` is that and no other. */
export const isVersion = (wanted: string, version: string): boolean => {
  const [wantedNumbers, numbers] = [versionNumbers(wanted), versionNumbers(version)]
  if (wantedNumbers === undefined || numbers === undefined) return wanted === version
  return wantedNumbers.length === 1
    ? wantedNumbers[0] === numbers[0]
    : wantedNumbers.length === numbers.length && wantedNumbers.every((part, index) => part === numbers[index])
}
