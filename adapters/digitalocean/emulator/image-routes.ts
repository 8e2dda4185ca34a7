import type { ApiRoute } from './api-route.ts'
import { createdImageBody, imageBody } from './image-body.ts'
import { filterImages } from './image-filter.ts'
import { imageAt, ownImageAt } from './image-lookup.ts'
import { readUpdate } from './image-update.ts'
import { readImportRequest } from './import-request.ts'
import { startImport } from './imports.ts'
import { pageReply } from './paging.ts'
import {
  type ApiReply,
  type ApiRequest,
  badRequest,
  bodyFields,
  forbidden,
  isRefusal,
  notFound,
  unprocessable,
} from './reply.ts'
import { addImage, changeImage, type World } from './world.ts'

const list = (world: World, request: ApiRequest): ApiReply => {
  const found = filterImages(world.images.values(), request.query)
  if (isRefusal(found)) return found
  const rows = found.images.map((image) => imageBody(image, world.settings.statusCase))
  return pageReply(request, 'images', rows, world.settings)
}

/** A slug is good for public images only; deleted ones are still answered by id. [O:images_get.yml; I:digitalocean/doctl#671] */
const get = (world: World, key: string | undefined): ApiReply => {
  const image = imageAt(world, key) ?? [...world.images.values()].find((one) => one.public && one.slug === key)
  if (image === undefined) return notFound
  return { status: 200, body: { image: imageBody(image, world.settings.statusCase) } }
}

const create = (world: World, request: ApiRequest): ApiReply => {
  const wanted = readImportRequest(request)
  if (!wanted.ok) return wanted.reply
  const { name, distribution, description, tags, url, region } = wanted
  // [O:shared/attributes/tags_array.yml]
  if (tags.length > 0 && !world.settings.scopes.includes('tag:create')) return forbidden
  const image = addImage(world, {
    name,
    distribution,
    description,
    tags,
    type: 'custom',
    status: 'NEW',
    regions: [],
    min_disk_size: null,
    size_gigabytes: null,
  })
  startImport(world, { imageId: image.id, url, region })
  return { status: 202, body: { image: createdImageBody(image, world.settings.statusCase) } }
}

const update = (world: World, request: ApiRequest): ApiReply => {
  const image = ownImageAt(world, request.params['image'])
  if (isRefusal(image)) return image
  // Whether a deleted or failed image can be updated is unconfirmed.
  if (image.status === 'deleted') return notFound
  const fields = bodyFields(request)
  if (fields === undefined) return badRequest
  const wanted = readUpdate(fields, image)
  if (isRefusal(wanted)) return wanted
  changeImage(world, image.id, wanted.change)
  return get(world, String(image.id))
}

/**
 * Deletes at once and everywhere, at any stage of an import. A custom image that is `deleted` already, by its owner or by a
 * failed import, is refused: the text is the provider's, its status is likely.
 * [TF:resource_custom_image.go Delete; I:digitalocean/terraform-provider-digitalocean#616]
 */
const remove = (world: World, id: string | undefined): ApiReply => {
  const image = ownImageAt(world, id)
  if (isRefusal(image)) return image
  if (image.status === 'deleted') return unprocessable('Image Can not delete an already deleted image.')
  // Both were seen for custom images. That other kinds are gone at once is unconfirmed. [TF:resource_custom_image_test.go]
  if (image.type === 'custom' && world.settings.deletedAnswers === 'deleted') {
    changeImage(world, image.id, { status: 'deleted', regions: [], tags: [] })
  } else {
    world.images.delete(image.id)
  }
  return { status: 204 }
}

/** What concerns images, their actions apart. [O:resources/images] */
export const imageRoutes = (world: World): readonly ApiRoute[] => [
  { method: 'GET', path: '/v2/images', scopes: ['image:read'], handler: (request) => list(world, request) },
  { method: 'POST', path: '/v2/images', scopes: ['image:create'], handler: (request) => create(world, request) },
  {
    method: 'GET',
    path: '/v2/images/:image',
    scopes: ['image:read'],
    handler: ({ params }) => get(world, params['image']),
  },
  { method: 'PUT', path: '/v2/images/:image', scopes: ['image:update'], handler: (request) => update(world, request) },
  {
    method: 'DELETE',
    path: '/v2/images/:image',
    scopes: ['image:delete'],
    handler: ({ params }) => remove(world, params['image']),
  },
]
