import type { Image } from '../../src/model/image.ts'
import { formatImageRef, formatOperationRef, type ImageRef, type OperationRef } from '../../src/model/ref.ts'
import { type RegionId, regionId } from '../../src/model/region.ts'
import { sizeFromBytes } from '../../src/model/size.ts'
import type { Operation } from '../../src/store/operation.ts'
import type { ImportSpec } from '../../src/store/requests.ts'
import type { SourceAnswer } from './source.ts'

/** The provider's word for itself. */
export const provider = 'memory'

/** An import as it was begun; what has become of it follows from the time. */
export interface Import {
  readonly spec: ImportSpec
  /** Milliseconds since the epoch. */
  readonly begunAt: number
  /** Milliseconds since the epoch. */
  readonly endsAt: number
  readonly answer: SourceAnswer
}

/** Everything the store holds: images as they were last written, and the imports that make some of them. */
export interface State {
  readonly images: Map<string, Image>
  readonly imports: Map<string, Import>
  nextId: number
}

const refOf = (store: string, id: string): ImageRef => formatImageRef(store, id)

/** The ref of the import, or of the deletion, of an image. */
export const operationRefOf = (store: string, kind: 'import' | 'delete', id: string): OperationRef =>
  formatOperationRef(store, `${kind}/${id}`)

/** The image as an import begins it. */
export const importedImage = (store: string, id: string, spec: ImportSpec, begunAt: number): Image => ({
  ref: refOf(store, id),
  provider,
  name: spec.name,
  kind: spec.bareMetal === true ? 'bare-metal' : 'custom',
  visibility: 'private',
  status: 'queued',
  providerStatus: 'queued',
  os: spec.os,
  architecture: spec.architecture,
  firmware: spec.firmware,
  machineType: spec.machineType,
  sshKeyPolicy: spec.sshKeyPolicy,
  createdAt: new Date(begunAt).toISOString(),
  description: spec.description,
  regions: [],
  tags: spec.tags ?? [],
  provenance: { operation: operationRefOf(store, 'import', id), key: spec.key },
  raw: undefined,
})

/** How far an import is at a time, in milliseconds since the epoch. It waits for a tenth of its time and then runs. */
export const progressAt = (
  { begunAt, endsAt, answer }: Import,
  now: number,
): 'queued' | 'importing' | 'available' | 'failed' => {
  if (now >= endsAt) return answer.found ? 'available' : 'failed'
  return now < begunAt + (endsAt - begunAt) / 10 ? 'queued' : 'importing'
}

/** An image as it is at a time. */
export const imageAt = (image: Image, begun: Import | undefined, now: number): Image => {
  if (begun === undefined) return image
  const status = progressAt(begun, now)
  const { answer, spec } = begun
  if (status === 'failed')
    return { ...image, status, providerStatus: status, failure: answer.found ? undefined : answer.reason }
  if (status !== 'available') return { ...image, status, providerStatus: status }
  const regions: readonly RegionId[] = [regionId(spec.region)]
  return {
    ...image,
    status,
    providerStatus: status,
    regions,
    size: answer.found ? sizeFromBytes(answer.bytes) : undefined,
  }
}

/** The import of an image as an operation. */
export const importOperation = (store: string, id: string, image: Image): Operation => ({
  ref: operationRefOf(store, 'import', id),
  kind: 'import',
  state:
    image.status === 'importing'
      ? 'running'
      : image.status === 'available'
        ? 'succeeded'
        : image.status === 'failed'
          ? 'failed'
          : 'queued',
  image: image.ref,
  failure: image.failure,
  losses: [],
  startedAt: image.createdAt,
})
