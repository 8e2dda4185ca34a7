import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { drive } from '../fuzz/drive.ts'
import { mutation, withMutated } from '../fuzz/mutation.ts'
import { type Sample, samples } from '../fuzz/samples.ts'

/** As many as take a few seconds here. `npm run fuzz -- --mutations 1000000` is the long run. */
const runs = 10_000

describe('a look at any bytes', () => {
  let files: readonly Sample[] = []
  beforeAll(async () => {
    files = await samples()
  })

  it('ends with facts, and asks for no more than it may, whatever is changed in a real file', async () => {
    await fc.assert(
      fc.asyncProperty(mutation, async (one) => {
        const file = files[one.sample % files.length]
        if (file !== undefined) await withMutated(file.bytes, file.places, one, (bytes) => drive(bytes))
      }),
      { numRuns: runs },
    )
  })

  it('does so too where no length is known', async () => {
    for (const { bytes } of files) expect((await drive(bytes, false)).seen.facts.conclusions).toBeDefined()
  })

  it('does so for bytes that are no image', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 4096 }), async (bytes) => {
        expect((await drive(bytes)).read.length).toBeGreaterThan(0)
      }),
      { numRuns: 2000 },
    )
  })
})
