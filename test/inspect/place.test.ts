import { describe, expect, it } from 'vitest'
import { placeOf } from '../../src/inspect/place.ts'

const nowhere = () => false
const everywhere = () => true

describe('the place of an image', () => {
  it.each(['web@v2.qcow2', 'what?.qcow2', 'https/../base.qcow2', 'a;b.raw', 'images?sig=x@y'])(
    'is a path for %s where there is such a file, and otherwise neither',
    (text) => {
      expect(placeOf(text, everywhere)).toEqual({ kind: 'file', text })
      expect(() => placeOf(text, nowhere)).toThrow(/slip/)
    },
  )

  it('is a URL where it reads as one, whatever files there are', () => {
    const text = 'https://images.example.com/a.raw'
    expect(placeOf(text, everywhere)).toEqual({ kind: 'url', text })
    expect(() => placeOf('ftp://images.example.com/a.raw', everywhere)).toThrow(/scheme/)
  })

  it('is not standard input', () => {
    expect(() => placeOf('-', everywhere)).toThrow(/Standard input/)
    expect(placeOf('./-', nowhere)).toEqual({ kind: 'file', text: './-' })
  })
})
