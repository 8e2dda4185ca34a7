import {
  type DigitalOceanEmulator,
  type DigitalOceanEmulatorOptions,
  startEmulator,
} from '../../adapters/digitalocean/emulator.ts'

/** An image as the tests read it. */
export interface ImageJson {
  readonly id: number
  readonly name: string
  readonly slug?: string | null
  readonly distribution: string
  readonly type: string
  readonly status: string
  readonly error_message: string
  readonly tags: readonly string[]
  readonly regions: readonly string[]
  readonly public?: boolean
}

interface ActionJson {
  readonly id: number
  readonly status: string
  readonly started_at: string
  readonly completed_at: string | null
}

interface DropletJson {
  readonly id: number
  readonly locked: boolean
  readonly snapshot_ids: readonly number[]
  readonly backup_ids: readonly number[]
}

interface SnapshotJson {
  readonly id: string | number
  readonly name: string
  readonly created_at: string
  readonly resource_id?: string
  readonly resource_type?: string
}

interface TagJson {
  readonly name: string
  readonly resources: { readonly count: number; readonly last_tagged_uri?: string }
}

interface RegionJson {
  readonly slug: string
  readonly available: boolean
  readonly features: readonly string[]
  readonly sizes: readonly string[]
}

/** Any answer's body, as far as the tests read it. */
export interface BodyJson {
  readonly image: ImageJson
  readonly images: readonly ImageJson[]
  readonly action: ActionJson
  readonly actions: readonly ActionJson[]
  readonly droplet: DropletJson
  readonly snapshot: SnapshotJson
  readonly snapshots: readonly SnapshotJson[]
  readonly backups: readonly SnapshotJson[]
  readonly tag: TagJson
  readonly tags: readonly TagJson[]
  readonly regions: readonly RegionJson[]
  readonly links: { readonly pages: Readonly<Record<string, string>> }
  readonly meta: { readonly total: number }
  readonly id: string
  readonly message: string
  readonly request_id: string
}

/** What was answered; `body` is an empty object where there was none. */
export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly body: BodyJson
}

/** A running emulator and a way to talk to it with its own token. */
export interface Fixture {
  readonly emulator: DigitalOceanEmulator
  /** A path, or a whole URL as `links` has them. */
  readonly call: (method: string, target: string, body?: unknown, headers?: Record<string, string>) => Promise<Answer>
  readonly get: (target: string) => Promise<Answer>
}

/** Starts an emulator with a clock that stands still. A `body` of text is sent as it is. */
export const startFixture = async (options: DigitalOceanEmulatorOptions = {}): Promise<Fixture> => {
  const emulator = await startEmulator({ timeScale: 0, ...options })
  const call: Fixture['call'] = async (method, target, body, headers = {}) => {
    const answer = await fetch(new URL(target, emulator.baseUrl), {
      method,
      headers: { authorization: `Bearer ${emulator.token}`, 'content-type': 'application/json', ...headers },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await answer.text()
    return { status: answer.status, headers: answer.headers, body: JSON.parse(text === '' ? '{}' : text) as BodyJson }
  }
  return { emulator, call, get: (target) => call('GET', target) }
}
