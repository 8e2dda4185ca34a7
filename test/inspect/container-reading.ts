import fc from 'fast-check'
import { expect } from 'vitest'
import type { Completeness, Container, FormatReader } from '../../src/inspect/formats/container.ts'
import { readInMemory } from '../../src/inspect/in-memory.ts'
import { type Part, type Reading, wholeFile } from '../../src/inspect/reading.ts'
import { unpackInMemory } from './unpack-in-memory.ts'

/** What a reader tells of a file, its completeness included. */
export type Facts = Omit<Container, 'completeness' | 'disk'> & Completeness & { readonly hasDisk: boolean }

/** What one format's reader tells of a file; `undefined` where it is another format's. */
export const factsOf = (read: FormatReader, file: Uint8Array, isLengthKnown = true): Facts | undefined =>
  readInMemory(readFacts(read, isLengthKnown ? file.length : undefined), file, unpackInMemory)

function* readFacts(read: FormatReader, length: number | undefined): Reading<Facts | undefined> {
  const container = yield* read(wholeFile(length))
  if (container === undefined) return undefined
  const { completeness, disk, ...facts } = container
  return { ...facts, hasDisk: disk !== undefined, ...(yield* completeness()) }
}

/** How often a reader asks for bytes until it has told everything but what is on the disk. */
export const wishesFor = (read: FormatReader, file: Uint8Array): number => {
  const reading = readFacts(read, file.length)
  let wishes = 0
  let step = reading.next()
  while (step.done !== true) {
    wishes += 1
    if (step.value.kind !== 'bytes') throw new Error('Nothing is packed but what is on the disk')
    const { at, length } = step.value
    const bytes = file.subarray(at, at + length)
    step = reading.next(bytes.length < length ? { bytes, short: 'end' } : { bytes })
  }
  return wishes
}

/** Whether a reader finds a file shorter than it should be. */
export const isCut = (read: FormatReader, file: Uint8Array): boolean | undefined => {
  const facts = factsOf(read, file)
  return facts && (facts.endMissing === true || (facts.promisedBytes ?? 0) > file.length)
}

/** A part of the guest's disk; `undefined` where there is none to read. */
export const readGuest = (read: FormatReader, file: Uint8Array, at: number, wanted: number): Part | undefined =>
  readInMemory(guestPart(read, file.length, at, wanted), file, unpackInMemory)

function* guestPart(read: FormatReader, length: number, at: number, wanted: number): Reading<Part | undefined> {
  const container = yield* read(wholeFile(length))
  return container?.disk === undefined ? undefined : yield* container.disk.read(at, wanted)
}

/** Expects the same bytes at any place of the guest's disk as in the raw one. */
export const expectSameDisk = (read: FormatReader, file: Uint8Array, raw: Uint8Array): void => {
  const place = fc.tuple(fc.nat(raw.length - 1), fc.oneof(fc.integer({ min: 1, max: 9000 }), fc.constant(262_144)))
  const property = fc.property(place, ([at, wanted]) => {
    const part = readGuest(read, file, at, wanted)
    const expected = raw.subarray(at, at + wanted)
    expect(Buffer.compare(part?.bytes ?? Buffer.alloc(0), expected), `${wanted} bytes at ${at}`).toBe(0)
    expect(part?.short).toBe(expected.length < wanted ? 'end' : undefined)
  })
  fc.assert(property, { numRuns: 60 })
}
