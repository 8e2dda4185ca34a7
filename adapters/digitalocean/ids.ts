import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { ImageStoreError } from '../../src/model/error.ts'
import { formatOperationRef, type ImageRef, idWithin, type OperationRef } from '../../src/model/ref.ts'

const numericId = /^[1-9]\d{0,18}$/
/** Slugs are what public images are called by: `ubuntu-24-04-x64`. */
const slug = /^(?=.*[a-z])[a-z0-9][a-z0-9._-]{0,254}$/

const refuse = (ref: string, what: string, hint: string): ImageStoreError =>
  new ImageStoreError('invalid-argument', `${ref} is not ${what}`, { hint })

/** The id of an image that is to be changed: a number. Source: openapi images/parameters.yml. */
export const imageId =
  (store: string) =>
  (ref: ImageRef): E.Either<ImageStoreError, string> =>
    pipe(
      idWithin(store)(ref),
      E.filterOrElse(
        (id) => numericId.test(id),
        () => refuse(ref, 'an image of DigitalOcean by its id', `Write ${store}: and a number`),
      ),
    )

/** The id of an image that is to be read, or the slug of a public one. */
export const imageIdOrSlug =
  (store: string) =>
  (ref: ImageRef): E.Either<ImageStoreError, string> =>
    pipe(
      idWithin(store)(ref),
      E.filterOrElse(
        (id) => numericId.test(id) || slug.test(id),
        () => refuse(ref, 'an image of DigitalOcean', `Write ${store}: and a number, or the slug of a public image`),
      ),
    )

/** What an operation's ref names here: imports and deletions are known by their image, there is no task beside it. */
export interface OperationId {
  readonly kind: 'import' | 'delete'
  readonly image: string
}

/** The ref of an operation. */
export const operationRefOf = (store: string, { kind, image }: OperationId): OperationRef =>
  formatOperationRef(store, `${kind}/${image}`)

/** Reads the ref of an operation. */
export const operationId =
  (store: string) =>
  (ref: OperationRef): E.Either<ImageStoreError, OperationId> =>
    pipe(
      idWithin(store)(ref),
      E.flatMap((id) => {
        const [, kind, image = ''] = /^(import|delete)\/([1-9]\d{0,18})$/.exec(id) ?? []
        return kind === 'import' || kind === 'delete'
          ? E.right({ kind, image })
          : E.left(refuse(ref, 'an operation of DigitalOcean', 'Pass the ref of an operation that this store returned'))
      }),
    )
