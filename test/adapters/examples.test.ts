import { isRight } from 'fp-ts/lib/Either.js'
import { failure } from 'io-ts/lib/PathReporter.js'
import { describe, expect, it } from 'vitest'
import { readError } from '../../adapters/digitalocean/errors.ts'
import { toImage } from '../../adapters/digitalocean/image.ts'
import { toImport as digitalOceanImport } from '../../adapters/digitalocean/import-body.ts'
import { importOf } from '../../adapters/digitalocean/operations.ts'
import { toRegion } from '../../adapters/digitalocean/regions.ts'
import { imagesIn } from '../../adapters/gcore/image.ts'
import { toImport as gcoreImport } from '../../adapters/gcore/import-body.ts'
import type { Tags } from '../../adapters/gcore/wire.ts'
import { rightOf } from '../either.ts'
import { hasSharedMaterial, listShared, needsSharedMaterial, readShared, sharedMaterial } from '../shared-material.ts'
import { digitalOceanExamples, type ExampleKind, gcoreExamples, kindOf } from './example-kinds.ts'

const folders: readonly (readonly [string, readonly (readonly [RegExp, ExampleKind])[]])[] = [
  ['examples/digitalocean', digitalOceanExamples],
  ['examples/gcore', gcoreExamples],
]

describe.runIf(needsSharedMaterial)('the examples of both providers', () => {
  it('are there', () => {
    expect(hasSharedMaterial, `${sharedMaterial('.')} has no specs and examples`).toBe(true)
  })

  describe.each(hasSharedMaterial ? folders : [])('%s', (folder, kinds) => {
    it.each(listShared(folder))('%s is read by its codec, or exempt for a reason', (file) => {
      const kind = kindOf(kinds, file)
      expect(kind, `nobody has said what ${file} is`).toBeDefined()
      if (kind === undefined || 'exempt' in kind) return
      const payload = readShared(`${folder}/${file}`)
      const decoded = kind.codec.decode(payload)
      expect(isRight(decoded) ? [] : failure(decoded.left)).toEqual([])
      // What codecs pass on is the payload itself: nothing is left out of `raw`, and nothing is copied.
      expect(isRight(decoded) && decoded.right).toBe(payload)
    })

    it('leave no kind without a file', () => {
      const files = listShared(folder)
      const used = new Set(files.map((file) => kinds.findIndex(([name]) => name.test(file))))
      expect(kinds.filter((_, index) => !used.has(index)).map(([name]) => String(name))).toEqual([])
    })
  })

  it.runIf(hasSharedMaterial)('of DigitalOcean’s errors all say something, whatever their shape', () => {
    const bodies = [
      ...Object.values(readShared('examples/digitalocean/spec.errors.json') as Record<string, { body: unknown }>).map(
        ({ body }) => body,
      ),
      ...(readShared('examples/digitalocean/real.errors.json') as readonly unknown[]),
    ]
    for (const body of bodies) expect(readError('get')(400, body).message).toMatch(/\w/)
  })

  it.runIf(hasSharedMaterial)('of failed imports are read as such, with a hint of what to do', () => {
    const failures = readShared('examples/digitalocean/real.import-error-messages.json') as readonly {
      readonly status: string
      readonly error_message: string
    }[]
    expect(failures.length).toBeGreaterThan(1)
    for (const { status, error_message } of failures) {
      const image = toImage('digitalocean', { id: 1, status, error_message })
      expect(image).toMatchObject({ status: 'failed', failure: error_message })
      expect(importOf('digitalocean', image)).toMatchObject({ state: 'failed', hint: expect.stringContaining('file') })
    }
  })

  it.runIf(hasSharedMaterial)('of live regions all have a city, the one of their name', () => {
    const { regions } = readShared('examples/digitalocean/real.regions.2026-08-21.slugs.json') as {
      readonly regions: readonly { readonly slug: string; readonly name: string }[]
    }
    for (const wire of regions) {
      const { city, country, location } = toRegion(wire)
      expect(wire.name.startsWith(city ?? '?')).toBe(true)
      expect([country, location]).not.toContain(undefined)
    }
  })

  it.runIf(hasSharedMaterial)('of Gcore’s tags are read with what the provider protects', () => {
    const { tags } = readShared('examples/gcore/docs.tags.response.json') as { readonly tags: Tags }
    expect(imagesIn({ store: 'gcore', projectId: '1' }, '7')({ id: 'a', tags_v2: tags }).tags).toEqual([
      { key: 'env', value: 'staging' },
      { key: 'team', value: 'backend' },
      { key: 'image_id', value: '...', readOnly: true },
    ])
  })

  it.runIf(hasSharedMaterial)('of Gcore’s GPU images are read in their namespace', () => {
    const wire = readShared('examples/gcore/synth.gpu-image.json') as { readonly id: string }
    expect(imagesIn({ store: 'gcore', projectId: '1' }, '7', 'gpu-bare-metal')(wire)).toMatchObject({
      ref: `gcore:1/7/gpu-bare-metal/${wire.id}`,
      kind: 'gpu-bare-metal',
      status: 'available',
      visibility: 'public',
      os: { family: 'linux', distribution: 'ubuntu', version: '19.04' },
      gpuDriver: { vendor: 'nvidia', type: 'open', version: '570.148.08' },
      size: { bytes: 3758096384, exact: true },
      tags: [{ key: 'my-tag', value: 'my-tag-value' }],
    })
  })

  it.runIf(hasSharedMaterial)('of requests to import are what the adapters send', () => {
    const request = readShared('examples/digitalocean/spec.image.create.request.json') as {
      readonly name: string
      readonly url: string
      readonly region: string
      readonly description: string
      readonly tags: readonly string[]
    }
    const { name, url, region, description, tags } = request
    const toDigitalOcean = digitalOceanImport({
      name,
      url,
      region,
      description,
      os: { distribution: 'ubuntu' },
      tags: tags.map((key) => ({ key })),
    })
    expect(rightOf(toDigitalOcean).body).toEqual(request)

    const body = readShared('examples/gcore/synth.downloadimage.request.json') as Readonly<Record<string, string>>
    const toGcore = gcoreImport({
      name: 'my-image',
      url: String(body['url']),
      region: '7',
      os: { family: 'linux', distribution: 'ubuntu', version: '22.04' },
      architecture: 'x86_64',
      firmware: 'bios',
      machineType: 'q35',
      sshKeyPolicy: 'allow',
      bareMetal: false,
      copyOnWrite: false,
      tags: [{ key: 'my-tag', value: 'my-tag-value' }],
    })
    expect(rightOf(toGcore).body).toEqual(body)
  })
})
