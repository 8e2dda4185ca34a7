import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { digitalOcean } from 'imageferry/digitalocean'
import { memory } from 'imageferry/memory'
import { describe, expect, it } from 'vitest'
import { capabilities as gcore } from '../adapters/gcore/capabilities.ts'
import { providersDocument } from '../scripts/providers-document.ts'

const all = {
  digitalocean: digitalOcean({ token: 'none' }).capabilities,
  gcore,
  memory: memory().capabilities,
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

describe('docs/providers.md', () => {
  it('is what `npm run docs` writes', () => {
    expect(readFileSync(join(import.meta.dirname, '../docs/providers.md'), 'utf8')).toBe(providersDocument())
  })
})
