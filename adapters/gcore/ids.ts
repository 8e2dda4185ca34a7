import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { ImageStoreError } from '../../src/model/error.ts'
import { formatImageRef, formatOperationRef, type ImageRef, idWithin, type OperationRef } from '../../src/model/ref.ts'
import { isGpuNamespace, type Place, placeText } from './namespaces.ts'

/**
 * An image of Gcore: `project/region/uuid`, the form of Gcore's own import ids, and `project/region/gpu-virtual/uuid` or
 * `project/region/gpu-bare-metal/uuid` for a GPU image. Ids are worth nothing outside their region and namespace.
 */
export interface ImageId extends Place {
  readonly image: string
}

/**
 * An operation of Gcore: its task, in the place where its image is; or a deletion, by its image. A task is found by its id
 * alone and need not tell where its image is, so the ref does. Written `project/region/task/id` and
 * `project/region/deletion/image`, with the namespace behind the region for GPU images. An image that a key has made and that does
 * not tell its task is followed itself: `project/region/image/id`.
 */
export interface OperationId extends Place {
  readonly kind: 'task' | 'deletion' | 'image'
  /** The id of the task, or of the image that is deleted, or that was made by what it does not tell. */
  readonly id: string
  /**
   * The task of a deletion, where what it does can be told by the ref alone: what the tasks of GPU images are called is not
   * published (fact sheet §4.1). Written behind the image. Absent where there is none to follow.
   */
  readonly task?: string | undefined
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

/** The same before the project's id is known: a ref of any project is read. */
export type RefReader = Pick<Account, 'store'> & Partial<Account>

const inProject = (account: RefReader, ref: string, project: string): E.Either<ImageStoreError, void> =>
  account.projectId === undefined || project === account.projectId
    ? E.right(undefined)
    : E.left(
        refuse(ref, `in the project ${account.projectId}`, 'Make a store for that project and give it to that one'),
      )

/** The part that the refs of everything in a place begin with, after the store's name. */
const placePrefix = ({ projectId }: Account, place: Place): string => `${projectId}/${placeText(place)}/`

/** The refs of a place's images, from their ids: for lists, which would otherwise put every ref together from its parts. */
export const imageRefsIn = (account: Account, place: Place): ((image: string) => ImageRef) => {
  const prefix = formatImageRef(account.store, placePrefix(account, place))
  return (image) => (prefix + image) as ImageRef
}

/** The ref of an image. */
export const imageRefOf = (account: Account, id: ImageId): ImageRef => imageRefsIn(account, id)(id.image)

interface RefSegments extends Place {
  readonly project: string
  readonly rest: readonly string[]
}

/** The project and the place that a ref begins with, and the segments behind them. */
const segmentsOf = (text: string): RefSegments | undefined => {
  const [project = '', region = '', ...rest] = text.split('/')
  if (!numericId.test(project) || !numericId.test(region)) return undefined
  const [first, ...behind] = rest
  return isGpuNamespace(first) ? { project, region, namespace: first, rest: behind } : { project, region, rest }
}

const placeOf = ({ region, namespace }: Place): Place => (namespace === undefined ? { region } : { region, namespace })

/** Reads the ref of an image. */
export const imageId =
  (account: RefReader) =>
  (ref: ImageRef): E.Either<ImageStoreError, ImageId> =>
    pipe(
      idWithin(account.store)(ref),
      E.flatMap((text) => {
        const segments = segmentsOf(text)
        const [image = '', ...more] = segments?.rest ?? []
        return segments !== undefined && resourceId.test(image) && more.length === 0
          ? pipe(
              inProject(account, ref, segments.project),
              E.map((): ImageId => ({ ...placeOf(segments), image })),
            )
          : E.left(
              refuse(
                ref,
                'an image of Gcore',
                `Write ${account.store}:project/region/uuid, with gpu-virtual/ or gpu-bare-metal/ before the uuid of a GPU image`,
              ),
            )
      }),
    )

/** The ref of an operation. */
export const operationRefOf = (account: Account, operation: OperationId): OperationRef => {
  const { kind, id, task } = operation
  const text = `${placePrefix(account, operation)}${kind}/${id}`
  return formatOperationRef(account.store, task === undefined ? text : `${text}/${task}`)
}

/** The task of an operation; absent for a deletion that has none. */
export const taskOf = ({ kind, id, task }: OperationId): string | undefined => (kind === 'task' ? id : task)

/** What follows the place in the ref of an operation. */
const readOperation = ([kind, id = '', task, ...more]: readonly string[]):
  | Pick<OperationId, 'kind' | 'id' | 'task'>
  | undefined => {
  if (!resourceId.test(id) || more.length > 0) return undefined
  if (kind === 'task') return task === undefined ? { kind, id } : undefined
  if (kind === 'image' && task === undefined) return { kind, id }
  if (kind !== 'deletion') return undefined
  if (task === undefined) return { kind, id }
  return resourceId.test(task) ? { kind, id, task } : undefined
}

/** Reads the ref of an operation. */
export const operationId =
  (account: RefReader) =>
  (ref: OperationRef): E.Either<ImageStoreError, OperationId> =>
    pipe(
      idWithin(account.store)(ref),
      E.flatMap((text) => {
        const segments = segmentsOf(text)
        const operation = readOperation(segments?.rest ?? [])
        return segments !== undefined && operation !== undefined
          ? pipe(
              inProject(account, ref, segments.project),
              E.map((): OperationId => ({ ...placeOf(segments), ...operation })),
            )
          : E.left(refuse(ref, 'an operation of Gcore', 'Pass the ref of an operation that this store returned'))
      }),
    )
