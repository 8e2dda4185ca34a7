import * as E from 'fp-ts/lib/Either.js'
import { type ImageStoreError, isImageStoreError } from 'imageferry'

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null

/** The errors within a result: of outcomes and look-ups, each of which may have failed by itself. */
export const errorsWithin = (result: unknown): readonly ImageStoreError[] => {
  if (Array.isArray(result)) return result.flatMap(errorsWithin)
  return isObject(result) && 'error' in result && isImageStoreError(result.error) ? [result.error] : []
}

/** What a result names: an operation with its state and its image, or an image. */
const named = (result: unknown): readonly string[] => {
  if (Array.isArray(result)) return result.flatMap(named)
  if (!isObject(result)) return []
  if ('operation' in result && isObject(result.operation)) return named(result.operation)
  if (!('ref' in result)) return []
  const state = 'state' in result ? ` ${result.state}` : ''
  return [`${result.ref}${state}${'image' in result ? ` ${result.image}` : ''}`]
}

const shown = (error: unknown): string => (isImageStoreError(error) ? `${error.kind}: ${error.message}` : String(error))

/** How a call ended, in one line: with its error, or those within its result, and what it names. Of a list the images are counted. */
export const told = (result: E.Either<unknown, unknown>): string => {
  if (E.isLeft(result)) return shown(result.left)
  const { right } = result
  const errors = errorsWithin(right)
  const isList = Array.isArray(right) && errors.length === 0 && right.some((one) => isObject(one) && 'raw' in one)
  return [
    errors.length === 0 ? 'ok' : errors.map(shown).join(', '),
    ...(isList ? [`${right.length} images`] : named(right)),
  ].join(' ')
}
