import type { FieldCheck } from './fields.ts'
import { bodyFields, isBoolean, isImageName, isMachineType, knownFields, orNull, words } from './fields.ts'
import type { BodyRules } from './settings.ts'
import type { StoredImage, StoredTag } from './stored-image.ts'
import { isNewTags, patchTags } from './tag-rules.ts'

/** An accepted request to make an image of a volume. */
export interface CaptureRequest {
  /** The fields as they were sent. */
  readonly fields: Readonly<Record<string, unknown>>
  readonly volumeId: string
  readonly image: Pick<
    StoredImage,
    'name' | 'architecture' | 'os_type' | 'ssh_key' | 'is_baremetal' | 'hw_firmware_type' | 'hw_machine_type'
  >
  readonly tags: readonly StoredTag[]
}

const uuid4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i

const isUuid4: FieldCheck = (value) =>
  typeof value === 'string' && uuid4.test(value) ? undefined : 'Input should be a valid UUID, version 4'

const checks = (rules: BodyRules): Readonly<Record<string, FieldCheck>> => ({
  name: isImageName,
  volume_id: isUuid4,
  source: (value) => (value === 'volume' ? undefined : "Input should be 'volume'"),
  architecture: words.architecture,
  hw_firmware_type: orNull(words.firmware),
  hw_machine_type: orNull(isMachineType(rules)),
  is_baremetal: isBoolean,
  os_type: words.osType,
  ssh_key: words.sshKey,
  tags: isNewTags(rules),
})

/** Reads the body, or refuses it with the fields at fault. Defaults are the specification's. [SPEC ImageCreateFromVolumeSerializer] */
export const readCaptureRequest = (body: unknown, rules: BodyRules): CaptureRequest => {
  const fields = knownFields(bodyFields(body), checks(rules), rules, ['name', 'volume_id'])
  const text = (name: string, otherwise: string): string => (fields[name] as string | undefined) ?? otherwise
  const word = (name: string): string | null => (fields[name] as string | null | undefined) ?? null
  return {
    fields,
    volumeId: text('volume_id', ''),
    image: {
      name: text('name', ''),
      architecture: text('architecture', 'x86_64'),
      os_type: text('os_type', 'linux'),
      ssh_key: text('ssh_key', 'allow'),
      is_baremetal: fields['is_baremetal'] === true,
      hw_firmware_type: word('hw_firmware_type'),
      hw_machine_type: word('hw_machine_type'),
    },
    tags: patchTags([], (fields['tags'] as Readonly<Record<string, string>> | undefined) ?? {}),
  }
}
