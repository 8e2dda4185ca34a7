import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { type Region, regionId } from '../../src/model/region.ts'
import { checkStoreOptions } from '../../src/store/adapter-options.ts'
import { supports } from '../../src/store/capabilities.ts'
import { invalidFields } from '../../src/store/field-reasons.ts'
import type { ImageStore } from '../../src/store/image-store.ts'
import { memberOf } from '../../src/store/member.ts'
import type { OperationLookup } from '../../src/store/operation.ts'
import { checkLookUpKey } from '../../src/store/operation-key.ts'
import { systemRuntime } from '../../src/store/runtime.ts'
import { reasonAgainst } from './can.ts'
import { everything } from './capabilities.ts'
import { heldImages } from './held.ts'
import { checkPageSize, pageAt } from './listing.ts'
import { making, type Surroundings } from './making.ts'
import { deletion, lookUp } from './operations.ts'
import type { MemoryMachine, MemoryOptions } from './options.ts'
import { checkPatch, patched } from './patching.ts'
import { quotaOf, reasonAgainstMore } from './quota.ts'
import { replicating } from './replicating.ts'
import { toCapture, toImport } from './requests.ts'
import { anySource } from './source.ts'
import { forget, provider, stateOf } from './state.ts'

/** What a store in memory can do unless it is told otherwise: everything. */
export { everything as memoryCapabilities } from './capabilities.ts'
export type { MemoryMachine, MemoryOptions } from './options.ts'
export type { Source, SourceAnswer } from './source.ts'

/**
 * A store that keeps its images in memory: the reference for the port's contract, and a stand-in for tests. It fetches
 * nothing; `source` says what an import finds, `servers` and `volumes` what can be captured.
 */
export const memory = ({
  name = provider,
  regions = ['here'],
  capabilities = everything,
  source = anySource,
  importDurationMs = 0,
  pageSize = 50,
  images = [],
  servers = [],
  volumes = [],
  imageLimits = {},
  runtime = systemRuntime,
}: MemoryOptions = {}): ImageStore => {
  checkStoreOptions({ name, baseUrl: 'http://localhost', credentials: {} })
  checkPageSize(name, pageSize)
  const state = stateOf(name, images)
  const member = memberOf({ name, capabilities, runtime })
  const { now, imageId, find, findFor } = heldImages(name, state, runtime)
  const quotaIn = (region: string) => quotaOf(state, imageLimits, region, runtime.now())

  const surroundings: Surroundings = {
    store: name,
    state,
    now: runtime.now,
    durationMs: importDurationMs,
    imageNow: now,
    checkRoom: (region) => {
      const reason = reasonAgainstMore(quotaIn(region), region)
      return reason === undefined ? E.right(undefined) : E.left(reason)
    },
  }
  const { make, findOperations } = making(surroundings)
  const { replicate, convert } = replicating(surroundings, regions)

  const capture =
    (by: 'createFromServer' | 'createFromVolume', machines: readonly MemoryMachine[]): ImageStore['createFromServer'] =>
    (requested, options) =>
      member(by, options, () =>
        pipe(
          toCapture(capabilities, regions, machines)(requested),
          E.flatMap(({ spec, losses, machine: { region = regions[0] ?? '', bytes = 2 ** 20 } }) =>
            pipe(
              make({ by, spec, region, answer: { found: true, bytes } }),
              E.map((operation) => ({ ...operation, losses })),
            ),
          ),
          TE.fromEither,
        ),
      )

  return {
    name,
    provider,
    capabilities,

    can: (operation, image) =>
      supports(capabilities, operation) && (image === undefined || reasonAgainst(operation, image) === undefined),

    listPage: (query = {}, at, options) =>
      member('listPage', options, () => {
        const all = [...state.images.keys()].flatMap((id) => now(id) ?? [])
        return TE.fromEither(pageAt(all, pageSize, query, at))
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
              make({ by: 'importFromUrl', spec, region: spec.region, answer: source(spec.url) }),
              E.map((operation) => ({ ...operation, losses })),
            ),
          ),
          TE.fromEither,
        ),
      ),

    findOperations: (key, options) =>
      member('findOperations', options, () =>
        pipe(checkLookUpKey(capabilities, key), E.map(findOperations), TE.fromEither),
      ),

    update: (ref, patch, options) =>
      member('update', options, () =>
        pipe(
          E.Do,
          E.tap(() => imageId(ref)),
          E.bind('checked', () => checkPatch(capabilities)(patch)),
          E.bind('held', () => findFor('update', ref)),
          E.map(({ held: { id, image }, checked }) => {
            state.images.set(id, patched(state.images.get(id) ?? image, checked, runtime.now()))
            return now(id) ?? image
          }),
          TE.fromEither,
        ),
      ),

    replicate: (ref, wanted, options) =>
      member('replicate', options, (call) =>
        pipe(
          findFor('replicate', ref),
          E.flatMap((held) => replicate(held, wanted, call.noteCompleted)),
          TE.fromEither,
        ),
      ),

    delete: (ref, options) =>
      member('delete', options, () =>
        pipe(
          imageId(ref),
          E.flatMap((id) => {
            const image = now(id)
            const reason = image === undefined ? undefined : reasonAgainst('delete', image)
            if (reason !== undefined) return E.left(reason)
            const isThere = forget(state, id) && image?.status !== 'deleted'
            return E.right(deletion(name, id, isThere ? 'deleted' : 'already-gone'))
          }),
          TE.fromEither,
        ),
      ),

    createFromServer: capture('createFromServer', servers),
    createFromVolume: capture('createFromVolume', volumes),

    createFromBackup: (ref, options) =>
      member('createFromBackup', options, () => pipe(findFor('createFromBackup', ref), E.map(convert), TE.fromEither)),

    getOperations: (refs, options) =>
      member('getOperations', options, (call) =>
        TE.right(
          refs.map(
            (ref): OperationLookup =>
              pipe(
                lookUp(name, state, runtime.now())(ref),
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

    quota: (region, options) =>
      member('quota', options, () =>
        regions.includes(region)
          ? TE.right(quotaIn(region))
          : TE.left(invalidFields({ region: `There is no region "${region}"` })),
      ),
  }
}
