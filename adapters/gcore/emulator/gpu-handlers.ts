import type { ApiHandler, ApiRequest } from './api-request.ts'
import { pathText } from './api-request.ts'
import { checkMayChange, deleteImage } from './deletions.ts'
import type { FieldCheck } from './fields.ts'
import { bodyFields, checkFields, isImageName, isWholeNumber } from './fields.ts'
import { gpuImageBody } from './image-body.ts'
import { readGpuUpload } from './import-request.ts'
import type { Imports } from './imports.ts'
import { pageOfImages } from './list-query.ts'
import { notFound } from './refusal.ts'
import { regionsOfRequests } from './region-request.ts'
import type { StoredRegion } from './regions.ts'
import type { GpuNamespace, StoredImage } from './stored-image.ts'
import { isTagPatch, patchTags } from './tag-rules.ts'
import type { World } from './world.ts'
import { imageOf, imagesIn } from './world.ts'

/** The routes of one namespace of GPU images, below one project and one region. */
export interface GpuHandlers {
  readonly list: ApiHandler
  readonly get: ApiHandler
  readonly upload: ApiHandler
  readonly patch: ApiHandler
  readonly remove: ApiHandler
}

// [SPEC UpdateGpuImageSerializer]
const changeable: Readonly<Record<string, FieldCheck>> = {
  name: isImageName,
  min_disk: isWholeNumber(0, 8192),
  min_ram: isWholeNumber(0, 4_194_304),
  tags: isTagPatch,
}

/**
 * The handlers of a namespace over a world. `failing` holds the regions that answer with nothing but a status at the moment.
 * That a region without GPU servers has none of these routes is unconfirmed.
 */
export const gpuHandlers = (
  world: World,
  imports: Imports,
  failing: ReadonlyMap<number, number>,
  namespace: GpuNamespace,
): GpuHandlers => {
  const anyRegion = regionsOfRequests(world, failing)
  const region = (request: ApiRequest): StoredRegion => {
    const found = anyRegion(request)
    if (!found.hasGpu) throw notFound('Region', found.id)
    return found
  }
  const image = (request: ApiRequest): StoredImage =>
    imageOf(world, region(request).id, pathText(request, 'id'), namespace)
  const body = (found: StoredImage) => gpuImageBody(found, world.settings)

  return {
    // Nothing but limit and offset: this list has no filters. [SPEC]
    list: (request) => {
      const { count, results } = pageOfImages(world, imagesIn(world, region(request).id, namespace), request.query)
      return { count, results: results.map(body) }
    },
    get: (request) => body(image(request)),
    // Which quota GPU images count to is not published: none is looked at.
    upload: (request) => {
      const { id } = region(request)
      return { tasks: [imports.accept(id, readGpuUpload(request.body, namespace), request.requestId).id] }
    },
    patch: (request) => {
      const found = image(request)
      const fields = bodyFields(request.body)
      checkFields(fields, changeable)
      checkMayChange(found)
      const { tags, ...others } = fields
      Object.assign(found, others, { updatedAtMs: world.clock.now() })
      if (tags !== undefined) found.tags = patchTags(found.tags, tags as Readonly<Record<string, string | null>> | null)
      return body(found)
    },
    remove: (request) => ({ tasks: [deleteImage(world, image(request), request.requestId).id] }),
  }
}
