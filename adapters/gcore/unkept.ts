import type { Image } from '../../src/model/image.ts'
import { encodeTags } from './tags.ts'
import type { UpdatePlan } from './update-body.ts'
import * as Wire from './wire.ts'

/** Whether a field says something else than what was sent; one that is not told says nothing. */
const differs = <A>(sent: A | undefined, told: A | undefined): boolean =>
  sent !== undefined && told !== undefined && sent !== told

const tellsItsTags = (raw: Wire.Image | undefined): boolean =>
  (raw?.tags_v2 ?? raw?.tags ?? raw?.metadata_detailed ?? undefined) !== undefined

/**
 * The fields of an update that the image does not show although the update was accepted, by their names in the port: the
 * provider's answer alone does not tell what has become of them (fact sheet §3.4).
 */
export const unkept = ({ body, put, drop }: UpdatePlan, image: Image): readonly string[] => {
  const raw = Wire.Image.is(image.raw) ? image.raw : undefined
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
    ...(tellsItsTags(raw) && (isWithout || isWithDropped) ? ['tags'] : []),
  ]
}

/**
 * Whether an image tells everything that an update asks for. What it does not tell speaks against it: after a lost answer only the
 * image can tell whether the update was carried out.
 */
export const isShown = (plan: UpdatePlan, image: Image): boolean => {
  const { body, put, drop } = plan
  const raw = Wire.Image.is(image.raw) ? image.raw : undefined
  const tells: Readonly<Record<keyof UpdatePlan['body'], unknown>> = {
    name: raw?.name,
    os_type: image.os?.family,
    ssh_key: image.sshKeyPolicy,
    hw_firmware_type: image.firmware,
    hw_machine_type: image.machineType,
    is_baremetal: raw?.is_baremetal,
  }
  return (
    unkept(plan, image).length === 0 &&
    Object.entries(tells).every(([field, told]) => !Object.hasOwn(body, field) || (told ?? undefined) !== undefined) &&
    (tellsItsTags(raw) || Object.keys(put).length + drop.length === 0)
  )
}
