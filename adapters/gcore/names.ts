import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { ImageStoreError } from '../../src/model/error.ts'

/** What a project or a region goes by. */
export interface Named {
  readonly id: string
  /** Its name, or each of several. */
  readonly names: readonly string[]
}

/** What is looked for by its name. */
export type NamedThing = 'project' | 'region'

/** How many of those that are there an error names. */
const mostExamples = 5

const show = ({ id, names }: Named): string => `${names[0] ?? '(no name)'} (${id})`

const refuse = (what: NamedThing, reason: string, hint: string): E.Either<ImageStoreError, never> =>
  E.left(new ImageStoreError('invalid-argument', reason, { fields: { [what]: reason }, hint }))

const none = (what: NamedThing, wanted: string, all: readonly Named[]): E.Either<ImageStoreError, never> => {
  const examples = all.slice(0, mostExamples).map(show).join(', ')
  const more = all.length > mostExamples ? ` and ${all.length - mostExamples} more` : ''
  return refuse(
    what,
    all.length === 0
      ? `There is no ${what} called ${JSON.stringify(wanted)}: none is listed at all`
      : `There is no ${what} called ${JSON.stringify(wanted)}; there are ${examples}${more}`,
    `Name a ${what} as it is listed, or give its id`,
  )
}

/**
 * What goes by a name: all that is spelt so, else all that is spelt so but for capitals. Nothing is trimmed or guessed.
 */
const calledSo = (wanted: string, all: readonly Named[]): readonly Named[] => {
  const folded = wanted.toLowerCase()
  const exact = all.filter(({ names }) => names.includes(wanted))
  return exact.length > 0 ? exact : all.filter(({ names }) => names.some((name) => name.toLowerCase() === folded))
}

/**
 * The id of what goes by a name; absent where nothing does. Fails with `invalid-argument` where several do, listing them with
 * their ids.
 */
export const idIfNamed = (
  what: NamedThing,
  wanted: string,
  all: readonly Named[],
): E.Either<ImageStoreError, string | undefined> => {
  const found = calledSo(wanted, all)
  const ids = new Set(found.map(({ id }) => id))
  const [only] = ids
  return ids.size <= 1
    ? E.right(only)
    : refuse(
        what,
        `Several ${what}s are called ${JSON.stringify(wanted)}: ${found.map(show).join(', ')}`,
        `Give the id of the one that is meant`,
      )
}

/** The same where there has to be one: fails with `invalid-argument` where there is none, too, naming a few that are there. */
export const idByName = (what: NamedThing, wanted: string, all: readonly Named[]): E.Either<ImageStoreError, string> =>
  pipe(
    idIfNamed(what, wanted, all),
    E.flatMap((id) => (id === undefined ? none(what, wanted, all) : E.right(id))),
  )
