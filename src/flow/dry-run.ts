import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { asKind, ImageStoreError } from '../model/error.ts'
import type { Image } from '../model/image.ts'
import { formatOperationRef, type ImageRef, type OperationRef } from '../model/ref.ts'
import type { RegionId } from '../model/region.ts'
import type { ImageStore } from '../store/image-store.ts'
import { type Call, memberOf } from '../store/member.ts'
import type { Loss, Operation, OperationKind, OperationLookup } from '../store/operation.ts'
import type { CaptureSpec, ImagePatch, ImportSpec } from '../store/requests.ts'
import { type Runtime, systemRuntime } from '../store/runtime.ts'
import { withoutSecrets } from '../store/source-url.ts'
import type { StoreTask } from '../store/store-task.ts'
import { checkCapture, checkImport, checkPatch } from './request-checks.ts'

/** A write that a dry run kept back, with what would be lost by it as far as the capabilities tell. */
export type UnsentWrite = {
  /** The name of the store it was meant for. */
  readonly store: string
} & (
  | {
      readonly operation: 'importFromUrl'
      /** The URL is without user info, query and fragment, which may be secrets. */
      readonly spec: ImportSpec
      readonly losses: readonly Loss[]
    }
  | {
      readonly operation: 'createFromServer' | 'createFromVolume'
      readonly spec: CaptureSpec
      readonly losses: readonly Loss[]
    }
  | { readonly operation: 'update'; readonly ref: ImageRef; readonly patch: ImagePatch }
  | { readonly operation: 'replicate'; readonly ref: ImageRef; readonly regions: readonly (RegionId | string)[] }
  | { readonly operation: 'delete' | 'createFromBackup'; readonly ref: ImageRef }
)

/** Is told of every write that a dry run kept back. */
export type DryRunReport = (write: UnsentWrite) => void

const kinds: readonly OperationKind[] = ['import', 'delete', 'replicate', 'capture', 'convert']

/** The operation that stands for one that was not begun; all there is to know of it is in its ref. */
const unsent = (ref: OperationRef, kind: OperationKind, losses: readonly Loss[] = []): Operation => ({
  ref,
  kind,
  state: 'succeeded',
  dryRun: true,
  losses,
})

const readUnsent = (store: string, ref: OperationRef): Operation | undefined => {
  const [, word] =
    /^dry-run\/([a-z]+)\/[1-9]\d*$/.exec(ref.startsWith(`${store}:`) ? ref.slice(store.length + 1) : '') ?? []
  const kind = kinds.find((one) => one === word)
  return kind === undefined ? undefined : unsent(ref, kind)
}

const cannot = (operation: Call['operation'], { ref, status }: Image): ImageStoreError =>
  new ImageStoreError('unsupported', `The store cannot do ${operation} with ${ref} as it is now (${status})`)

/**
 * The same store, except that nothing is changed: reads pass through, and every write is checked and then reported
 * instead of sent. Checked is what the capabilities tell (what is unsupported, fields that cannot be changed or kept,
 * names, tags, keys, URLs), and what is worked on is read, so that a ref which names nothing, or an image that `can`
 * refuses, is found out. What only the provider knows (quotas, rights, whether a file can be fetched, whether a region
 * exists, what a key has begun) is not.
 *
 * What comes back cannot be taken for a result. An operation has `dryRun: true`, names no image and no outcome, and has
 * a ref (`store:dry-run/import/1`) that no store without this decorator takes; with it, in any process, `getOperations`
 * answers with the same, `succeeded`, so that a wait ends at once and a script can be followed to its end. `update`
 * returns the image as it is: unchanged. Later reads see nothing of what was reported: an image that would have been
 * deleted is still there, one that would have been imported is not.
 */
export const dryRun = (
  store: ImageStore,
  report: DryRunReport,
  { runtime = systemRuntime }: { readonly runtime?: Runtime | undefined } = {},
): ImageStore => {
  const { name, capabilities } = store
  const member = memberOf({ name, capabilities, runtime })
  let count = 0

  const standIn = (kind: OperationKind, losses?: readonly Loss[]): Operation => {
    count += 1
    return unsent(formatOperationRef(name, `dry-run/${kind}/${count}`), kind, losses)
  }

  const keepBack = (kind: OperationKind, write: UnsentWrite): Operation => {
    report(write)
    return standIn(kind, 'losses' in write ? write.losses : undefined)
  }

  /** The image that a write is for, where the write can be done with it. */
  const target = (ref: ImageRef, { operation, signal }: Call): StoreTask<Image> =>
    pipe(
      store.get(ref, { signal }),
      TE.mapError((error) => asKind(error, error.kind, { operation })),
      TE.filterOrElse(
        (image) => store.can(operation, image),
        (image) => cannot(operation, image),
      ),
    )

  const capture =
    (operation: 'createFromServer' | 'createFromVolume'): ImageStore['createFromServer'] =>
    (spec, options) =>
      member(operation, options, () =>
        pipe(
          TE.fromEither(checkCapture(capabilities, spec)),
          TE.map((losses) => keepBack('capture', { store: name, operation, spec, losses })),
        ),
      )

  return {
    ...store,

    importFromUrl: (spec, options) =>
      member('importFromUrl', options, () =>
        pipe(
          TE.fromEither(checkImport(capabilities, spec)),
          TE.map((losses) => {
            const shown = { ...spec, url: withoutSecrets(spec.url) }
            return keepBack('import', { store: name, operation: 'importFromUrl', spec: shown, losses })
          }),
        ),
      ),

    update: (ref, patch, options) =>
      member('update', options, (call) =>
        pipe(
          TE.fromEither(checkPatch(capabilities, patch)),
          TE.flatMap(() => target(ref, call)),
          TE.tapIO(() => () => report({ store: name, operation: 'update', ref, patch })),
        ),
      ),

    replicate: (ref, regions, options) =>
      member('replicate', options, (call) =>
        pipe(
          target(ref, call),
          TE.map(() => {
            report({ store: name, operation: 'replicate', ref, regions })
            return regions.map(() => standIn('replicate'))
          }),
        ),
      ),

    delete: (ref, options) =>
      member('delete', options, (call) =>
        pipe(
          target(ref, call),
          TE.map(() => undefined),
          // Deleting what is not there is no error, so asking for it is none either.
          TE.orElse((error) => (error.kind === 'not-found' ? TE.right(undefined) : TE.left(error))),
          TE.map(() => keepBack('delete', { store: name, operation: 'delete', ref })),
        ),
      ),

    createFromServer: capture('createFromServer'),
    createFromVolume: capture('createFromVolume'),

    createFromBackup: (ref, options) =>
      member('createFromBackup', options, (call) =>
        pipe(
          target(ref, call),
          TE.map(() => keepBack('convert', { store: name, operation: 'createFromBackup', ref })),
        ),
      ),

    getOperations: (refs, options) =>
      member('getOperations', options, ({ signal }) => {
        const real = refs.filter((ref) => readUnsent(name, ref) === undefined)
        const looked: StoreTask<readonly OperationLookup[]> =
          real.length === 0 ? TE.right([]) : store.getOperations(real, { signal })
        return pipe(
          looked,
          TE.map((lookups) => {
            const results = lookups[Symbol.iterator]()
            return refs.flatMap((ref): OperationLookup | readonly [] => {
              const operation = readUnsent(name, ref)
              return operation === undefined ? (results.next().value ?? []) : { ref, found: true, operation }
            })
          }),
        )
      }),
  }
}
