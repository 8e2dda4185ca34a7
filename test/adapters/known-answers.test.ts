import type * as t from 'io-ts'
import { describe, expect, it } from 'vitest'
import { knownAnswers as ofDigitalOcean } from '../../adapters/digitalocean/known-answers.ts'
import { knownAnswers as ofGcore } from '../../adapters/gcore/known-answers.ts'
import { driftIn, type KnownAnswers, type KnownSort } from '../../src/http/drift.ts'
import { storeSecrets } from '../../src/http/store-secrets.ts'
import { at, isNode } from '../contract/json-pointer.ts'
import { needsSpecifications, readSpecification } from '../contract/specifications.ts'
import { hasSharedMaterial, listShared, needsSharedMaterial, readShared } from '../shared-material.ts'
import { someCall } from '../some-call.ts'
import { digitalOceanExamples, gcoreExamples, kindOf } from './example-kinds.ts'

/** What of an answer is not known: what, of which sort, and the value. */
const driftOf = (known: KnownAnswers, codec: t.Mixed, answer: unknown): readonly string[] => {
  const found: string[] = []
  driftIn(known, storeSecrets([]))(codec, answer, {
    ...someCall(),
    isHeard: () => true,
    tell: (event) => {
      if (event.type === 'drift') found.push(`${event.what} ${event.of} ${event.value}`)
    },
  })
  return found
}

const providers = [
  { provider: 'digitalocean', known: ofDigitalOcean, examples: digitalOceanExamples },
  { provider: 'gcore', known: ofGcore, examples: gcoreExamples },
]

/** The schemas of a specification that describe a sort. Images of AI clusters are none of the adapter's. */
const schemas: Readonly<Record<string, Readonly<Record<KnownSort['of'], readonly string[]>>>> = {
  digitalocean: { image: ['image'], action: ['action'], region: ['region'], task: [] },
  gcore: {
    image: ['ImageSerializer', 'BareMetalImageSerializer', 'GpuImageSerializer'],
    action: [],
    region: ['RegionSerializer'],
    task: ['TaskSerializer'],
  },
}

describe.each(providers)('what is known of the answers of $provider', ({ provider, known, examples }) => {
  const sorts = [...new Set([...known.values()].map(({ sort }) => sort))]

  it.runIf(needsSpecifications).each(sorts)('are all fields of the specification: $of', ({ of, fields }) => {
    const specification = readSpecification(provider)
    const published = schemas[provider]?.[of].flatMap((name) => {
      const properties = at(specification, `/components/schemas/${name}/properties`)
      return isNode(properties) ? Object.keys(properties) : []
    })
    expect(published?.length).toBeGreaterThan(3)
    expect(published?.filter((field) => !fields.has(field))).toEqual([])
  })

  const files = hasSharedMaterial ? listShared(`examples/${provider}`) : []
  it.runIf(needsSharedMaterial).each(files)('is all that the published example %s has', (file) => {
    const kind = kindOf(examples, file)
    const payload = readShared(`examples/${provider}/${file}`)
    const drift = kind !== undefined && 'codec' in kind ? driftOf(known, kind.codec, payload) : []
    // Gcore's examples were made up by the specification, their regions too.
    expect(drift.filter((line) => !/^region \w+ [17]$/.test(line))).toEqual([])
  })
})
