import { type ConformanceGroup, conformanceGroups } from 'imageferry/conformance'
import { describe, expect, it } from 'vitest'
import { digitalOceanSubject } from '../digitalocean-subject.ts'
import { gcoreSubject } from '../gcore-subject.ts'
import { recording } from './recording-proxy.ts'
import { type Exchange, judgeBy } from './specification.ts'
import { needsSpecifications, readCorrections, readSpecification } from './specifications.ts'

const providers = [
  { provider: 'digitalocean', start: digitalOceanSubject },
  { provider: 'gcore', start: gcoreSubject },
]

/** Faults that a case is about: it sends or plants what no specification has. */
const meant: readonly { readonly sentence: RegExp; readonly fault: RegExp }[] = [
  { sentence: /words that nobody knows/, fault: /^response 200.*\/(status|distribution) must be equal to one of/ },
  { sentence: /region that does not exist/, fault: /^request\/region must be equal to one of/ },
]

describe.runIf(needsSpecifications).each(providers)('what $provider and its adapter say', ({ provider, start }) => {
  /** Runs one case of the conformance suite, where it applies, and tells what was said meanwhile. */
  const said = async ({ needs }: ConformanceGroup, check: ConformanceGroup['cases'][number]['check']) => {
    const exchanges: Exchange[] = []
    const subject = await start({}, recording(exchanges))
    try {
      if (needs.every((operation) => subject.store.capabilities.operations[operation].supported)) await check(subject)
    } finally {
      await subject.stop()
    }
    return exchanges
  }

  it.each(conformanceGroups)('is as the specification has it: $name', async (group) => {
    const judge = judgeBy(readSpecification(provider), readCorrections(provider))
    for (const { check, sentence } of group.cases)
      for (const exchange of await said(group, check)) {
        const isMeant = (text: string): boolean =>
          meant.some((one) => one.sentence.test(sentence) && one.fault.test(text))
        const faults = judge(exchange).faults.filter((text) => !isMeant(text))
        expect(faults, `${exchange.method} ${exchange.path}, in: ${sentence}`).toEqual([])
      }
  })
})
