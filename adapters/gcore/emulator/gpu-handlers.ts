import type { ApiHandler, ApiRequest } from './api-request.ts'
import { pathText } from './api-request.ts'
import { checkMayChange, deleteImage } from './deletions.ts'
import type { FieldCheck } from './fields.ts'
import { bodyFields, isImageName, isWholeNumber, knownFields } from './fields.ts'
import type { Happening } from './happening.ts'
import { gpuImageBody } from './image-body.ts'
import { readGpuUpload } from './import-request.ts'
import type { Imports } from './imports.ts'
import { pageOfImages } from './list-query.ts'
import { notFound } from './refusal.ts'
import { regionsOfRequests } from './region-request.ts'
import type { StoredRegion } from './regions.ts'
import type { Settings } from './settings.ts'
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
const changeable = (settings: Settings): Readonly<Record<string, FieldCheck>> => ({
  name: isImageName,
  min_disk: isWholeNumber(0, 8192),
  min_ram: isWholeNumber(0, 4_194_304),
  tags: isTagPatch(settings),
})

/**
 * The handlers of a namespace over a world. Whether a region without GPU servers has the list is an option; that it has none
 * of the other routes is unconfirmed.
 */
export const gpuHandlers = (
  world: World,
  imports: Imports,
  happening: Happening,
  namespace: GpuNamespace,
): GpuHandlers => {
  const { settings } = world
  const anyRegion = regionsOfRequests(world)
  const region = (request: ApiRequest): StoredRegion => {
    const found = anyRegion(request)
    if (!found.hasGpu) throw notFound('Region', found.id)
    return found
  }
  const image = (request: ApiRequest): StoredImage =>
    imageOf(world, region(request).id, pathText(request, 'id'), namespace)
  const body = (found: StoredImage) => gpuImageBody(found, settings)

  return {
    // Nothing but limit and offset: this list has no filters. [SPEC]
    list: (request) => {
      const { id } = settings.absentLists === 'empty' ? anyRegion(request) : region(request)
      const { count, results } = pageOfImages(world, imagesIn(world, id, namespace), request.query)
      return { count, results: results.map(body) }
    },
    get: (request) => body(image(request)),
    // Which quota GPU images count to is not published: none is looked at.
    upload: (request) => {
      const { id } = region(request)
      return { tasks: [imports.accept(id, readGpuUpload(request.body, namespace, settings), request.requestId).id] }
    },
    patch: (request) => {
      const found = image(request)
      const fields = knownFields(bodyFields(request.body), changeable(settings), settings)
      checkMayChange(world, found)
      const { tags, ...others } = fields
      Object.assign(found, others, { updatedAtMs: world.clock.now() })
      if (tags !== undefined)
        found.tags = patchTags(found.tags, tags as Readonly<Record<string, string | null>> | null, settings)
      return body(found)
    },
    remove: (request) => ({ tasks: [deleteImage(world, happening, image(request), request.requestId).id] }),
  }
}
