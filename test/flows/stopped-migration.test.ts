import * as E from 'fp-ts/lib/Either.js'
import {
  type Image,
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
import type { MigrationProgress } from '../../demo/moving.ts'
import type { Going } from '../../demo/plan.ts'
import { stoppedLines } from '../../demo/stopped.ts'
import { succeed } from '../either.ts'

const specOf = (name: string): ImportSpec => ({
  name,
  url: `https://example.com/${name}.raw`,
  region: 'here',
  key: `run-1 ${name}`,
})

const planOf = (image: Image, names: readonly string[]): readonly Going[] =>
  names.map((name) => {
    const entry = { image: imageRef(`memory:${name}`), region: 'here' }
    return { image: { ...image, name, ref: entry.image }, entry, go: true, spec: specOf(name) }
  })

describe('a migration that is stopped while it looks for what is there', () => {
  it('still says what an earlier run has begun, and what it has not looked at', async () => {
    const inner = memory({ importDurationMs: 3_600_000 })
    const earlier = await succeed(inner.importFromUrl(specOf('web')))
    const [image] = (await succeed(inner.listPage({}))).images
    if (image === undefined) throw new Error('The import made no image')
    const stop = new AbortController()
    const target: ImageStore = {
      ...inner,
      // Without the region: the memory store tells none of an image before it is made, Gcore tells it at once.
      listPage:
        ({ name } = {}, cursor, options) =>
        async () => {
          if (name !== 'app') return inner.listPage({ name }, cursor, options)()
          stop.abort()
          return E.left(new ImageStoreError('canceled', 'stopped'))
        },
    }
    const told: MigrationProgress[] = []
    const error: unknown = await migrate(withPromises(target), planOf(image, ['web', 'db', 'app', 'last']), {
      signal: stop.signal,
      runtime: systemRuntime,
      onProgress: (progress) => told.push(progress),
      onResult: () => {},
    }).catch((reason: unknown) => reason)
    expect(told.map(({ notLookedAt }) => notLookedAt)).toEqual([4, 3, 2])
    expect(isImageStoreError(error) && stoppedLines('memory', told.at(-1), error, 'Look again.')).toEqual([
      '',
      'Still running at memory:',
      `  web  (${earlier.ref})`,
      'Not begun: 1 more.',
      'Not looked at: 2 more. What an earlier run has begun of them goes on.',
      'Look again.',
    ])
  })
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
    const migrating = migrate(withPromises(target), planOf(image, ['web', 'db']), {
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
