import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { ImageStoreError } from '../../src/model/error.ts'
import type { Image, ImageKind } from '../../src/model/image.ts'
import { distributionName } from '../../src/model/operating-system.ts'
import { formatImageRef } from '../../src/model/ref.ts'
import { regionId } from '../../src/model/region.ts'
import { isFailed } from '../../src/model/status.ts'
import type { Operation } from '../../src/store/operation.ts'
import type { CaptureSpec, ImportSpec } from '../../src/store/requests.ts'
import type { HeldImage } from './held.ts'
import { checkKeyed, idsOfKey } from './keys.ts'
import { makingOperation, makingRefOf } from './operations.ts'
import type { SourceAnswer } from './source.ts'
import { provider, type State } from './state.ts'

/** What an image is to be made of. */
export type Made =
  | { readonly by: 'importFromUrl'; readonly spec: ImportSpec; readonly region: string; readonly answer: SourceAnswer }
  | {
      readonly by: 'createFromServer' | 'createFromVolume'
      readonly spec: CaptureSpec
      readonly region: string
      readonly answer: SourceAnswer
    }

const kindOf = ({ by, spec }: Made): ImageKind => {
  if (by === 'importFromUrl' && spec.gpu === true) return spec.bareMetal === true ? 'gpu-bare-metal' : 'gpu-virtual'
  if (spec.bareMetal === true) return 'bare-metal'
  return by === 'createFromServer' ? 'snapshot' : 'custom'
}

const osOf = (made: Made): Image['os'] => {
  if (made.by === 'importFromUrl') {
    const { os } = made.spec
    return os === undefined ? undefined : { ...os, distribution: distributionName(os.distribution) ?? os.distribution }
  }
  const { osFamily } = made.spec
  return osFamily === undefined ? undefined : { family: osFamily }
}

const firstImage = (store: string, id: string, made: Made, begunAt: number): Image => {
  const { spec } = made
  return {
    ref: formatImageRef(store, id),
    provider,
    name: spec.name,
    kind: kindOf(made),
    visibility: 'private',
    status: 'queued',
    providerStatus: 'queued',
    os: osOf(made),
    architecture: spec.architecture,
    firmware: spec.firmware,
    machineType: spec.machineType,
    sshKeyPolicy: spec.sshKeyPolicy,
    createdAt: new Date(begunAt).toISOString(),
    description: made.by === 'importFromUrl' ? made.spec.description : undefined,
    regions: [],
    // The caller's own objects may change after the call.
    tags: (spec.tags ?? []).map((tag) => ({ ...tag })),
    provenance: {
      operation: makingRefOf(store, id, made),
      key: spec.key,
      server: made.by === 'createFromServer' ? made.spec.source : undefined,
    },
    raw: undefined,
  }
}

/** What the making of images needs beside the state: the time, and whether there is room. */
export interface Surroundings {
  readonly store: string
  readonly state: State
  readonly now: () => number
  readonly durationMs: number
  readonly checkRoom: (region: string) => E.Either<ImageStoreError, void>
  readonly imageNow: (id: string) => Image | undefined
}

/** Imports and captures: what their key has begun already, where they have a key that has, or else a new one. */
export const making = ({ store, state, now, durationMs, checkRoom, imageNow }: Surroundings) => {
  const operationOf = ({ id, image }: HeldImage): Operation => makingOperation(store, id, image, state.makings.get(id))

  /** What a key has begun, oldest first, as it is now. */
  const keyed = (key: string): readonly HeldImage[] =>
    idsOfKey(state, key).flatMap((id) => {
      const image = imageNow(id)
      return image === undefined ? [] : [{ id, image }]
    })

  const begin = (made: Made): Operation => {
    const id = String(state.nextId++)
    const begunAt = now()
    const image = firstImage(store, id, made, begunAt)
    state.images.set(id, image)
    state.makings.set(id, { ...made, region: regionId(made.region), begunAt, endsAt: begunAt + durationMs })
    return operationOf({ id, image: imageNow(id) ?? image })
  }

  return {
    findOperations: (key: string): readonly Operation[] => keyed(key).map(operationOf),

    make: (made: Made): E.Either<ImageStoreError, Operation> => {
      const [begun] = made.spec.key === undefined ? [] : keyed(made.spec.key).filter(({ image }) => !isFailed(image))
      return begun === undefined
        ? pipe(
            checkRoom(made.region),
            E.map(() => begin(made)),
          )
        : pipe(
            checkKeyed(state, begun, made),
            E.map(() => operationOf(begun)),
          )
    },
  }
}
