import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { ImageStoreError } from '../../src/model/error.ts'
import type { Image } from '../../src/model/image.ts'
import { formatImageRef, type ImageRef, idWithin, type OperationRef } from '../../src/model/ref.ts'
import { type Region, regionId } from '../../src/model/region.ts'
import { isFailed } from '../../src/model/status.ts'
import { checkStoreOptions } from '../../src/store/adapter-options.ts'
import type { Capabilities } from '../../src/store/capabilities.ts'
import { invalidFields } from '../../src/store/field-reasons.ts'
import type { ImageStore } from '../../src/store/image-store.ts'
import { memberOf, refuseAll } from '../../src/store/member.ts'
import type { Operation, OperationLookup } from '../../src/store/operation.ts'
import { reasonAgainstKey } from '../../src/store/operation-key.ts'
import { cursor, pageOf } from '../../src/store/page.ts'
import type { ImportSpec } from '../../src/store/requests.ts'
import { type Runtime, systemRuntime } from '../../src/store/runtime.ts'
import { everything } from './capabilities.ts'
import { checkKeyed, idsOfKey } from './keys.ts'
import { checkPatch, patched, toImport } from './requests.ts'
import { anySource, type Source } from './source.ts'
import { imageAt, importedImage, importOperation, operationRefOf, provider, type State } from './state.ts'

export type { Source, SourceAnswer } from './source.ts'

/** What a store in memory is made from. All of it can be left out. */
export interface MemoryOptions {
  /** The name of the store in refs; `memory` unless told. */
  readonly name?: string | undefined
  /** The regions that exist; one called `here` unless told. */
  readonly regions?: readonly string[] | undefined
  /** What the store shall be able to do, to try how code copes with less; everything unless told. */
  readonly capabilities?: Capabilities | undefined
  /** What there is at a source URL; a mebibyte at every one unless told. */
  readonly source?: Source | undefined
  /** How long an import takes, in milliseconds; no time at all unless told. */
  readonly importDurationMs?: number | undefined
  /** How many images a page holds; 50 unless told. */
  readonly pageSize?: number | undefined
  /** Images that are there from the start. Their refs must be of this store. */
  readonly images?: readonly Image[] | undefined
  readonly runtime?: Runtime | undefined
}

/**
 * A store that keeps its images in memory: the reference for the port's contract, and a stand-in for tests. It fetches
 * nothing; `source` says what an import finds.
 */
