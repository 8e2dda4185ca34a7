import type { ApiRoute } from './api-route.ts'
import { imageAt, isListed } from './image-lookup.ts'
import { pageReply } from './paging.ts'
import { type ApiReply, type ApiRequest, notASnapshot, notFound, unprocessable } from './reply.ts'
import type { Settings } from './settings.ts'
import { snapshotBody, volumeSnapshotBody } from './snapshot-body.ts'
import type { StoredImage } from './stored-image.ts'
import type { World } from './world.ts'

const isSnapshot = ({ type, public: isPublic }: StoredImage): boolean => type === 'snapshot' && !isPublic

/** What is taken for a snapshot, by id and in the list: custom images and backups were, once. [release notes of snapshots] */
const isTaken = (image: StoredImage, { snapshotsEra }: Settings, where: 'list' | 'id'): boolean => {
  const takesAll = snapshotsEra === '2023' || (snapshotsEra === '2024-01' && where === 'list')
  return takesAll ? !image.public : isSnapshot(image)
}

/** Droplets' snapshots and then volumes': the order is made up. `region`, which one client sends, is for volumes. [GD:snapshots.go] Another `resource_type` is refused, which is unconfirmed. [O:snapshots_list.yml] */
const list = (world: World, request: ApiRequest): ApiReply => {
  const type = request.query.get('resource_type')
  if (type !== null && type !== 'droplet' && type !== 'volume')
    return unprocessable('resource_type must be droplet or volume')
  const region = request.query.get('region')
  const { settings } = world
  const images = [...world.images.values()].filter(
    (image) => isTaken(image, settings, 'list') && isListed(image, world),
  )
  const volumes = [...world.volumeSnapshots.values()].filter((one) => region === null || one.region === region)
  const ofDroplets = type === 'volume' ? [] : images.map((image) => snapshotBody(image, settings))
  const ofVolumes = type === 'droplet' ? [] : volumes.map(volumeSnapshotBody)
  return pageReply(request, 'snapshots', [...ofDroplets, ...ofVolumes], world.settings)
}

/** The snapshot of an id, or why there is none: custom images and backups are told to be no snapshots. [O:not_a_snapshot.yml] */
const imageOf = (world: World, id: string | undefined): StoredImage | ApiReply => {
  const image = imageAt(world, id)
  if (image === undefined || image.public || image.status === 'deleted') return notFound
  return isTaken(image, world.settings, 'id') ? image : notASnapshot
}

const isReply = (found: StoredImage | ApiReply): found is ApiReply => !('distribution' in found)

const get = (world: World, id: string | undefined): ApiReply => {
  const ofVolume = world.volumeSnapshots.get(id ?? '')
  if (ofVolume !== undefined) return { status: 200, body: { snapshot: volumeSnapshotBody(ofVolume) } }
  const found = imageOf(world, id)
  return isReply(found) ? found : { status: 200, body: { snapshot: snapshotBody(found, world.settings) } }
}

const remove = (world: World, id: string | undefined): ApiReply => {
  if (world.volumeSnapshots.delete(id ?? '')) return { status: 204 }
  const found = imageOf(world, id)
  if (isReply(found)) return found
  world.images.delete(found.id)
  return { status: 204 }
}

/** What concerns snapshots by their second face. [O:resources/snapshots] */
export const snapshotRoutes = (world: World): readonly ApiRoute[] => [
  { method: 'GET', path: '/v2/snapshots', scopes: ['snapshot:read'], handler: (request) => list(world, request) },
  {
    method: 'GET',
    path: '/v2/snapshots/:snapshot',
    scopes: ['snapshot:read'],
    handler: ({ params }) => get(world, params['snapshot']),
  },
  {
    method: 'DELETE',
    path: '/v2/snapshots/:snapshot',
    scopes: ['image:delete', 'snapshot:delete'],
    handler: ({ params }) => remove(world, params['snapshot']),
  },
]
