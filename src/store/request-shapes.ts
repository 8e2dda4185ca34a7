import * as E from 'fp-ts/lib/Either.js'
import type { ImageStoreError } from '../model/error.ts'
import type { ImageQuery } from '../model/query.ts'
import { type FieldReasons, invalidFields } from './field-reasons.ts'
import type { CaptureSpec, ImagePatch, ImportSpec } from './requests.ts'
import { flag, listOf, misshapenFields, oneOf, recordOf, type Shape, tags, text, unknownFields } from './shapes.ts'

/** A shape for every field of a request: one that is missing does not compile. */
type ShapesOf<Request> = Readonly<Record<keyof Request, Shape>>

const os = recordOf('a record of family, distribution and version', {
  family: text,
  distribution: text,
  version: text,
})

const onLoss = oneOf('refuse', 'accept')

const importShapes: ShapesOf<ImportSpec> = {
  name: text,
  url: text,
  region: text,
  description: text,
  tags,
  os,
  architecture: text,
  firmware: text,
  machineType: text,
  sshKeyPolicy: text,
  bareMetal: flag,
  gpu: flag,
  format: text,
  compression: text,
  copyOnWrite: flag,
  onLoss,
  key: text,
}

const captureShapes: ShapesOf<CaptureSpec> = {
  name: text,
  source: text,
  region: text,
  tags,
  osFamily: text,
  architecture: text,
  firmware: text,
  machineType: text,
  sshKeyPolicy: text,
  bareMetal: flag,
  onLoss,
  key: text,
}

const patchShapes: ShapesOf<ImagePatch> = {
  name: text,
  description: text,
  distribution: text,
  osFamily: text,
  firmware: text,
  machineType: text,
  sshKeyPolicy: text,
  bareMetal: flag,
  tags: recordOf('a record of tags to put and tags to drop', { put: tags, drop: tags }),
}

const queryShapes: ShapesOf<ImageQuery> = {
  scope: oneOf('own', 'public', 'all'),
  name: text,
  nameContains: text,
  kinds: listOf(text),
  statuses: listOf(text),
  visibility: text,
  regions: listOf(text),
  tags,
  architecture: text,
  distribution: text,
  osVersion: text,
  withPrices: flag,
  onRegionFailure: oneOf('fail', 'report'),
}

const missing = (record: object, ...names: readonly string[]): FieldReasons =>
  Object.fromEntries(
    names.flatMap((name) => (Reflect.get(record, name) === undefined ? [[name, `${name} is missing`] as const] : [])),
  )

const checked = <Request extends object>(
  request: Request,
  reasons: FieldReasons,
): E.Either<ImageStoreError, Request> =>
  Object.keys(reasons).length === 0 ? E.right(request) : E.left(invalidFields(reasons))

/**
 * Checks that an import is one, before anything else looks at its fields. Fails with `invalid-argument` naming every field that
 * is missing or has another shape.
 */
export const checkImportShape = (spec: ImportSpec): E.Either<ImageStoreError, ImportSpec> =>
  checked(spec, { ...missing(spec, 'name', 'url', 'region'), ...misshapenFields(spec, importShapes) })

/** The same of a capture. */
export const checkCaptureShape = (spec: CaptureSpec): E.Either<ImageStoreError, CaptureSpec> =>
  checked(spec, { ...missing(spec, 'name', 'source'), ...misshapenFields(spec, captureShapes) })

/** The same of a patch. */
export const checkPatchShape = (patch: ImagePatch): E.Either<ImageStoreError, ImagePatch> =>
  checked(patch, misshapenFields(patch, patchShapes))

/** Checks a query: that every field of it is one, too. Fails with `invalid-argument`. */
export const checkQuery = (query: ImageQuery): E.Either<ImageStoreError, ImageQuery> =>
  checked(query, { ...unknownFields(query, queryShapes), ...misshapenFields(query, queryShapes) })

/** Fields of an import that the port does not know (a slip, from plain JavaScript), each with what there is. */
export const unknownImportFields = (spec: ImportSpec): FieldReasons => unknownFields(spec, importShapes)

/** The same of a capture. Of a patch, what is not known is what no store can change. */
export const unknownCaptureFields = (spec: CaptureSpec): FieldReasons => unknownFields(spec, captureShapes)
