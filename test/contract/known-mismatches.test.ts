import { describe, expect, it } from 'vitest'
import { corrected } from './corrections.ts'
import { at } from './json-pointer.ts'
import { hasMismatches, readCorrections, readMismatches, readSpecification } from './specifications.ts'

describe.runIf(hasMismatches)('the known mismatches of the specification of DigitalOcean', () => {
  const isAtOrBelow = (pointer: string) => (place: string) => place === pointer || place.startsWith(`${pointer}/`)

  it('are each corrected, or left for a reason, and not both', () => {
    const { places, uncorrected = [] } = readCorrections('digitalocean')
    const left = uncorrected.map(({ pointer }) => pointer)
    const treated = readMismatches().corrections.map(({ pointer }) => ({
      pointer,
      corrected: places.some((place) => isAtOrBelow(pointer)(place.pointer)),
      left: left.includes(pointer),
    }))
    expect(treated).toHaveLength(15)
    expect(treated.filter((one) => one.corrected === one.left)).toEqual([])
    // Nothing is left that is not known.
    expect(left.filter((pointer) => !treated.some((one) => one.pointer === pointer))).toEqual([])
    expect(uncorrected.filter(({ reason }) => reason.trim() === '')).toEqual([])
  })

  it('that are corrected read otherwise afterwards', () => {
    const published = readSpecification('digitalocean')
    const corrections = readCorrections('digitalocean')
    const after = corrected(published, corrections)
    for (const { pointer } of corrections.places)
      expect(at(after, pointer), pointer).not.toEqual(at(published, pointer))
  })
})
