import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type * as t from 'io-ts'
import { ImageStoreError } from '../model/error.ts'
import { parsedJson } from './json.ts'
import type { HttpAnswer } from './transport.ts'

const mostReported = 5

/** Where in the answer the trouble is and what was expected there, such as `ImageList/images/0/id: (number | string)`. */
const show = ({ context }: t.ValidationError): string => {
  const [root, ...steps] = context
  const path = [root?.type.name ?? '', ...steps.map(({ key }) => key).filter((key) => key !== '')]
  return `${path.join('/')}: ${context.at(-1)?.type.name ?? 'unknown'}`
}

const unexpected = (answer: HttpAnswer, message: string): ImageStoreError =>
  new ImageStoreError('unexpected-response', message, {
    status: answer.status,
    hint: 'The provider may have changed its API, or something between here and there answered in its place',
  })

const contentType = ({ headers }: HttpAnswer): string =>
  headers['content-type']?.split(';')[0]?.trim() ?? 'no content type'

const parse = (answer: HttpAnswer): E.Either<ImageStoreError, unknown> =>
  // An empty body is a value of its own: 204, and 202 from servers that have nothing to add to "accepted".
  answer.text.trim() === ''
    ? E.right(undefined)
    : pipe(
        parsedJson(answer.text),
        E.mapLeft((reason) =>
          unexpected(answer, `The answer ${reason} (${contentType(answer)}, ${answer.text.length} characters)`),
        ),
      )

/** Reads a successful answer by a codec. Fails with `unexpected-response`, which names the place and never the value. */
export const decodeAnswer = <A>(codec: t.Type<A, unknown>, answer: HttpAnswer): E.Either<ImageStoreError, A> =>
  pipe(
    parse(answer),
    E.flatMap((body) =>
      pipe(
        codec.decode(body),
        E.mapLeft((errors) => {
          const places = [...new Set(errors.map(show))]
          return unexpected(
            answer,
            `The answer is not what was expected at ${places.slice(0, mostReported).join(', ')}`,
          )
        }),
      ),
    ),
  )
