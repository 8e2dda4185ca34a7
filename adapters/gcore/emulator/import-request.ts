import type { FieldCheck } from './fields.ts'
import {
  bodyFields,
  isBoolean,
  isImageName,
  isMachineType,
  isText,
  isUrl,
  knownFields,
  orNull,
  refuseIfAny,
  words,
} from './fields.ts'
import type { BodyRules, ImportRules } from './settings.ts'
import type { GpuNamespace, StoredImage, StoredTag } from './stored-image.ts'
import { unsetText } from './stored-image.ts'
import { isNewTags, patchTags } from './tag-rules.ts'

type RequestRules = BodyRules & Pick<ImportRules, 'unsetOs'>

/** An accepted request to import an image from a URL: `downloadimage`, or an upload of a GPU image. */
export interface ImportRequest {
  /** The fields as they were sent. */
  readonly fields: Readonly<Record<string, unknown>>
  readonly url: string
  /** Whether the image is stored raw, as the volumes made of it then need; it says nothing about the file. [SPEC, PD] */
  readonly cowFormat: boolean
  readonly image: Pick<
    StoredImage,
    'name' | 'architecture' | 'os_type' | 'os_distro' | 'os_version' | 'ssh_key' | 'is_baremetal'
  > &
    Pick<StoredImage, 'hw_firmware_type' | 'hw_machine_type' | 'gpuNamespace'>
  readonly tags: readonly StoredTag[]
}

const checks = (rules: BodyRules): Readonly<Record<string, FieldCheck>> => ({
  name: isImageName,
  url: isUrl,
  architecture: words.architecture,
  cow_format: isBoolean,
  hw_firmware_type: orNull(words.firmware),
  hw_machine_type: orNull(isMachineType(rules)),
  is_baremetal: isBoolean,
  os_distro: orNull(isText),
  os_type: words.osType,
  os_version: orNull(isText),
  ssh_key: words.sshKey,
  tags: isNewTags(rules),
})

// No machine type, and nothing about bare metal, which the path has said. [SPEC UploadVirtualGpuImageSerializer and its twin]
const gpuChecks = (rules: BodyRules): Readonly<Record<string, FieldCheck>> => ({
  name: isImageName,
  // "A URI or any text". [SPEC]
  url: isText,
  architecture: orNull(words.architecture),
  cow_format: isBoolean,
  hw_firmware_type: orNull(words.firmware),
  os_distro: orNull(isText),
  os_type: orNull(words.osType),
  os_version: orNull(isText),
  ssh_key: words.sshKey,
  tags: isNewTags(rules),
})

// Bare metal boots by UEFI only; that an upload with another firmware is refused, and with 400, is unconfirmed. [PD: facts 3.6]
const refuseBios = (fields: Readonly<Record<string, unknown>>, isBareMetal: boolean): void =>
  refuseIfAny(
    isBareMetal && fields['hw_firmware_type'] === 'bios'
      ? { hw_firmware_type: ['Bare metal images support UEFI only'] }
      : {},
  )

const requestOf = (
  fields: Readonly<Record<string, unknown>>,
  { isBareMetal, gpuNamespace }: { readonly isBareMetal: boolean; readonly gpuNamespace: GpuNamespace | null },
  { unsetOs }: RequestRules,
): ImportRequest => {
  const text = (name: string, otherwise: string): string => (fields[name] as string | null | undefined) ?? otherwise
  const word = (name: string): string | null => (fields[name] as string | null | undefined) ?? null

  return {
    fields,
    url: text('url', ''),
    cowFormat: fields['cow_format'] === true,
    image: {
      gpuNamespace,
      name: text('name', ''),
      architecture: text('architecture', 'x86_64'),
      os_type: text('os_type', 'linux'),
      os_distro: word('os_distro') ?? unsetText(unsetOs),
      os_version: word('os_version') ?? unsetText(unsetOs),
      ssh_key: text('ssh_key', 'allow'),
      is_baremetal: isBareMetal,
      hw_firmware_type: word('hw_firmware_type'),
      hw_machine_type: word('hw_machine_type'),
    },
    tags: patchTags([], (fields['tags'] as Readonly<Record<string, string>> | undefined) ?? {}),
  }
}

/** Reads the body of `downloadimage`, or refuses it with the fields at fault. Defaults are the specification's. */
export const readImportRequest = (body: unknown, rules: RequestRules): ImportRequest => {
  const fields = knownFields(bodyFields(body), checks(rules), rules, ['name', 'url'])
  refuseBios(fields, fields['is_baremetal'] === true)
  return requestOf(fields, { isBareMetal: fields['is_baremetal'] === true, gpuNamespace: null }, rules)
}

/** Reads the body of an upload of a GPU image, likewise. */
export const readGpuUpload = (body: unknown, namespace: GpuNamespace, rules: RequestRules): ImportRequest => {
  const fields = knownFields(bodyFields(body), gpuChecks(rules), rules, ['name', 'url'])
  refuseBios(fields, namespace === 'baremetal')
  return requestOf(fields, { isBareMetal: false, gpuNamespace: namespace }, rules)
}
