import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { ImageStoreError } from '../../src/model/error.ts'
import { formatOperationRef, type ImageRef, idWithin, type OperationRef } from '../../src/model/ref.ts'
import { isRegionSlug } from './regions.ts'

const numericId = /^[1-9]\d{0,18}$/
/** Slugs are what public images are called by: `ubuntu-24-04-x64`. */
const slug = /^(?=.*[a-z])[a-z0-9][a-z0-9._-]{0,254}$/

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** Whether an id is a UUID: volumes and their snapshots have such ones, images never. Source: fact sheet §8. */
export const isUuid = (id: string): boolean => uuid.test(id)

const noImage =
  'A UUID is the id of a volume or of its snapshot, which is no image: volumes are made from it, and no servers'

const refuse = (ref: string, what: string, hint: string): ImageStoreError =>
  new ImageStoreError('invalid-argument', `${ref} is not ${what}`, { hint })

/** Whether a text is the id of a server: a number. Source: openapi droplets/parameters.yml. */
export const isServerId = (text: string): boolean => numericId.test(text)

/** The id of an image that is to be changed: a number. Source: openapi images/parameters.yml. */
export const imageId =
  (store: string) =>
  (ref: ImageRef): E.Either<ImageStoreError, string> =>
    pipe(
      idWithin(store)(ref),
      E.filterOrElse(
        (id) => numericId.test(id),
        (id) =>
          refuse(ref, 'an image of DigitalOcean by its id', isUuid(id) ? noImage : `Write ${store}: and a number`),
      ),
    )

/** The id of an image that is to be read, or the slug of a public one. */
export const imageIdOrSlug =
  (store: string) =>
  (ref: ImageRef): E.Either<ImageStoreError, string> =>
    pipe(
      idWithin(store)(ref),
      E.filterOrElse(
        (id) => numericId.test(id) || (slug.test(id) && !isUuid(id)),
        (id) =>
          refuse(
            ref,
            'an image of DigitalOcean',
            isUuid(id) ? noImage : `Write ${store}: and a number, or the slug of a public image`,
          ),
      ),
    )

/** An action on an image: a transfer to a further region, or the conversion of a backup. */
export interface ActionId {
  readonly kind: 'action'
  readonly image: string
  readonly action: string
}

/** A snapshot of a server that is made, or has been. The action on the server is all that is known of it until it is there. */
export interface CaptureId {
  readonly kind: 'capture'
  readonly server: string
  readonly action: string
  /** The digest that stands with the operation key behind the image's name; absent where there is no key. */
  readonly digest?: string | undefined
}

/**
 * What an operation's ref names here: imports and deletions are known by their image, there is no task beside it; `present`
 * is a transfer that was not needed, because the image had the region; `captured` a snapshot that was found by its key, and whose
 * action is not known any more.
 */
export type OperationId =
  | { readonly kind: 'import' | 'delete' | 'captured'; readonly image: string }
  | ActionId
  | CaptureId
  | { readonly kind: 'present'; readonly image: string; readonly region: string }

/** The ref of an operation. */
export const operationRefOf = (store: string, id: OperationId): OperationRef => {
  const subject = id.kind === 'capture' ? id.server : id.image
  const last =
    id.kind === 'action' || id.kind === 'capture' ? `/${id.action}` : id.kind === 'present' ? `/${id.region}` : ''
  const digest = id.kind === 'capture' && id.digest !== undefined ? `/${id.digest}` : ''
  return formatOperationRef(store, `${id.kind}/${subject}${last}${digest}`)
}

const digestForm = /^[0-9a-f]{16}$/

/** The digest as it stands in the ref of a capture; absent where it is none of ours. */
export const captureDigestOf = (digest: string | undefined): string | undefined =>
  digest !== undefined && digestForm.test(digest) ? digest : undefined

const readCaptureId = ([server = '', action = '', digest, ...rest]: readonly string[]): CaptureId | undefined =>
  numericId.test(server) &&
  numericId.test(action) &&
  (digest === undefined || digestForm.test(digest)) &&
  rest.length === 0
    ? { kind: 'capture', server, action, digest }
    : undefined

const readId = (text: string): OperationId | undefined => {
  const [kind = '', image = '', last, ...rest] = text.split('/')
  if (kind === 'capture') return readCaptureId([image, last ?? '', ...rest])
  if (!numericId.test(image) || rest.length > 0) return undefined
  if (kind === 'import' || kind === 'delete' || kind === 'captured')
    return last === undefined ? { kind, image } : undefined
  if (last === undefined) return undefined
  if (kind === 'action') return numericId.test(last) ? { kind, image, action: last } : undefined
  return kind === 'present' && isRegionSlug(last) ? { kind, image, region: last } : undefined
}

/** Reads the ref of an operation. */
export const operationId =
  (store: string) =>
  (ref: OperationRef): E.Either<ImageStoreError, OperationId> =>
    pipe(
      idWithin(store)(ref),
      E.flatMap((id) =>
        E.fromNullable(
          refuse(ref, 'an operation of DigitalOcean', 'Pass the ref of an operation that this store returned'),
        )(readId(id)),
      ),
    )
