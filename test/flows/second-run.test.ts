import { withPromises } from 'imageferry'
import { afterAll, describe, expect, it } from 'vitest'
import { emulatedClouds } from '../../demo/emulated-clouds.ts'
import { readMapping } from '../../demo/mapping.ts'
import { migrate } from '../../demo/migrate.ts'
import { intentions } from '../../demo/plan.ts'
import { isAsExpected } from '../../demo/report.ts'

const clouds = await emulatedClouds()
afterAll(clouds.close)

describe('a migration that is run again', () => {
  const target = withPromises(clouds.target)

  const run = async (signal = new AbortController().signal) => {
    const images = await withPromises(clouds.source).collect()
    const plan = intentions(images, await readMapping(clouds.mappingPath), target.capabilities.names)
    const accepted: string[] = []
    const results = await migrate(target, plan, {
      signal,
      runtime: clouds.runtime,
      onProgress: () => {},
      onAccepted: ({ image }) => accepted.push(image.name),
    })
    return { results, accepted }
  }

  it('moves nothing twice, and finds everything as it should be', async () => {
    const first = await run()
    expect(first.results.map(isAsExpected)).toEqual(first.results.map(() => true))
    const names = (await target.collect()).map(({ name }) => name).sort()
    const second = await run()
    expect(second.results.map(isAsExpected)).toEqual(second.results.map(() => true))
    expect(second.accepted).toEqual(['legacy-app'])
    expect(second.results.filter((result) => result.moved && result.wasThere)).toHaveLength(3)
    expect((await target.collect()).map(({ name }) => name).sort()).toEqual(names)
  })
})
