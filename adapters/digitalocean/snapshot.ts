import type { Image } from '../../src/model/image.ts'
import { isUuid } from './ids.ts'
import { toImage } from './image.ts'
import type * as Wire from './wire.ts'

/** Whether a snapshot is a volume's: such ones are no images, stand beside the others in `/v2/snapshots`, and have a UUID. */
export const isOfVolume = ({ id, resource_type }: Wire.Snapshot): boolean =>
  resource_type?.toLowerCase() === 'volume' || isUuid(String(id))

/** A server's snapshot as `/v2/images` has it, as far as its second face tells. */
export const imageRow = ({
  id,
  name,
  created_at,
  regions,
  min_disk_size,
  size_gigabytes,
  tags,
}: Wire.Snapshot): Wire.Image => ({
  id,
  name,
  created_at,
  regions,
  min_disk_size,
  size_gigabytes,
  tags,
  public: false,
  type: 'snapshot',
  status: 'available',
})

/**
 * A server's snapshot by its second face, as `/v2/snapshots` and the server's own list have it: the same image as in
 * `/v2/images`, with the same ref. That face tells the server, and neither status nor distribution: what is listed there is
 * finished. Source: fact sheet §8.
 */
export const snapshotImage = (store: string, wire: Wire.Snapshot, server?: string): Image => {
  const image = toImage(store, imageRow(wire))
  const from = serverOf(wire) ?? server ?? image.provenance?.server
  return {
    ...image,
    providerStatus: '',
    provenance: from === undefined ? image.provenance : { ...image.provenance, server: from },
    raw: wire,
  }
}

/** The id of the server that a snapshot was made from, where it is told. */
export const serverOf = ({ resource_id, resource_type }: Wire.Snapshot): string | undefined =>
  resource_id === null || resource_id === undefined || resource_id === '' || resource_type?.toLowerCase() === 'volume'
    ? undefined
    : String(resource_id)
