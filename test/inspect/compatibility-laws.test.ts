import fc from 'fast-check'
import { digitalOceanCapabilities } from 'imageferry/digitalocean'
import { gcoreCapabilities } from 'imageferry/gcore'
import { memoryCapabilities } from 'imageferry/memory'
import { describe, expect, it } from 'vitest'
import { checkCompatibility } from '../../src/inspect/compatibility/check.ts'
import type { Verdict } from '../../src/inspect/compatibility/finding.ts'
import type { ImageFacts } from '../../src/inspect/facts.ts'
import type { DiskFacts } from '../../src/inspect/guest/disk-facts.ts'
import type { Capabilities } from '../../src/store/capabilities.ts'
import { forAll } from '../for-all.ts'
import { arbitraryFacts, arbitraryImport } from './arbitrary-facts.ts'
import { usualDisk } from './made-up-facts.ts'

/** Of somebody else's adapter, whose patterns are no regular expressions. */
const odd: Capabilities = {
  ...memoryCapabilities,
  names: { pattern: '(' },
  import: {
    ...memoryCapabilities.import,
    formats: [],
    uncertainFormats: ['raw'],
    compressions: [],
    maximumBytes: 0,
    source: { fileName: { pattern: '[', rule: 'it is odd' } },
    guest: { agents: [], families: [], architectures: [], firmware: { virtual: [] } },
    sources: {},
  },
}

const bare: Capabilities = {
  ...memoryCapabilities,
  import: { formats: ['vhdx'], uncertainFormats: [], compressions: [], uncertainCompressions: [], fields: [] },
}

const capabilities = fc.constantFrom(digitalOceanCapabilities, gcoreCapabilities, memoryCapabilities, bare, odd)

const rank: Readonly<Record<Verdict, number>> = { accepted: 0, unknown: 1, doubtful: 2, refused: 3 }

type Damage = (facts: ImageFacts) => ImageFacts

const damages: Readonly<Record<string, Damage>> = {
  truncated: (facts) => ({ ...facts, truncated: true }),
  'perhaps truncated': (facts) => ({ ...facts, truncationSuspected: 'it announces less' }),
  'of a size that is not known': (facts) => ({ ...facts, virtualBytesAre: 'at-least' }),
  'in a file that may hold anything': (facts) => ({ ...facts, unpackedBytesAtMost: undefined }),
  corrupt: (facts) => ({ ...facts, features: { ...facts.features, corrupt: true } }),
  'with headers that contradict themselves': (facts) => ({
    ...facts,
    features: { ...facts.features, damage: ['no table of reference counts'] },
  }),
  'in a way that few read': (facts) => ({
    ...facts,
    features: { ...facts.features, unsupported: ['sectors of 4096 bytes'] },
  }),
  dirty: (facts) => ({ ...facts, features: { ...facts.features, dirty: true } }),
  'with a backing file': (facts) => ({ ...facts, features: { ...facts.features, backingFile: 'x' } }),
  'with its data elsewhere': (facts) => ({ ...facts, features: { ...facts.features, dataFile: 'x' } }),
  encrypted: (facts) => ({ ...facts, features: { ...facts.features, encryption: 'luks' } }),
  'with snapshots': (facts) => ({ ...facts, features: { ...facts.features, snapshots: 3 } }),
  'of unknown features': (facts) => ({ ...facts, features: { ...facts.features, unknownFeatures: ['bit 7'] } }),
  'in several files': (facts) => ({ ...facts, features: { ...facts.features, furtherFiles: ['x'] } }),
  'a web page': (facts) => ({ ...facts, text: 'html' }),
  'an archive': (facts) => ({ ...facts, archive: { kind: 'zip', entries: [] } }),
  'of a format that nobody knows': (facts) => ({ ...facts, format: undefined }),
  'compressed once more': (facts) =>
    facts.compressions.length === 0 ? facts : { ...facts, compressions: [...facts.compressions, 'xz'] },
  'with a damaged partition table': (facts) => ({
    ...facts,
    disk: { ...(facts.disk ?? usualDisk), damage: ['its check sum is wrong'] },
  }),
  'of an encrypted root': (facts) => ({
    ...facts,
    conclusions: { ...facts.conclusions, encrypted: { value: true, evidence: ['LUKS'] } },
  }),
  'of one disk of several': (facts) => ({
    ...facts,
    conclusions: { ...facts.conclusions, multipleDisks: { value: true, evidence: ['LVM'] } },
  }),
  'behind a server that refuses HEAD': (facts) =>
    facts.source.kind === 'file'
      ? facts
      : { ...facts, source: { ...facts.source, head: { status: 403, differences: [] } } },
}

