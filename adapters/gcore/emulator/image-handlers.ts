import type { ApiHandler, ApiRequest } from './api-request.ts'
import { pathNumber, pathText } from './api-request.ts'
import { checkMayChange, deleteImage } from './deletions.ts'
import type { FieldCheck } from './fields.ts'
import { bodyFields, checkFields, isBoolean, isImageName, orNull, words } from './fields.ts'
import { imageBody } from './image-body.ts'
import { readImportRequest } from './import-request.ts'
import type { Imports } from './imports.ts'
import { flag, imageFilter, pageOf } from './list-query.ts'
import { checkImageQuota } from './quota.ts'
import { httpError } from './refusal.ts'
import type { StoredRegion } from './regions.ts'
import type { StoredImage } from './stored-image.ts'
import { isTagPatch, patchTags } from './tag-rules.ts'
import type { World } from './world.ts'
import { imageOf, regionOf } from './world.ts'

/** The routes below one project and one region that concern images. */
export interface ImageHandlers {
  readonly list: ApiHandler
  readonly listOwn: ApiHandler
  readonly listBareMetal: ApiHandler
  readonly get: ApiHandler
  readonly patch: ApiHandler
  readonly remove: ApiHandler
  readonly download: ApiHandler
}

// What can be changed; architecture, os_distro, os_version, visibility and the minimums cannot. [SPEC: facts 3.4]
const changeable: Readonly<Record<string, FieldCheck>> = {
  name: isImageName,
  os_type: words.osType,
  ssh_key: words.sshKey,
  hw_firmware_type: words.firmware,
  hw_machine_type: words.machine,
  is_baremetal: orNull(isBoolean),
  tags: isTagPatch,
}

// Newest first, as the image store underneath lists; the provider does not say. [facts 2.1]
const newestFirst = (a: StoredImage, b: StoredImage): number => b.createdAtMs - a.createdAtMs || (a.id < b.id ? -1 : 1)

/** The handlers over a world. `failing` holds the regions that answer with nothing but a status at the moment. */
export const imageHandlers = (world: World, imports: Imports, failing: ReadonlyMap<number, number>): ImageHandlers => {
  const region = (request: ApiRequest): StoredRegion => {
    const found = regionOf(world, pathNumber(request, 'project_id'), pathNumber(request, 'region_id'))
    const status = failing.get(found.id)
    if (status === undefined) return found
    throw httpError(status, status === 503 ? 'Service Unavailable' : 'Internal Server Error')
  }
  const image = (request: ApiRequest): StoredImage => imageOf(world, region(request).id, pathText(request, 'id'))
  const body = (found: StoredImage, query: URLSearchParams) =>
    imageBody(found, world.settings, flag(query, 'include_prices'))
  const imagesIn = (regionId: number): StoredImage[] =>
    [...world.images.values()].filter(({ region_id }) => region_id === regionId).sort(newestFirst)

  const listed = (request: ApiRequest, isBareMetal: boolean) => {
    const isWanted = world.settings.filters === 'honoured' ? imageFilter(request.query) : () => true
    const found = imagesIn(region(request).id).filter((one) => one.is_baremetal === isBareMetal && isWanted(one))
    // Servers of before 2026-07 do not know limit and offset. [facts 2.1]
    const page =
      world.settings.pagination === 'honoured'
        ? pageOf(found, request.query, 1000)
        : { count: found.length, results: found }
    return { count: page.count, results: page.results.map((one) => body(one, request.query)) }
  }

  return {
    // That bare-metal images are in their own list only is unconfirmed; their detail is under /images all the same.
    list: (request) => listed(request, false),
    listBareMetal: (request) => listed(request, true),
    listOwn: (request) => {
      const own = imagesIn(region(request).id).filter((one) => one.own)
      return { count: own.length, results: own.map((one) => body(one, request.query)) }
    },
    get: (request) => body(image(request), request.query),
    patch: (request) => {
      const found = image(request)
      const fields = bodyFields(request.body)
      checkFields(fields, changeable)
      checkMayChange(found)
      const { tags, is_baremetal: isBareMetal, ...others } = fields
      Object.assign(found, others, { updatedAtMs: world.clock.now() })
      if (isBareMetal !== undefined) found.is_baremetal = isBareMetal === true
      if (tags !== undefined) found.tags = patchTags(found.tags, tags as Readonly<Record<string, string | null>> | null)
      return body(found, request.query)
    },
    remove: (request) => ({ tasks: [deleteImage(world, image(request), request.requestId).id] }),
    download: (request) => {
      const { id } = region(request)
      const wanted = readImportRequest(request.body)
      checkImageQuota(world, id)
      return { tasks: [imports.accept(id, wanted, request.requestId).id] }
    },
  }
}
