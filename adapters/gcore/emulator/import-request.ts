import type { FieldCheck } from './fields.ts'
import { bodyFields, checkFields, isBoolean, isImageName, isText, isUrl, orNull, words } from './fields.ts'
import type { StoredImage, StoredTag } from './stored-image.ts'
import { isNewTags, patchTags } from './tag-rules.ts'

/** An accepted `downloadimage` request. */
export interface ImportRequest {
  readonly url: string
  /** Whether the image is stored raw, as the volumes made of it then need; it says nothing about the file. [SPEC, PD] */
  readonly cowFormat: boolean
  readonly image: Pick<
    StoredImage,
    'name' | 'architecture' | 'os_type' | 'os_distro' | 'os_version' | 'ssh_key' | 'is_baremetal'
  > &
    Pick<StoredImage, 'hw_firmware_type' | 'hw_machine_type'>
  readonly tags: readonly StoredTag[]
}

const checks: Readonly<Record<string, FieldCheck>> = {
  name: isImageName,
  url: isUrl,
  architecture: words.architecture,
  cow_format: isBoolean,
  hw_firmware_type: orNull(words.firmware),
  hw_machine_type: orNull(words.machine),
  is_baremetal: isBoolean,
  os_distro: orNull(isText),
  os_type: words.osType,
  os_version: orNull(isText),
  ssh_key: words.sshKey,
  tags: isNewTags,
}

// Answers always have texts here although requests may leave them out. What the provider fills in is unconfirmed; these
// words belong to no distribution. [facts 3.1]
const unsetDistribution = 'unknown'
const unsetVersion = 'unknown'

/** Reads the body of `downloadimage`, or refuses it with the fields at fault. Defaults are the specification's. */
export const readImportRequest = (body: unknown): ImportRequest => {
  const fields = bodyFields(body)
  checkFields(fields, checks, ['name', 'url'])
  const text = (name: string, otherwise: string): string => (fields[name] as string | null | undefined) ?? otherwise
  const word = (name: string): string | null => (fields[name] as string | null | undefined) ?? null

  return {
    url: text('url', ''),
    cowFormat: fields['cow_format'] === true,
    image: {
      name: text('name', ''),
      architecture: text('architecture', 'x86_64'),
      os_type: text('os_type', 'linux'),
      os_distro: text('os_distro', unsetDistribution),
      os_version: text('os_version', unsetVersion),
      ssh_key: text('ssh_key', 'allow'),
      is_baremetal: fields['is_baremetal'] === true,
      hw_firmware_type: word('hw_firmware_type'),
      hw_machine_type: word('hw_machine_type'),
    },
    tags: patchTags([], (fields['tags'] as Readonly<Record<string, string>> | undefined) ?? {}),
  }
}
