import { inspect } from 'node:util'

/** What must show nowhere, by what it is called. */
export type Secrets = Readonly<Record<string, string>>

/** What every URL of a file is signed with. */
export const signature = 'f1e2d3c4b5a69788796a5b4c3d2e1f00'

/** A file's URL as one that is signed for a while: another at every moment, given in ms since the epoch. */
export const signed = (url: string, atMs: number): string => `${url}?expires=${atMs}&signature=${signature}`

/** A text as base64 has it behind so many other bytes: what of it does not depend on those, nor on what follows. */
const behind = (bytes: number, text: string): string =>
  Buffer.from(`${'-'.repeat(bytes)}${text}`)
    .toString('base64')
    .slice(Math.ceil((bytes * 4) / 3), Math.floor(((bytes + text.length) * 4) / 3))

const urlSafe = (base64: string): string => base64.replaceAll('+', '-').replaceAll('/', '_')

/** How a secret may be spelt: as it is, as in a URL, and in base64 wherever in a longer text it stands. */
const spellings = (secret: string): readonly string[] => {
  const encoded = [0, 1, 2].map((bytes) => behind(bytes, secret))
  return [...new Set([secret, encodeURIComponent(secret), ...encoded, ...encoded.map(urlSafe)])]
}

/** Everything that somebody may print of a value. */
const printed = (value: unknown): string =>
  [
    JSON.stringify(value),
    ...(value instanceof Error ? [value.message, value.stack, inspect(value, { depth: 10 })] : []),
  ].join('\n')

/** Looks for secrets in whatever may be printed of a value, and tells the first that it finds by what that is called. */
export const secretsIn = (secrets: Secrets): ((value: unknown) => string | undefined) => {
  const spelt = Object.entries(secrets).map(([name, secret]) => [name, spellings(secret)] as const)
  return (value) => {
    const text = printed(value)
    return spelt.find(([, ways]) => ways.some((way) => text.includes(way)))?.[0]
  }
}
