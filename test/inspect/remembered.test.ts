import { describe, expect, it } from 'vitest'
import { remembered } from '../../src/inspect/formats/remembered.ts'
import { readInMemory } from '../../src/inspect/in-memory.ts'
import { bytesAsMedium, type Medium, noPart, type Part } from '../../src/inspect/reading.ts'

const stretchBytes = 16
const file = Uint8Array.from({ length: 1000 }, (_, index) => index % 251)

/** What is asked of the medium beneath, in the order in which it is asked; and what a read of the remembered one gives. */
const watched = (isThere: () => boolean = () => true) => {
  const asked: [number, number][] = []
  const beneath: Medium = {
    length: file.length,
    *read(at, length) {
      asked.push([at, length])
      return isThere() ? yield* bytesAsMedium(file).read(at, length) : noPart('unavailable')
    },
  }
  const medium = remembered(beneath, stretchBytes)
  const read = (at: number, length: number): Part => readInMemory(medium.read(at, length), file)
  return { asked, medium, read }
}

describe('a medium that remembers', () => {
  it('is read in whole stretches, each once', () => {
    const { asked, medium, read } = watched()
    expect(medium.length).toBe(file.length)
    expect(read(20, 4)).toEqual({ bytes: file.slice(20, 24) })
    expect(read(16, 16)).toEqual({ bytes: file.slice(16, 32) })
    expect(read(31, 1)).toEqual({ bytes: file.slice(31, 32) })
    expect(asked).toEqual([[16, 16]])
  })

  it('is read as asked where that crosses stretches, and keeps those that it covers', () => {
    const { asked, read } = watched()
    expect(read(10, 40)).toEqual({ bytes: file.slice(10, 50) })
    expect(read(16, 8)).toEqual({ bytes: file.slice(16, 24) })
    expect(read(40, 8)).toEqual({ bytes: file.slice(40, 48) })
    expect(asked).toEqual([[10, 40]])
    read(48, 2)
    read(0, 2)
    expect(asked).toEqual([
      [10, 40],
      [48, 16],
      [0, 16],
    ])
  })

  it('keeps sixteen stretches and forgets the oldest', () => {
    const { asked, read } = watched()
    for (let stretch = 0; stretch < 17; stretch += 1) read(stretch * stretchBytes, 1)
    read(stretchBytes, 1)
    expect(asked).toHaveLength(17)
    read(0, 1)
    expect(asked).toHaveLength(18)
  })

  it('asks again for what could not be had', () => {
    let isThere = false
    const { asked, read } = watched(() => isThere)
    expect(read(20, 4)).toEqual({ bytes: new Uint8Array(), short: 'unavailable' })
    isThere = true
    expect(read(20, 4)).toEqual({ bytes: file.slice(20, 24) })
    expect(asked).toHaveLength(2)
  })

  it('ends where the other one ends', () => {
    const { read } = watched()
    expect(read(992, 8)).toEqual({ bytes: file.slice(992, 1000) })
    expect(read(996, 8)).toEqual({ bytes: file.slice(996), short: 'end' })
    expect(read(2000, 8)).toEqual({ bytes: new Uint8Array(), short: 'end' })
    expect(read(-4, 2)).toEqual({ bytes: new Uint8Array(), short: 'end' })
  })
})
