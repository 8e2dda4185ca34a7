import { actionBody, type StoredAction } from './action-body.ts'
import { actionsInOrder, isReadable } from './action-lookup.ts'
import type { ApiRoute } from './api-route.ts'
import { pendingAction, startSnapshot } from './droplet-actions.ts'
import { isListed } from './image-lookup.ts'
import { pageReply } from './paging.ts'
import { regionBody, regionBySlug } from './regions.ts'
import {
  type ApiReply,
  type ApiRequest,
  badRequest,
  bodyFields,
  idIn,
  isRefusal,
  notFound,
  unknownActionType,
} from './reply.ts'
import { dropletImageBody } from './snapshot-body.ts'
import type { StoredDroplet } from './stored-droplet.ts'
import type { StoredImage } from './stored-image.ts'
import type { World } from './world.ts'

/** What concerns Droplets, as far as images are made of them. [O:resources/droplets] */
export const dropletRoutes = (world: World): readonly ApiRoute[] => {
  const withSizes = world.settings.scopes.includes('sizes:read')

  const imagesOf = (droplet: StoredDroplet, type: StoredImage['type']): readonly StoredImage[] =>
    [...world.images.values()].filter(
      (image) => image.droplet === droplet.id && image.type === type && isListed(image, world),
    )

  const dropletBody = (droplet: StoredDroplet) => {
    const region = regionBySlug(droplet.region)
    return {
      id: droplet.id,
      name: droplet.name,
      locked: pendingAction(world, droplet.id) !== undefined,
      status: 'active',
      backup_ids: imagesOf(droplet, 'backup').map(({ id }) => id),
      snapshot_ids: imagesOf(droplet, 'snapshot').map(({ id }) => id),
      region: region === undefined ? { slug: droplet.region } : regionBody(region, withSizes),
    }
  }

  const onDroplet =
    (answer: (droplet: StoredDroplet, request: ApiRequest) => ApiReply) =>
    (request: ApiRequest): ApiReply => {
      const droplet = world.droplets.get(idIn(request.params['droplet']) ?? -1)
      return droplet === undefined ? notFound : answer(droplet, request)
    }

  const isOf = (droplet: StoredDroplet, { resourceType, resourceId }: StoredAction): boolean =>
    resourceType === 'droplet' && resourceId === droplet.id

  const lists = (type: 'snapshot' | 'backup'): ApiRoute => ({
    method: 'GET',
    path: `/v2/droplets/:droplet/${type}s`,
    scopes: ['droplet:read'],
    handler: onDroplet((droplet, request) =>
      pageReply(request, `${type}s`, imagesOf(droplet, type).map(dropletImageBody), world.settings),
    ),
  })

  return [
    {
      method: 'GET',
      path: '/v2/droplets/:droplet',
      scopes: ['droplet:read'],
      handler: onDroplet((droplet) => ({ status: 200, body: { droplet: dropletBody(droplet) } })),
    },
    {
      method: 'POST',
      path: '/v2/droplets/:droplet/actions',
      // What a snapshot needs; other actions are not here. [O:dropletActions_post.yml]
      scopes: ['droplet:update', 'image:create'],
      handler: onDroplet((droplet, request) => {
        const fields = bodyFields(request)
        if (fields === undefined) return badRequest
        if (fields['type'] !== 'snapshot') return unknownActionType
        const action = startSnapshot(world, droplet, fields['name'])
        return isRefusal(action) ? action : { status: 201, body: { action: actionBody(action, world.settings) } }
      }),
    },
    {
      method: 'GET',
      path: '/v2/droplets/:droplet/actions',
      scopes: ['droplet:read'],
      handler: onDroplet((droplet, request) => {
        const rows = actionsInOrder(world).filter((action) => isOf(droplet, action))
        return pageReply(
          request,
          'actions',
          rows.map((action) => actionBody(action, world.settings)),
          world.settings,
        )
      }),
    },
    {
      method: 'GET',
      path: '/v2/droplets/:droplet/actions/:action',
      scopes: ['droplet:read'],
      // [O:dropletActions_get.yml]
      handler: onDroplet((droplet, { params }) => {
        const action = world.actions.get(idIn(params['action']) ?? -1)
        return action !== undefined && isOf(droplet, action) && isReadable(action, world)
          ? { status: 200, body: { action: actionBody(action, world.settings) } }
          : notFound
      }),
    },
    lists('snapshot'),
    lists('backup'),
  ]
}
