import { actionBody, type StoredAction } from './action-body.ts'
import { actionsInOrder, isReadable } from './action-lookup.ts'
import { isOfImage, startAction } from './actions.ts'
import type { ApiRoute } from './api-route.ts'
import { imageAt, ownImageAt } from './image-lookup.ts'
import { pageReply } from './paging.ts'
import { type ApiReply, badRequest, bodyFields, idIn, isRefusal, notFound } from './reply.ts'
import type { World } from './world.ts'

/**
 * What concerns actions: those on images, and all of them in one list. The same action is found below its image, or its Droplet,
 * and globally. [O:resources/images/imageActions_*.yml, resources/actions]
 */
export const actionRoutes = (world: World): readonly ApiRoute[] => {
  const body = (action: StoredAction) => actionBody(action, world.settings)
  const found = (action: StoredAction | undefined): ApiReply =>
    action === undefined ? notFound : { status: 200, body: { action: body(action) } }
  const actionAt = (id: string | undefined): StoredAction | undefined => {
    const action = world.actions.get(idIn(id) ?? -1)
    return action !== undefined && isReadable(action, world) ? action : undefined
  }

  return [
    {
      method: 'POST',
      path: '/v2/images/:image/actions',
      scopes: ['image:update'],
      handler: (request) => {
        const image = ownImageAt(world, request.params['image'])
        if (isRefusal(image)) return image
        const fields = bodyFields(request)
        if (fields === undefined) return badRequest
        const action = startAction(world, image, fields)
        // 201, and within `action`, whatever the schema says. [oc:6311bc3f; EX:spec.image-action.post.transfer.201]
        return isRefusal(action) ? action : { status: 201, body: { action: body(action) } }
      },
    },
    {
      method: 'GET',
      path: '/v2/images/:image/actions',
      scopes: ['image:read'],
      handler: (request) => {
        const image = imageAt(world, request.params['image'])
        if (image === undefined) return notFound
        const rows = actionsInOrder(world).filter((action) => isOfImage(action, image.id))
        return pageReply(request, 'actions', rows.map(body), world.settings)
      },
    },
    {
      method: 'GET',
      path: '/v2/images/:image/actions/:action',
      scopes: ['image:read'],
      handler: ({ params }) => {
        const action = actionAt(params['action'])
        return found(action !== undefined && isOfImage(action, idIn(params['image']) ?? -1) ? action : undefined)
      },
    },
    {
      method: 'GET',
      path: '/v2/actions',
      scopes: ['actions:read'],
      handler: (request) => pageReply(request, 'actions', actionsInOrder(world).map(body), world.settings),
    },
    {
      method: 'GET',
      path: '/v2/actions/:action',
      scopes: ['actions:read'],
      handler: ({ params }) => found(actionAt(params['action'])),
    },
  ]
}
