import type * as t from 'io-ts'

/** How many problems are told: a value of quite another form has very many. */
const most = 10

const isTransparent = (entry: t.ContextEntry | undefined): boolean =>
  entry !== undefined && '_tag' in entry.type && /^(Intersection|Union)Type$/.test(String(entry.type._tag))

/** Where a value is: `images.0.id`. Which part of a type it belongs to is nobody's concern. */
const pathOf = (context: t.Context): string =>
  context
    .filter((_, index) => index > 0 && !isTransparent(context[index - 1]))
    .map(({ key }) => key)
    .join('.')

const problemOf = ({ context }: t.ValidationError): string => {
  const path = pathOf(context)
  const expected = context.at(-1)?.type.name ?? 'something else'
  return path === '' ? `It is not ${expected}` : `${path} is not ${expected}`
}

/** What is wrong with a value, in a sentence for people: each place with what should be there. */
export const problemsIn = (errors: t.Errors): string => {
  const problems = [...new Set(errors.map(problemOf))]
  const more = problems.length - most
  return `${problems.slice(0, most).join('; ')}${more > 0 ? `; and ${more} more` : ''}`
}
