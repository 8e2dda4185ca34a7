const units: readonly (readonly [name: string, bytes: number])[] = [
  ['TB', 1000 ** 4],
  ['GB', 1000 ** 3],
  ['MB', 1000 ** 2],
  ['kB', 1000],
]

/** A number of bytes for people, in powers of 1000 as the providers' limits are, with one digit behind the point. */
export const showBytes = (bytes: number): string => {
  const [name, size] = units.find((unit) => bytes >= unit[1]) ?? ['bytes', 1]
  return size === 1 ? `${bytes} bytes` : `${(bytes / size).toFixed(1)} ${name}`
}
