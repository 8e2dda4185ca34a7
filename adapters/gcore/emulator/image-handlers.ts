import type { ApiHandler, ApiRequest } from './api-request.ts'
import { pathText } from './api-request.ts'
import type { CaptureRequest } from './capture-request.ts'
import { readCaptureRequest } from './capture-request.ts'
import { captureVolume, volumeOf } from './captures.ts'
import { checkMayChange, deleteImage } from './deletions.ts'
import type { FieldCheck } from './fields.ts'
import { bodyFields, isBoolean, isImageName, isMachineType, knownFields, orNull, words } from './fields.ts'
import type { Happening } from './happening.ts'
import { imageBody } from './image-body.ts'
import { readImportRequest } from './import-request.ts'
import type { Imports } from './imports.ts'
import { flag, imageFilter, pageOfImages } from './list-query.ts'
import { checkImageQuota } from './quota.ts'
import { notFound } from './refusal.ts'
import { regionsOfRequests } from './region-request.ts'
import type { Settings } from './settings.ts'
import type { StoredImage } from './stored-image.ts'
import { isTagPatch, patchTags } from './tag-rules.ts'
import type { World } from './world.ts'
import { imageOf, imagesIn } from './world.ts'

/** The routes below one project and one region that concern images. */
export interface ImageHandlers {
  readonly list: ApiHandler
  readonly create: ApiHandler
  readonly listOwn: ApiHandler
  readonly listBareMetal: ApiHandler
  readonly listAi: ApiHandler
  readonly createBareMetal: ApiHandler
  readonly get: ApiHandler
  readonly patch: ApiHandler
  readonly remove: ApiHandler
  readonly download: ApiHandler
}

// What can be changed; architecture, os_distro, os_version, visibility and the minimums cannot. [SPEC: facts 3.4]
const changeable = (settings: Settings): Readonly<Record<string, FieldCheck>> => ({
  name: isImageName,
  os_type: words.osType,
  ssh_key: words.sshKey,
  hw_firmware_type: words.firmware,
  hw_machine_type: isMachineType(settings),
  is_baremetal: orNull(isBoolean),
  tags: isTagPatch(settings),
})

/** The handlers over a world. */
export const imageHandlers = (world: World, imports: Imports, happening: Happening): ImageHandlers => {
  const { settings } = world
  const region = regionsOfRequests(world)
  const image = (request: ApiRequest): StoredImage => imageOf(world, region(request).id, pathText(request, 'id'))
  const body = (found: StoredImage, query: URLSearchParams) => imageBody(found, settings, flag(query, 'include_prices'))
  const listed = (request: ApiRequest, images: readonly StoredImage[]) => {
    const page = pageOfImages(world, images.filter(imageFilter(request.query, settings)), request.query)
    return { count: page.count, results: page.results.map((one) => body(one, request.query)) }
  }

  const created = (request: ApiRequest, wanted: CaptureRequest) => {
    const { id } = region(request)
    const volume = volumeOf(world, id, wanted.volumeId)
    checkImageQuota(world, id)
    return { tasks: [captureVolume(world, happening, volume, wanted, request.requestId).id] }
  }

  return {
    // Whether bare-metal images are in their own list only is unconfirmed, and an option; their detail is under /images.
    list: (request) => {
      const { id, hasBaremetal } = region(request)
      const areElsewhere = hasBaremetal && !settings.bareMetalInImages
      return listed(
        request,
        imagesIn(world, id).filter((one) => !(areElsewhere && one.is_baremetal)),
      )
    },
    // Whether a region without bare metal has such a list is an option.
    listBareMetal: (request) => {
      const { id, hasBaremetal } = region(request)
      if (!hasBaremetal && settings.absentLists === 'not-found') throw notFound('Region', id)
      const { count, results } = listed(
        request,
        imagesIn(world, id).filter((one) => hasBaremetal && one.is_baremetal),
      )
      // "Boolean or null, always true". [SPEC BareMetalImageSerializer: facts 3.1]
      const flagged = settings.bareMetalFlag === 'true' ? {} : { is_baremetal: null }
      return { count, results: results.map((one) => ({ ...one, ...flagged })) }
    },
    // The deprecated list of what `/v3/gpu/baremetal` has now, in the fields of other images and with two filters. [SPEC AIImageSerializer]
    listAi: (request) => {
      const { id, hasGpu } = region(request)
      if (!hasGpu && settings.absentLists === 'not-found') throw notFound('Region', id)
      const query = new URLSearchParams([...request.query].filter(([name]) => ['private', 'visibility'].includes(name)))
      const found = imagesIn(world, id, 'baremetal').filter(imageFilter(query, settings))
      return { count: found.length, results: found.map((one) => body(one, query)) }
    },
    // Whether bare-metal images are among the project's is unconfirmed, and an option.
    listOwn: (request) => {
      const { id, hasBaremetal } = region(request)
      const areElsewhere = hasBaremetal && !settings.bareMetalInProjectImages
      const own = imagesIn(world, id).filter((one) => one.own && !(areElsewhere && one.is_baremetal))
      return { count: own.length, results: own.map((one) => body(one, request.query)) }
    },
    get: (request) => body(image(request), request.query),
    patch: (request) => {
      const found = image(request)
      const fields = knownFields(bodyFields(request.body), changeable(settings), settings)
      checkMayChange(world, found)
      const { tags, is_baremetal: isBareMetal, ...others } = fields
      Object.assign(found, others, { updatedAtMs: world.clock.now() })
      if (isBareMetal !== undefined) found.is_baremetal = isBareMetal === true
      if (tags !== undefined)
        found.tags = patchTags(found.tags, tags as Readonly<Record<string, string | null>> | null, settings)
      // The guide's answer has three fields, the specification's all. [PD:manage-custom-images]
      return settings.patchAnswer === 'image'
        ? body(found, request.query)
        : { id: found.id, name: found.name, status: found.status }
    },
    create: (request) => created(request, readCaptureRequest(request.body, settings)),
    // What is made here is for bare metal, whether its body says so or not: so the path is read, as nothing more is published.
    createBareMetal: (request) => {
      const { id, hasBaremetal } = region(request)
      if (!hasBaremetal) throw notFound('Region', id)
      const wanted = readCaptureRequest(request.body, settings)
      return created(request, { ...wanted, image: { ...wanted.image, is_baremetal: true } })
    },
    remove: (request) => ({ tasks: [deleteImage(world, happening, image(request), request.requestId).id] }),
    download: (request) => {
      const { id } = region(request)
      const wanted = readImportRequest(request.body, settings)
      checkImageQuota(world, id)
      return { tasks: [imports.accept(id, wanted, request.requestId).id] }
    },
  }
}
