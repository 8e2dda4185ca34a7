import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { ImageStoreError } from '../../src/model/error.ts'
import type { Image } from '../../src/model/image.ts'
import { formatImageRef, formatOperationRef, idWithin, type OperationRef } from '../../src/model/ref.ts'
import { type RegionId, regionId } from '../../src/model/region.ts'
import type { ImageStatus } from '../../src/model/status.ts'
import type { Operation, OperationState } from '../../src/store/operation.ts'
import { imageAt, type Making, type Span, type State } from './state.ts'

/** The refs of operations: what is done, the image it is done with, and the region for a copy. */
type Kind = 'import' | 'capture' | 'delete' | 'convert' | 'replicate'

const operationRefOf = (store: string, kind: Kind, id: string, region?: string): OperationRef =>
  formatOperationRef(store, [kind, id, ...(region === undefined ? [] : [encodeURIComponent(region)])].join('/'))

const kindOf = ({ by }: Pick<Making, 'by'>): 'import' | 'capture' => (by === 'importFromUrl' ? 'import' : 'capture')

/** The ref of the making of an image. */
export const makingRefOf = (store: string, id: string, making: Pick<Making, 'by'>): OperationRef =>
  operationRefOf(store, kindOf(making), id)

const states: Partial<Readonly<Record<ImageStatus, OperationState>>> = {
  importing: 'running',
  available: 'succeeded',
  failed: 'failed',
}

/** The making of an image as an operation. An image that was there from the start counts as imported. */
export const makingOperation = (
  store: string,
  id: string,
  image: Image,
  making: Pick<Making, 'by'> = { by: 'importFromUrl' },
): Operation => ({
  ref: makingRefOf(store, id, making),
  kind: kindOf(making),
  state: states[image.status] ?? 'queued',
  image: image.ref,
  failure: image.failure,
  losses: [],
  startedAt: image.createdAt,
})

const spanOperation = (
  kind: 'convert' | 'replicate',
  ref: OperationRef,
  image: Image,
  span: Span | undefined,
  now: number,
): Operation => ({
  ref,
  kind,
  state: span === undefined || now >= span.endsAt ? 'succeeded' : 'running',
  image: image.ref,
  losses: [],
  ...(span === undefined ? {} : { startedAt: new Date(span.begunAt).toISOString() }),
})

/** The copy of an image to a region; without a span, one that has it already. */
export const copyOperation = (
  store: string,
  id: string,
  image: Image,
  { region, span, now }: { readonly region: RegionId; readonly span: Span | undefined; readonly now: number },
): Operation => spanOperation('replicate', operationRefOf(store, 'replicate', id, region), image, span, now)

/** The conversion of a backup. */
export const conversionOperation = (store: string, id: string, image: Image, span: Span, now: number): Operation =>
  spanOperation('convert', operationRefOf(store, 'convert', id), image, span, now)

/** The deletion of an image, which takes no time. */
export const deletion = (store: string, id: string, outcome: 'deleted' | 'already-gone'): Operation => ({
  ref: operationRefOf(store, 'delete', id),
  kind: 'delete',
  state: 'succeeded',
  image: formatImageRef(store, id),
  outcome,
  losses: [],
})

const unescaped = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

const form = /^(import|capture|delete|convert|replicate)\/([A-Za-z0-9][A-Za-z0-9_-]*)(?:\/(\S+))?$/

/** Looks one operation up by its ref, at a time in milliseconds since the epoch. */
export const lookUp =
  (store: string, state: State, now: number) =>
  (ref: OperationRef): E.Either<ImageStoreError, Operation> =>
    pipe(
      idWithin(store)(ref),
      E.flatMap((text) => {
        const [, kind, id = '', region] = form.exec(text) ?? []
        if (kind === undefined || (kind === 'replicate') !== (region !== undefined))
          return E.left(new ImageStoreError('invalid-argument', `${ref} is not an operation of this store`))
        return E.fromNullable(new ImageStoreError('not-found', `There is no ${ref}`))(
          operationAt(store, state, { kind, id, region: regionId(unescaped(region ?? '')) }, now),
        )
      }),
    )

const operationAt = (
  store: string,
  state: State,
  { kind, id, region }: { readonly kind: string; readonly id: string; readonly region: RegionId },
  now: number,
): Operation | undefined => {
  const image = imageAt(state, id, now)
  if (image === undefined) return kind === 'delete' ? deletion(store, id, 'deleted') : undefined
  const making = state.makings.get(id)
  const conversion = state.conversions.get(id)
  const span = state.copies.get(id)?.get(region)
  if (kind === 'convert')
    return conversion === undefined ? undefined : conversionOperation(store, id, image, conversion, now)
  if (kind === 'replicate')
    return span === undefined && !image.regions.includes(region)
      ? undefined
      : copyOperation(store, id, image, { region, span, now })
  const operation = makingOperation(store, id, image, making)
  return operation.kind === kind ? operation : undefined
}
