import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { ImageStoreError } from './error.ts'

declare const imageRefBrand: unique symbol
declare const operationRefBrand: unique symbol

/**
 * The name of one image everywhere, as text: `store:id`, such as `digitalocean:7555620` or
 * `gcore:1337/76/44e136a7-15c1-4b5f-a086-20b7b3237d40`. `store` is the name of the store that answers for it (the
 * provider's by default, the caller's own where there are several accounts); what follows the first colon is the
 * provider's and is not looked into here.
 */
export type ImageRef = string & { readonly [imageRefBrand]: true }

/** The name of one long-running operation, as text that another process can use: `store:id`, like {@link ImageRef}. */
export type OperationRef = string & { readonly [operationRefBrand]: true }

/** A ref taken apart. */
export interface RefParts {
  /** The name of the store that answers for it. */
  readonly store: string
  /** What the store itself calls it. */
  readonly id: string
}

const storeName = /^[A-Za-z0-9][A-Za-z0-9._-]*$/

/** Whether a text can name a store: letters, digits, dot, dash and underscore, starting with a letter or a digit. */
export const isStoreName = (text: string): boolean => storeName.test(text)

/** The ref of an image from its parts. The parts are trusted: adapters call this with what a provider answered. */
export const formatImageRef = (store: string, id: string): ImageRef => `${store}:${id}` as ImageRef

/** The ref of an operation from its parts, trusted like those of {@link formatImageRef}. */
export const formatOperationRef = (store: string, id: string): OperationRef => `${store}:${id}` as OperationRef

const isPrintable = (text: string): boolean =>
  // A ref goes into paths, logs and files: no blanks at all, no control characters, no lone surrogates.
  /^[^\s\p{Cc}\p{Cs}]+$/u.test(text)

const malformed = (what: string, text: unknown): ImageStoreError =>
  new ImageStoreError('invalid-argument', `${JSON.stringify(text) ?? String(text)} is not ${what}`, {
    hint: 'A ref is written store:id, such as digitalocean:7555620',
  })

const parse = (what: string, text: unknown): E.Either<ImageStoreError, RefParts> => {
  if (typeof text !== 'string') return E.left(malformed(what, text))
  const colon = text.indexOf(':')
  const store = text.slice(0, Math.max(colon, 0))
  const id = text.slice(colon + 1)
  return isStoreName(store) && isPrintable(id) ? E.right({ store, id }) : E.left(malformed(what, text))
}

/** Reads the ref of an image from text. Fails with `invalid-argument`. */
export const parseImageRef = (text: string): E.Either<ImageStoreError, ImageRef> =>
  pipe(
    parse('the ref of an image', text),
    E.map(({ store, id }) => formatImageRef(store, id)),
  )

/** Reads the ref of an operation from text. Fails with `invalid-argument`. */
export const parseOperationRef = (text: string): E.Either<ImageStoreError, OperationRef> =>
  pipe(
    parse('the ref of an operation', text),
    E.map(({ store, id }) => formatOperationRef(store, id)),
  )

/** The two parts of a ref. Fails with `invalid-argument` where the ref came past the parser (from plain JavaScript, say). */
export const refParts = (ref: ImageRef | OperationRef): E.Either<ImageStoreError, RefParts> => parse('a ref', ref)

/**
 * The store's own id of a ref, for the store of that name. Fails with `invalid-argument` where the ref is malformed or
 * belongs to another store, so that nothing is sent for it.
 */
export const idWithin =
  (store: string) =>
  (ref: ImageRef | OperationRef): E.Either<ImageStoreError, string> =>
    pipe(
      refParts(ref),
      E.filterOrElse(
        (parts) => parts.store === store,
        (parts) =>
          new ImageStoreError('invalid-argument', `${ref} belongs to the store "${parts.store}", not to "${store}"`, {
            hint: `Give it to the store named "${parts.store}"`,
          }),
      ),
      E.map(({ id }) => id),
    )

/**
 * {@link parseImageRef} for literals and for async/await code: throws the `invalid-argument` error instead of returning
 * it.
 */
export const imageRef = (text: string): ImageRef => orThrow(parseImageRef(text))

/** {@link parseOperationRef} for async/await code: throws the `invalid-argument` error instead of returning it. */
export const operationRef = (text: string): OperationRef => orThrow(parseOperationRef(text))

const orThrow = <A>(result: E.Either<ImageStoreError, A>): A => {
  if (E.isLeft(result)) throw result.left
  return result.right
}
