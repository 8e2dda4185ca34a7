import * as E from 'fp-ts/lib/Either.js'
import {
  type ImageStore,
  ImageStoreError,
  type ImportSpec,
  imageRef,
  isImageStoreError,
  systemRuntime,
  withPromises,
} from 'imageferry'
import { memory } from 'imageferry/memory'
import { describe, expect, it } from 'vitest'
import { migrate } from '../../demo/migrate.ts'
import type { Going } from '../../demo/plan.ts'
import { succeed } from '../either.ts'

const specOf = (name: string): ImportSpec => ({
  name,
  url: `https://example.com/${name}.raw`,
  region: 'here',
  key: `run-1 ${name}`,
})

describe('a migration that is stopped while an image is read back', () => {
  it('still says what was being begun, by its key', async () => {
    const inner = memory({ importDurationMs: 0 })
    const image = await succeed(inner.importFromUrl(specOf('source'))).then(({ image: made = imageRef('memory:1') }) =>
      succeed(inner.get(made)),
    )
    const stop = new AbortController()
    const unconfirmed = [{ change: 'the import of "db"', key: 'run-1 db' }]
    const begun: string[] = []
    const target: ImageStore = {
      ...inner,
      importFromUrl: (spec, options) => async () => {
        begun.push(spec.name)
        if (spec.name === 'web') return inner.importFromUrl(spec, options)()
        await new Promise((resolve) => options?.signal?.addEventListener('abort', resolve, { once: true }))
        return E.left(new ImageStoreError('canceled', 'stopped', { unconfirmed }))
      },
      get: () => async () => {
        stop.abort()
        return E.left(new ImageStoreError('canceled', 'stopped'))
      },
    }
    const plan = ['web', 'db'].map((name): Going => {
      const entry = { image: imageRef(`memory:${name}`), region: 'here' }
      return { image: { ...image, name, ref: entry.image }, entry, go: true, spec: specOf(name) }
    })
    const migrating = migrate(withPromises(target), plan, {
      signal: stop.signal,
      runtime: systemRuntime,
      onProgress: () => {},
      onResult: () => {},
    })
    const error = await migrating.then(
      () => undefined,
      (reason: unknown) => reason,
    )
    expect(begun).toEqual(['web', 'db'])
    expect(isImageStoreError(error) && error.unconfirmed).toEqual(unconfirmed)
  })
})
