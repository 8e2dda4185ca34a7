import { addImage } from './adding.ts'
import type { ApiRoute } from './api-route.ts'
import { deletedAgain } from './deleted-again.ts'
import { createdImageBody, imageBody, singleImageBody } from './image-body.ts'
import { filterImages } from './image-filter.ts'
import { imageAt, ownImageAt } from './image-lookup.ts'
import { readUpdate } from './image-update.ts'
import { readImportRequest } from './import-request.ts'
import { importStep } from './imports.ts'
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
import { plan } from './steps.ts'
import type { StoredImage } from './stored-image.ts'
import { changeImage, type World } from './world.ts'

const list = (world: World, request: ApiRequest): ApiReply => {
  const found = filterImages(world, request.query)
  if (isRefusal(found)) return found
  const rows = found.images.map((image) => imageBody(image, world.settings))
  return pageReply(request, 'images', rows, world.settings)
}

/** A slug is good for public images only; deleted ones are still answered by id. [O:images_get.yml; I:digitalocean/doctl#671] */
const get = (world: World, key: string | undefined): ApiReply => {
  const image = imageAt(world, key) ?? [...world.images.values()].find((one) => one.public && one.slug === key)
  if (image === undefined) return notFound
  return { status: 200, body: { image: singleImageBody(image, world.settings) } }
}

const isUnfinished = ({ status }: StoredImage): boolean => status === 'NEW' || status === 'pending'

const isFull = ({ images, settings: { customImageLimit } }: World): boolean =>
  customImageLimit !== undefined &&
  [...images.values()].filter(({ type, status }) => type === 'custom' && status !== 'deleted').length >=
    customImageLimit

const create = (world: World, request: ApiRequest): ApiReply => {
  const wanted = readImportRequest(request, world.settings)
  if (!wanted.ok) return wanted.reply
  const { name, distribution, description, tags, url, region } = wanted
  // [O:shared/attributes/tags_array.yml]
  if (tags.length > 0 && !world.settings.scopes.includes('tag:create')) return forbidden
  // That there is such a limit, and how it is told, is unconfirmed. [facts 6]
  if (isFull(world)) return unprocessable('You have reached the limit of custom images.')
  const { imageListedAfter, imageReadableAfter } = world.settings
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
    ...(imageListedAfter > 0 && { listedFromMs: world.clock.now() + imageListedAfter }),
    ...(imageReadableAfter > 0 && { readableFromMs: world.clock.now() + imageReadableAfter }),
  })
  plan(world, importStep(world, { image: image.id, url, region }))
  return { status: 202, body: { image: createdImageBody(image, world.settings) } }
}

const update = (world: World, request: ApiRequest): ApiReply => {
  const image = ownImageAt(world, request.params['image'])
  if (isRefusal(image)) return image
  // Whether a deleted or failed image can be updated is unconfirmed.
  if (image.status === 'deleted') return notFound
  if (world.settings.updatePending === 'refused' && isUnfinished(image)) return unprocessable('Image is not available.')
  const fields = bodyFields(request)
  if (fields === undefined) return badRequest
  const wanted = readUpdate(fields, image, world.settings)
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
  if (image.status === 'deleted') return deletedAgain(world.settings)
  if (world.settings.deletePending === 'refused' && isUnfinished(image)) return unprocessable('Image is not available.')
  // Both were seen for custom images. That other kinds are gone at once is unconfirmed. [TF:resource_custom_image_test.go]
  if (image.type === 'custom' && world.settings.deletedAnswers === 'deleted') {
    changeImage(world, image.id, { status: 'deleted', regions: [], tags: [], deletedAtMs: world.clock.now() })
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
