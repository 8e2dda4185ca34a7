import type { ApiRoute } from './api-route.ts'
import { imageAt } from './image-lookup.ts'
import { pageReply } from './paging.ts'
import type { ApiHandler, ApiReply, ApiRequest } from './reply.ts'
import { badRequest, bodyFields, forbidden, notFound, unprocessable } from './reply.ts'
import type { StoredImage } from './stored-image.ts'
import { isTagName } from './tag-book.ts'
import { badTag } from './tag-refusal.ts'
import { changeImage, type World } from './world.ts'

const none = { count: 0 }

/**
 * The tag as it is read, with what carries it: counts and one URI, no ids. Here only images can.
 * [O:tags/models/tags.yml; EX:spec.tag.get.200, whose doubled `tag` is a slip]
 */
const tagBody = ({ images, tags: book }: World, name: string, origin: string) => {
  const tagged = [...images.values()].filter(({ tags, status }) => tags.includes(name) && status !== 'deleted')
  const last = tagged.find(({ id }) => id === book.lastTagged(name)) ?? tagged.at(-1)
  const count = {
    count: tagged.length,
    ...(last !== undefined && { last_tagged_uri: `${origin}/v2/images/${last.id}` }),
  }
  return {
    name,
    resources: { ...count, droplets: none, images: count, volumes: none, volume_snapshots: none, databases: none },
  }
}

const setTags = (world: World, image: StoredImage, name: string, carries: boolean): void => {
  const others = image.tags.filter((tag) => tag !== name)
  changeImage(world, image.id, { tags: carries ? [...others, name] : others })
  if (carries) world.tags.noteTagged(name, image.id)
}

/** The images that a body's `resources` name. Ids are text; numbers are let through. [O:tags_assign_resources.yml] */
const resourcesOf = (world: World, request: ApiRequest): { readonly images: readonly StoredImage[] } | ApiReply => {
  const resources = bodyFields(request)?.['resources']
  if (request.body.kind !== 'json') return badRequest
  if (!Array.isArray(resources)) return unprocessable('resources is required')
  const { tagBatchLimit } = world.settings
  // That there is such a limit is unconfirmed. [facts 10]
  if (tagBatchLimit !== undefined && resources.length > tagBatchLimit) return unprocessable('too many resources')
  const images: StoredImage[] = []
  for (const resource of resources as readonly unknown[]) {
    const { resource_id: id, resource_type: type } = { ...(resource as Readonly<Record<string, unknown>> | null) }
    const isId = typeof id === 'string' || typeof id === 'number'
    const image = type === 'image' && isId ? imageAt(world, String(id)) : undefined
    // Whether one that is missing fails the whole request is unconfirmed; and there is nothing but images here.
    if (image === undefined || image.status === 'deleted') return notFound
    // Whether public images can be tagged is unconfirmed. [facts 10]
    if (image.public && world.settings.taggingPublic === 'refused') return forbidden
    images.push(image)
  }
  return { images }
}

const assign =
  (world: World, carries: boolean): ApiHandler =>
  (request) => {
    const { tag = '' } = request.params
    // Another spelling than the canonical one is another URL. [O:tags/models/tags.yml; PK:step_snapshot.go]
    if (!world.tags.has(tag)) return notFound
    const found = resourcesOf(world, request)
    if (!('images' in found)) return found
    for (const image of found.images) setTags(world, image, tag, carries)
    return { status: 204 }
  }

/** What concerns tags. [O:resources/tags] */
export const tagRoutes = (world: World): readonly ApiRoute[] => [
  {
    method: 'GET',
    path: '/v2/tags',
    scopes: ['tag:read'],
    handler: (request) => {
      const rows = world.tags.names().map((name) => tagBody(world, name, request.origin))
      return pageReply(request, 'tags', rows, world.settings)
    },
  },
  {
    method: 'POST',
    path: '/v2/tags',
    scopes: ['tag:create'],
    handler: (request) => {
      const fields = bodyFields(request)
      if (fields === undefined) return badRequest
      const { name } = fields
      if (name === undefined || name === null) return unprocessable('name is required')
      if (!isTagName(name)) return badTag(name)
      // One that exists is answered as a new one is, in its canonical spelling. [TF:tag/tags.go SetTags; oc:f9774220]
      return { status: 201, body: { tag: tagBody(world, world.tags.ensure(name), request.origin) } }
    },
  },
  {
    method: 'GET',
    path: '/v2/tags/:tag',
    scopes: ['tag:read'],
    handler: ({ params: { tag = '' }, origin }) =>
      world.tags.has(tag) ? { status: 200, body: { tag: tagBody(world, tag, origin) } } : notFound,
  },
  {
    method: 'DELETE',
    path: '/v2/tags/:tag',
    scopes: ['tag:delete'],
    handler: ({ params: { tag = '' } }) => {
      if (!world.tags.has(tag)) return notFound
      world.tags.remove(tag)
      for (const image of world.images.values()) if (image.tags.includes(tag)) setTags(world, image, tag, false)
      return { status: 204 }
    },
  },
  {
    method: 'POST',
    path: '/v2/tags/:tag/resources',
    scopes: ['tag:create', 'image:update'],
    handler: assign(world, true),
  },
  {
    method: 'DELETE',
    path: '/v2/tags/:tag/resources',
    scopes: ['tag:delete', 'image:update'],
    handler: assign(world, false),
  },
]
