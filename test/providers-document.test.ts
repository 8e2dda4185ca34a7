import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Capabilities, ImportRule } from 'imageferry'
import { digitalOcean, digitalOceanCapabilities } from 'imageferry/digitalocean'
import { gcore, gcoreCapabilities } from 'imageferry/gcore'
import { memory, memoryCapabilities } from 'imageferry/memory'
import { describe, expect, it } from 'vitest'
import { providersDocument } from '../scripts/providers-document.ts'

const all = {
  digitalocean: digitalOceanCapabilities,
  gcore: gcoreCapabilities,
  memory: memoryCapabilities,
}

/** The rules by which capabilities judge an image before it is imported. */
const rulesOf = ({ import: { source, guest, ...taken }, names }: Capabilities): readonly ImportRule[] => {
  const stated: Readonly<Partial<Record<ImportRule, unknown>>> = {
    ...source,
    partitionTable: guest?.partitionTable,
    families: guest?.families,
    toldFamilies: guest?.toldFamilies,
    architectures: guest?.architectures,
    firmware: guest?.firmware,
    rootFileSystems: guest?.rootFileSystems,
    agents: guest?.agents,
    maximumBytes: taken.maximumBytes,
    defaults: taken.defaults,
    defaultFirmware: taken.defaults?.firmware,
    minimumDisk: taken.minimumDisk,
    names: names.pattern,
    uncertainFormats: taken.uncertainFormats[0],
    uncertainCompressions: taken.uncertainCompressions[0],
  }
  return (Object.keys(stated) as ImportRule[]).filter((rule) => stated[rule] !== undefined)
}

describe('capabilities', () => {
  it.each(Object.entries(all))('of %s are plain JSON', (_, capabilities) => {
    expect(JSON.parse(JSON.stringify(capabilities))).toStrictEqual(capabilities)
  })

  it.each(Object.entries(all))('of %s give a reason for all that does not work', (_, { operations }) => {
    for (const [operation, support] of Object.entries(operations))
      if (!support.supported) expect(support.reason, operation).toMatch(/\w+ \w+/)
  })
})

describe('what an image needs', () => {
  it.each(Object.entries(all))('of %s tells of every rule where it comes from, and of no other', (_, capabilities) => {
    const { sources = {} } = capabilities.import
    const always: readonly string[] = ['formats', 'compressions', 'oneFile', 'quota', 'credentials']
    const rules = rulesOf(capabilities)
    for (const rule of rules) expect(sources[rule], rule).toMatch(/\S/)
    for (const rule of Object.keys(sources)) expect([...rules, ...always]).toContain(rule)
  })

  it.each([
    ['digitalocean', digitalOcean({ token: 'none' }), digitalOceanCapabilities],
    ['gcore', gcore({ apiKey: 'none', project: 1 }), gcoreCapabilities],
    ['memory', memory(), memoryCapabilities],
  ])('of %s is known without a store', (_, store, capabilities) => {
    expect(store.capabilities).toBe(capabilities)
  })
})

describe('docs/providers.md', () => {
  it('is what `npm run docs` writes', () => {
    expect(readFileSync(join(import.meta.dirname, '../docs/providers.md'), 'utf8')).toBe(providersDocument())
  })
})
