import { type ImageStore, type Runtime, type StoreObserver, systemRuntime } from 'imageferry'
import { digitalOcean } from 'imageferry/digitalocean'
import { gcore } from 'imageferry/gcore'

/** Where images come from and go to. */
export interface Clouds {
  readonly source: ImageStore
  readonly target: ImageStore
  readonly mappingPath: string
  readonly runtime: Runtime
  /** How what still runs when a migration is stopped can be looked up again. */
  readonly afterwards: string
  readonly close: () => Promise<void>
}

const needed = ['DIGITALOCEAN_TOKEN', 'GCORE_API_KEY', 'GCORE_CLOUD_PROJECT_ID'] as const

/**
 * The real clouds, by the variables of the environment that the providers' own clients read. Throws naming what lacks.
 * The observer is told of what both do.
 */
export const liveClouds = (
  environment: NodeJS.ProcessEnv,
  mappingPath: string | undefined,
  observer: StoreObserver,
): Clouds => {
  const [token = '', apiKey = '', project = ''] = needed.map((name) => environment[name])
  const missing = needed.filter((name) => (environment[name] ?? '') === '')
  if (missing.length > 0) throw new Error(`--live needs ${missing.join(', ')} in the environment`)
  if (mappingPath === undefined) throw new Error('--live needs --mapping FILE: see docs/migrating.md for its form')
  return {
    source: digitalOcean({ token, observer }),
    target: gcore({ apiKey, project, observer }),
    mappingPath,
    runtime: systemRuntime,
    afterwards:
      'The same command finds them and waits for them, and moves the rest; from your own code, waitFor takes the refs and findOperations the keys.',
    close: async () => {},
  }
}