describe('for any facts, capabilities and import', () => {
  it('there is an answer, the worst first, and it never throws', () => {
    const order = ['blocks', 'likely-fails', 'loses', 'unknown']
    forAll([arbitraryFacts, capabilities, arbitraryImport], (facts, target, intended) => {
      const { verdict, findings } = checkCompatibility(facts, target, intended)
      expect(Object.keys(rank)).toContain(verdict)
      const places = findings.map(({ severity }) => order.indexOf(severity))
      expect(places).toEqual([...places].sort())
      for (const { message, evidence, source } of findings) {
        expect(message.length * evidence.length * source.length).toBeGreaterThan(0)
        expect(`${message}${evidence}`).not.toMatch(/\p{Cc}|undefined|NaN|\[object/u)
      }
    })
  })

  it('the target has its own name in every message', () => {
    forAll([arbitraryFacts, capabilities, arbitraryImport], (facts, target, intended) => {
      for (const { message } of checkCompatibility(facts, target, { ...intended, target: 'Gcore' }).findings)
        expect(message).not.toMatch(/\btarget\b/i)
    })
  })

  it('the verdict says what the findings say', () => {
    forAll([arbitraryFacts, capabilities, arbitraryImport], (facts, target, intended) => {
      const { verdict, findings } = checkCompatibility(facts, target, intended)
      const has = (severity: string): boolean => findings.some((finding) => finding.severity === severity)
      expect(verdict === 'refused').toBe(has('blocks'))
      expect(verdict === 'doubtful').toBe(!has('blocks') && has('likely-fails'))
      if (facts.format === undefined) expect(verdict).not.toBe('accepted')
    })
  })

  it('facts that were written down as JSON and read back give the same answer', () => {
    forAll([arbitraryFacts, capabilities, arbitraryImport], (facts, target, intended) => {
      const again: ImageFacts = JSON.parse(JSON.stringify(facts))
      expect(checkCompatibility(again, target, intended)).toEqual(checkCompatibility(facts, target, intended))
    })
  })

  it.each(Object.entries(damages))('an image that is also %s gets no better verdict', (_, damage) => {
    forAll(
      [arbitraryFacts, capabilities, arbitraryImport],
      (facts, target, intended) => {
        const before = checkCompatibility(facts, target, intended).verdict
        expect(rank[checkCompatibility(damage(facts), target, intended).verdict]).toBeGreaterThanOrEqual(rank[before])
      },
      300,
    )
  })

  it('a disk of which less could be read is not accepted for that', () => {
    forAll([arbitraryFacts, capabilities, arbitraryImport], ({ disk = usualDisk, ...facts }, target, intended) => {
      const hidden: DiskFacts = { ...disk, unread: [{ part: 'boot-loaders', partition: 15 }] }
      const conclusions = { ...facts.conclusions, firmware: undefined }
      const { verdict } = checkCompatibility({ ...facts, format: 'raw', disk: hidden, conclusions }, target, intended)
      expect(verdict).not.toBe('accepted')
    })
  })

  it('a disk whose partitions end further behind gets no better verdict', () => {
    forAll([arbitraryFacts, capabilities, fc.nat(), fc.nat()], ({ disk = usualDisk, ...facts }, target, end, more) => {
      const ending = (endBytes: number) => checkCompatibility({ ...facts, disk: { ...disk, endBytes } }, target).verdict
      expect(rank[ending(end + more)]).toBeGreaterThanOrEqual(rank[ending(end)])
    })
  })

  it('a larger disk gets no better verdict', () => {
    forAll([arbitraryFacts, capabilities, fc.nat(), fc.nat()], (facts, target, bytes, more) => {
      const before = checkCompatibility({ ...facts, virtualBytes: bytes }, target).verdict
      const after = checkCompatibility({ ...facts, virtualBytes: bytes + more }, target).verdict
      expect(rank[after]).toBeGreaterThanOrEqual(rank[before])
    })
  })
})
