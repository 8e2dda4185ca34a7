import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { settingsOf } from '../../adapters/gcore/emulator/settings-of.ts'

// The setting of the option `project` has a name of its own.
const names = Object.keys(settingsOf({})).map((name) => (name === 'projectId' ? 'project' : name))

describe('docs/emulator-gcore.md', () => {
  it.each(names)('tells of %s', async (name) => {
    const text = await readFile(new URL('../../docs/emulator-gcore.md', import.meta.url), 'utf8')
    expect(text).toMatch(new RegExp(`^\\|[^|]*\`${name}\``, 'm'))
  })
})
