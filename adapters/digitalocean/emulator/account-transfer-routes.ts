import { ownTeam } from './account-routes.ts'
import type { ApiRoute } from './api-route.ts'
import { ownImageAt } from './image-lookup.ts'
import {
  type ApiReply,
  type ApiRequest,
  badRequest,
  bodyFields,
  isRefusal,
  notASnapshot,
  notFound,
  type Refusal,
} from './reply.ts'
import type { StoredImage } from './stored-image.ts'
import { changeImage, type World } from './world.ts'

/** What is wrong with a transfer; that it is a 400 is declared, the texts are this emulator's. [oc:f8682fae #1154] */
const refused = (message: string): Refusal => ({ status: 400, error: { id: 'bad_request', message } })

const isText = (value: unknown): value is string => typeof value === 'string' && value !== ''

/**
 * Offers a snapshot to an account by its e-mail address or to a team by its UUID, to just one of them. Where the token's user may
 * accept for the team, that has happened with the answer, whose number is 0 then; otherwise the number names the transfer, which waits.
 * That an image waits for one recipient at a time is this emulator's reading. [oc:f8682fae #1154; facts 8]
 */
const create = (world: World, request: ApiRequest): ApiReply => {
  const image = ownImageAt(world, request.params['image'])
  if (isRefusal(image)) return image
  const fields = bodyFields(request)
  if (fields === undefined) return badRequest
  const { recipient_email: email, recipient_uuid: team } = fields
  if (isText(email) === isText(team)) return refused('exactly one of recipient_email and recipient_uuid is needed')
  if (image.type !== 'snapshot') return notASnapshot
  if (image.status !== 'available') return refused('Image is not available.')
  if (image.accountTransfer !== undefined) return refused('Image has a pending account transfer.')
  if (isText(team) && world.settings.furtherTeams.includes(team)) {
    world.images.delete(image.id)
    return { status: 201, body: { transfer_id: 0 } }
  }
  const transfer = world.ids.integer(1, 2_000_000_000)
  changeImage(world, image.id, { accountTransfer: transfer })
  return { status: 201, body: { transfer_id: transfer } }
}

interface Answered {
  readonly image: StoredImage
  readonly fields: Readonly<Record<string, unknown>>
}

/** The image whose transfer a body names. Another number, and an image that none waits for, is a 404. */
const transferred = (world: World, request: ApiRequest): Answered | Refusal => {
  const image = ownImageAt(world, request.params['image'])
  if (isRefusal(image)) return image
  const fields = bodyFields(request)
  if (!Number.isInteger(fields?.['transfer_id']) || fields === undefined) return badRequest
  return image.accountTransfer === fields['transfer_id'] ? { image, fields } : notFound
}

const forgetTransfer = ({ images }: World, { accountTransfer: _, ...image }: StoredImage): void => {
  images.set(image.id, image)
}

/**
 * Accepts for the recipient's team, so that the image is no longer this account's. The emulator has one account, and its token speaks
 * for both ends. That 201 has no body is unconfirmed. [oc:f8682fae #1154]
 */
const accept = (world: World, request: ApiRequest): ApiReply => {
  const found = transferred(world, request)
  if (isRefusal(found)) return found
  const { image, fields } = found
  const team = fields['recipient_uuid']
  if (!isText(team)) return refused('recipient_uuid is needed')
  if (team === ownTeam.uuid) forgetTransfer(world, image)
  else world.images.delete(image.id)
  return { status: 201 }
}

/** Ends a transfer that waits, by its sender or its recipient; the image stays. */
const end = (world: World, request: ApiRequest): ApiReply => {
  const found = transferred(world, request)
  if (isRefusal(found)) return found
  forgetTransfer(world, found.image)
  return { status: 204 }
}

/** The transfer of snapshots to other accounts, of 2026-04. [oc:f8682fae #1154; facts 8] */
export const accountTransferRoutes = (world: World): readonly ApiRoute[] => {
  const path = '/v2/images/:image/account_transfer'
  const scopes = ['image:create'] as const
  return [
    {
      method: 'POST',
      path,
      scopes: ['image:update', 'image:delete'],
      handler: (request) => create(world, request),
    },
    { method: 'POST', path: `${path}/accept`, scopes, handler: (request) => accept(world, request) },
    { method: 'POST', path: `${path}/cancel`, scopes, handler: (request) => end(world, request) },
    { method: 'POST', path: `${path}/decline`, scopes, handler: (request) => end(world, request) },
  ]
}