export const memory = ({
  name = provider,
  regions = ['here'],
  capabilities = everything,
  source = anySource,
  importDurationMs = 0,
  pageSize = 50,
  images = [],
  runtime = systemRuntime,
}: MemoryOptions = {}): ImageStore => {
  checkStoreOptions({ name, baseUrl: 'http://localhost', credentials: {} })
  const state: State = {
    images: new Map(images.map((image) => [image.ref.slice(name.length + 1), image])),
    imports: new Map(),
    nextId: 1,
  }
  const member = memberOf({ name, capabilities, runtime })

  const now = (id: string): Image | undefined => {
    const image = state.images.get(id)
    return image === undefined ? undefined : imageAt(image, state.imports.get(id), runtime.now())
  }

  const notFound = (ref: string) => new ImageStoreError('not-found', `There is no ${ref}`)

  const imageId = (ref: ImageRef): E.Either<ImageStoreError, string> =>
    pipe(
      idWithin(name)(ref),
      E.filterOrElse(
        (id) => /^[A-Za-z0-9][A-Za-z0-9_-]*$/.test(id),
        () => new ImageStoreError('invalid-argument', `${ref} is not an image of this store`),
      ),
    )

  const find = (ref: ImageRef): E.Either<ImageStoreError, { readonly id: string; readonly image: Image }> =>
    pipe(
      imageId(ref),
      E.flatMap((id) =>
        pipe(
          E.fromNullable(notFound(ref))(now(id)),
          E.map((image) => ({ id, image })),
        ),
      ),
    )

  const lookUp = (ref: OperationRef): E.Either<ImageStoreError, Operation> =>
    pipe(
      idWithin(name)(ref),
      E.flatMap((text) => {
        const [, kind, id = ''] = /^(import|delete)\/([A-Za-z0-9][A-Za-z0-9_-]*)$/.exec(text) ?? []
        if (kind === undefined)
          return E.left(new ImageStoreError('invalid-argument', `${ref} is not an operation of this store`))
        const image = now(id)
        if (kind === 'import' && image !== undefined) return E.right(importOperation(name, id, image))
        return kind === 'delete' && image === undefined ? E.right(deletion(id, 'deleted')) : E.left(notFound(ref))
      }),
    )

  /** What a key has begun, oldest first, as it is now. */
  const keyed = (key: string): readonly { readonly id: string; readonly image: Image }[] =>
    idsOfKey(state, key).flatMap((id) => {
      const image = now(id)
      return image === undefined ? [] : [{ id, image }]
    })

  const begin = (spec: ImportSpec): Operation => {
    const id = String(state.nextId++)
    const begunAt = runtime.now()
    const image = importedImage(name, id, spec, begunAt)
    state.images.set(id, image)
    state.imports.set(id, { spec, begunAt, endsAt: begunAt + importDurationMs, answer: source(spec.url) })
    return importOperation(name, id, now(id) ?? image)
  }

  /** The import of a spec: what its key has begun already, where it has a key that has, or else a new one. */
  const beginOrFind = (spec: ImportSpec): E.Either<ImageStoreError, Operation> => {
    const [begun] = spec.key === undefined ? [] : keyed(spec.key).filter(({ image }) => !isFailed(image))
    return begun === undefined
      ? E.right(begin(spec))
      : pipe(
          checkKeyed(state, begun, spec),
          E.map(() => importOperation(name, begun.id, begun.image)),
        )
  }

  const deletion = (id: string, outcome: 'deleted' | 'already-gone'): Operation => ({
    ref: operationRefOf(name, 'delete', id),
    kind: 'delete',
    state: 'succeeded',
    image: formatImageRef(name, id),
    outcome,
    losses: [],
  })

  return {
    name,
    provider,
    capabilities,

    can: (operation) => capabilities.operations[operation].supported,

    listPage: (query = {}, at, options) =>
      member('listPage', options, () => {
        if (at !== undefined && !/^\d{1,9}$/.test(at))
          return TE.left(new ImageStoreError('invalid-argument', `"${at}" is no cursor of this store`))
        const start = Number(at ?? 0)
        // Failed imports have left the listing, as they do at real providers; they can still be read.
        const ids = [...state.images.keys()].filter((id) => now(id)?.status !== 'failed')
        const later = Array.from({ length: Math.max(0, Math.ceil((ids.length - start) / pageSize) - 1) }, (_, index) =>
          cursor(String(start + (index + 1) * pageSize)),
        )
        const visible = (image: Image) =>
          (query.scope ?? 'own') === 'all' || (query.scope === 'public') === (image.visibility === 'public')
        return TE.right(
          pageOf(query, {
            images: ids
              .slice(start, start + pageSize)
              .flatMap((id) => now(id) ?? [])
              .filter(visible),
            ahead: later,
          }),
        )
      }),

    get: (ref, options) =>
      member('get', options, () =>
        pipe(
          TE.fromEither(find(ref)),
          TE.map(({ image }) => image),
        ),
      ),

    importFromUrl: (requested, options) =>
      member('importFromUrl', options, () =>
        pipe(
          toImport(capabilities, regions)(requested),
          E.flatMap(({ spec, losses }) =>
            pipe(
              beginOrFind(spec),
              E.map((operation) => ({ ...operation, losses })),
            ),
          ),
          TE.fromEither,
        ),
      ),

    findOperations: (key, options) =>
      member('findOperations', options, () => {
        const reasons = reasonAgainstKey(capabilities, key)
        return Object.keys(reasons).length > 0
          ? TE.left(invalidFields(reasons))
          : TE.right(keyed(key).map(({ id, image }) => importOperation(name, id, image)))
      }),

    update: (ref, patch, options) =>
      member('update', options, () =>
        pipe(
          E.Do,
          E.bind('id', () => imageId(ref)),
          E.bind('checked', () => checkPatch(capabilities)(patch)),
          E.bind('found', () => find(ref)),
          E.map(({ id, found: { image }, checked }) => {
            state.images.set(id, patched(state.images.get(id) ?? image, checked, runtime.now()))
            return now(id) ?? image
          }),
          TE.fromEither,
        ),
      ),

    delete: (ref, options) =>
      member('delete', options, () =>
        pipe(
          imageId(ref),
          E.map((id) => {
            state.imports.delete(id)
            return deletion(id, state.images.delete(id) ? 'deleted' : 'already-gone')
          }),
          TE.fromEither,
        ),
      ),

    getOperations: (refs, options) =>
      member('getOperations', options, (call) =>
        TE.right(
          refs.map(
            (ref): OperationLookup =>
              pipe(
                lookUp(ref),
                E.match(
                  (error): OperationLookup => ({ ref, found: false, error: call.explain(error) }),
                  (operation) => ({ ref, found: true, operation }),
                ),
              ),
          ),
        ),
      ),

    listRegions: (options) =>
      member('listRegions', options, () =>
        TE.right(regions.map((id): Region => ({ id: regionId(id), name: id, acceptsImports: true, raw: undefined }))),
      ),

    ...refuseAll(member, ['replicate', 'createFromServer', 'createFromVolume', 'createFromBackup', 'quota']),
  }
}
