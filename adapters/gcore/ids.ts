import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { ImageStoreError } from '../../src/model/error.ts'
import { formatImageRef, formatOperationRef, type ImageRef, idWithin, type OperationRef } from '../../src/model/ref.ts'

/** An image of Gcore: `project/region/uuid`, the form of Gcore's own import ids. Ids are worth nothing outside their region. */
export interface ImageId {
  readonly region: string
  readonly image: string
}

/** An operation of Gcore: its task, in the region it works in; or a deletion that has no task, by its image. */
export interface OperationId {
  readonly kind: 'task' | 'deletion'
  readonly region: string
  /** The id of the task, or of the image that is deleted. */
  readonly id: string
}

/** The form of a project's and a region's id. */
export const numericId = /^[1-9]\d{0,15}$/
/** A UUID in every example, but declared as any text; what could change a path is left out. */
const resourceId = /^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/

const refuse = (ref: string, what: string, hint: string): ImageStoreError =>
  new ImageStoreError('invalid-argument', `${ref} is not ${what}`, { hint })

/** What a store knows itself by. */
export interface Account {
  readonly store: string
  readonly projectId: string
}

const inProject = (account: Account, ref: string, project: string): E.Either<ImageStoreError, void> =>
  project === account.projectId
    ? E.right(undefined)
    : E.left(
        refuse(ref, `in the project ${account.projectId}`, 'Make a store for that project and give it to that one'),
      )

/** The part that the refs of all images of a region begin with, after the store's name. */
const regionPrefix = ({ projectId }: Account, region: string): string => `${projectId}/${region}/`

/** The refs of a region's images, from their ids: for lists, which would otherwise put every ref together from its parts. */
export const imageRefsIn = (account: Account, region: string): ((image: string) => ImageRef) => {
  const prefix = formatImageRef(account.store, regionPrefix(account, region))
  return (image) => (prefix + image) as ImageRef
}

/** The ref of an image. */
export const imageRefOf = (account: Account, { region, image }: ImageId): ImageRef =>
  imageRefsIn(account, region)(image)

/** Reads the ref of an image. */
export const imageId =
  (account: Account) =>
  (ref: ImageRef): E.Either<ImageStoreError, ImageId> =>
    pipe(
      idWithin(account.store)(ref),
      E.flatMap((id) => {
        const [project = '', region = '', image = '', ...rest] = id.split('/')
        return numericId.test(project) && numericId.test(region) && resourceId.test(image) && rest.length === 0
          ? pipe(
              inProject(account, ref, project),
              E.map(() => ({ region, image })),
            )
          : E.left(refuse(ref, 'an image of Gcore', `Write ${account.store}:project/region/uuid`))
      }),
    )

/** The ref of an operation. */
export const operationRefOf = ({ store, projectId }: Account, { kind, region, id }: OperationId): OperationRef =>
  formatOperationRef(store, `${projectId}/${region}/${kind}/${id}`)

/** Reads the ref of an operation. */
export const operationId =
  (account: Account) =>
  (ref: OperationRef): E.Either<ImageStoreError, OperationId> =>
    pipe(
      idWithin(account.store)(ref),
      E.flatMap((text) => {
        const [project = '', region = '', kind, id = '', ...rest] = text.split('/')
        const isWellFormed =
          numericId.test(project) && numericId.test(region) && resourceId.test(id) && rest.length === 0
        return isWellFormed && (kind === 'task' || kind === 'deletion')
          ? pipe(
              inProject(account, ref, project),
              E.map((): OperationId => ({ kind, region, id })),
            )
          : E.left(refuse(ref, 'an operation of Gcore', 'Pass the ref of an operation that this store returned'))
      }),
    )
