import type { Image } from '../../src/model/image.ts'
import { encodeTags } from './tags.ts'
import type { UpdatePlan } from './update-body.ts'
import * as Wire from './wire.ts'

/** Whether a field says something else than what was sent; one that is not told says nothing. */
const differs = <A>(sent: A | undefined, told: A | undefined): boolean =>
  sent !== undefined && told !== undefined && sent !== told

/**
 * The fields of an update that the image does not show although the update was accepted, by their names in the port: the
 * provider's answer alone does not tell what has become of them (fact sheet §3.4).
 */
export const unkept = ({ body, put, drop }: UpdatePlan, image: Image): readonly string[] => {
  const raw = Wire.Image.is(image.raw) ? image.raw : undefined
  const tellsTags = (raw?.tags_v2 ?? raw?.tags ?? raw?.metadata_detailed ?? undefined) !== undefined
  const tags = encodeTags(image.tags).map
  const isWithout = Object.entries(put).some(([key, value]) => tags[key] !== value)
  const isWithDropped = drop.some(({ key, value }) => tags[key] === value)
  return [
    ...(differs(body.name, raw?.name ?? undefined) ? ['name'] : []),
    ...(differs(body.os_type, image.os?.family) ? ['osFamily'] : []),
    ...(differs(body.ssh_key, image.sshKeyPolicy) ? ['sshKeyPolicy'] : []),
    ...(differs(body.hw_firmware_type, image.firmware) ? ['firmware'] : []),
    ...(differs(body.hw_machine_type, image.machineType) ? ['machineType'] : []),
    ...(differs(body.is_baremetal, raw?.is_baremetal ?? undefined) ? ['bareMetal'] : []),
    ...(tellsTags && (isWithout || isWithDropped) ? ['tags'] : []),
  ]
}
