import { withoutSecrets } from '../../src/store/source-url.ts'
import { type HeldKey, keyAmong, keyTag, readKey } from './key-tag.ts'
import * as Wire from './wire.ts'

/** What a task tells of the request that it carries out. What it does not tell is absent. */
export interface TaskRequest {
  readonly name?: string | undefined
  /** The URL without what may be secret in it, or the volume. */
  readonly source?: string | undefined
  /** Whether it is for bare-metal servers. */
  readonly isBareMetal?: boolean | undefined
  /** Whether the tags are told, so that a key which is not among them was not given. */
  readonly tellsTags: boolean
  readonly held?: HeldKey | undefined
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The key in tags as a request has them, a map, or as an image has them. */
const keyIn = (tags: unknown): HeldKey | undefined => {
  if (Wire.Tags.is(tags)) return keyAmong(tags)
  const value = isRecord(tags) ? tags[keyTag] : undefined
  return typeof value === 'string' ? readKey(value) : undefined
}

/**
 * What a request holds beside a name and a source. A task that tells any of it tells its request in full: tags that are not among
 * it were not given, and a key is one of them.
 */
const describing = [
  ...['os_type', 'os_distro', 'os_version', 'architecture', 'hw_firmware_type', 'hw_machine_type', 'ssh_key'],
  ...['is_baremetal', 'cow_format', 'source', 'tags'],
]

/** What the `data` of a task tells. What it holds for an image that is made is not published (fact sheet §10). */
export const requestOf = ({ data }: Wire.Task): TaskRequest => {
  if (!Wire.TaskData.is(data)) return { tellsTags: false }
  const fields: Readonly<Record<string, unknown>> = { ...data }
  const url = typeof data.url === 'string' ? withoutSecrets(data.url) : undefined
  return {
    name: data.name ?? undefined,
    source: url ?? data.volume_id ?? undefined,
    isBareMetal: typeof fields['is_baremetal'] === 'boolean' ? fields['is_baremetal'] : undefined,
    tellsTags: describing.some((field) => fields[field] !== undefined && fields[field] !== null),
    held: keyIn(data.tags),
  }
}
