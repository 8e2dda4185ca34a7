import { type ImageStoreError, type OperationRef, withPromises } from 'imageferry'
import { afterEach, describe, expect, it } from 'vitest'
import type { Clouds } from '../../demo/clouds.ts'
import { emulatedClouds } from '../../demo/emulated-clouds.ts'
import { readMapping } from '../../demo/mapping.ts'
import { migrate } from '../../demo/migrate.ts'
import { intentions } from '../../demo/plan.ts'
import { isAsExpected } from '../../demo/report.ts'
import type { Result } from '../../demo/result.ts'

const open: Clouds[] = []
afterEach(async () => {
  for (const clouds of open.splice(0)) await clouds.close()
})

/** A migration between two emulated clouds, and how often it is wanted. */
const migration = async () => {
  const heard = new Set<string>()
  const clouds = await emulatedClouds(({ store }) => heard.add(store))
  open.push(clouds)
  const target = withPromises(clouds.target)
  const run = async (onBegun: (count: number) => void = () => {}, signal = new AbortController().signal) => {
    const images = await withPromises(clouds.source).collect()
    const plan = intentions(images, await readMapping(clouds.mappingPath), target.capabilities.names)
    const told: Result[] = []
    const begun = new Map<OperationRef, string>()
    const migrating = migrate(target, plan, {
      signal,
      runtime: clouds.runtime,
      onProgress: ({ moving }) => {
        for (const { ref, name } of moving) if (ref !== undefined) begun.set(ref, name)
        onBegun(begun.size)
      },
      onResult: (result) => told.push(result),
    })
    return { begun, told, results: await migrating.catch((error: ImageStoreError) => error) }
  }
  const names = async () => (await target.collect()).map(({ name }) => name).sort()
  return { run, names, heard }
}

/** What became of each, where the migration came to its end. */
const settled = (results: readonly Result[] | ImageStoreError): readonly Result[] => {
  if (results instanceof Error) throw results
  return results
}

describe('a migration that is run again', () => {
  it('moves nothing twice, and finds everything as it should be', async () => {
    const { run, names, heard } = await migration()
    const first = await run()
    expect([...heard].sort()).toEqual(['digitalocean', 'gcore'])
    expect(settled(first.results).map(isAsExpected)).toEqual(settled(first.results).map(() => true))
    expect(first.told).toEqual(first.results)
    const there = await names()
    const second = await run()
    expect(settled(second.results).map(isAsExpected)).toEqual(settled(second.results).map(() => true))
    expect([...second.begun.values()]).toEqual(['legacy-app'])
    expect(settled(second.results).filter((result) => result.moved && result.wasThere)).toHaveLength(3)
    expect(await names()).toEqual(there)
  })

  it('goes on with what one has begun that was stopped', async () => {
    const { run, names } = await migration()
    const stop = new AbortController()
    const first = await run((begun) => {
      if (begun === 4) stop.abort()
    }, stop.signal)
    expect(first.results).toMatchObject({ kind: 'canceled' })
    const second = await run()
    expect(settled(second.results).map(isAsExpected)).toEqual(settled(second.results).map(() => true))
    expect([...second.begun.keys()].sort()).toEqual([...first.begun.keys()].sort())
    expect(await names()).toEqual(['build-agent-nightly', 'db-primary', 'golden-image', 'web-server'])
  })
})
