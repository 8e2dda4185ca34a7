import type { Capabilities } from '../store/capabilities.ts'

/** A provider that an image can be held against. */
export interface Target {
  /** As people write it. */
  readonly title: string
  readonly capabilities: () => Promise<Capabilities>
}

/** The targets by the names that `--for` takes. Each is loaded when it is asked for: a further provider is a row here. */
export const targets = {
  digitalocean: {
    title: 'DigitalOcean',
    capabilities: async () => (await import('../../adapters/digitalocean/index.ts')).digitalOceanCapabilities,
  },
  gcore: {
    title: 'Gcore',
    capabilities: async () => (await import('../../adapters/gcore/index.ts')).gcoreCapabilities,
  },
} as const satisfies Record<string, Target>

/** A name that `--for` takes. */
export type TargetName = keyof typeof targets

/** All of them, in the order of the table. */
export const targetNames = Object.keys(targets).filter((name): name is TargetName => Object.hasOwn(targets, name))
