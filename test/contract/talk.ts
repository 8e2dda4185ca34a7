/** Sends a request and tells the JSON of the answer. */
export type Send = (method: string, path: string, body?: unknown) => Promise<unknown>

/** What the field of an answer is, wherever it stands in it. */
export const field = (answer: unknown, ...path: readonly (string | number)[]): string => {
  const found = path.reduce<unknown>((node, part) => Object(node)[part], answer)
  if (typeof found !== 'string' && typeof found !== 'number') throw new Error(`The answer has no ${path.join('/')}`)
  return String(found)
}
