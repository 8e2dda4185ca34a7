const units = [
  { name: 'GB', bytes: 1000 ** 3 },
  { name: 'MB', bytes: 1000 ** 2 },
  { name: 'kB', bytes: 1000 },
]

/** A number of bytes as people read it: `120.0 GB`, where a GB has 10^9 bytes. */
export const amount = (bytes: number): string => {
  const unit = units.find((one) => bytes >= one.bytes)
  return unit === undefined ? `${bytes} bytes` : `${(bytes / unit.bytes).toFixed(1)} ${unit.name}`
}

/** The same with the exact number behind it, where every byte counts. */
export const exactAmount = (bytes: number): string =>
  bytes < 1000 ? amount(bytes) : `${amount(bytes)} (${bytes} bytes)`
