/** Path segments of a request, with every value in it encoded: an id can never add a segment or a query. */
export const path = (literals: TemplateStringsArray, ...values: readonly (string | number)[]): string =>
  literals.reduce((text, literal, index) => `${text}${encodeSegment(values[index - 1])}${literal}`)

const encodeSegment = (value: string | number | undefined): string => {
  const segment = encodeURIComponent(String(value ?? ''))
  // The URL standard reads these two as steps in the path, encoded or not; nothing that a store sends is called so.
  if (/^\.{1,2}$/.test(segment)) throw new RangeError(`${segment} is no path segment`)
  return segment
}

/** A query's parameters; an absent value leaves its parameter out, a list repeats it. */
export type QueryParameters = Readonly<
  Record<string, string | number | boolean | readonly (string | number)[] | undefined>
>

/** The parameters as they stand behind a path: with the question mark, or nothing where there are none. */
export const queryString = (parameters: QueryParameters): string => {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(parameters)) {
    if (value === undefined) continue
    for (const item of Array.isArray(value) ? value : [value]) search.append(name, String(item))
  }
  const text = search.toString()
  return text === '' ? '' : `?${text}`
}
