import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { inspect } from 'imageferry/inspect'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { unpacker } from '../../src/inspect/unpack.ts'
import { workClock } from '../../src/inspect/unpacking/work-clock.ts'
import { linesOf } from './lines-of.ts'
import { endlessZstd } from './packed-files.ts'

/** A frame of Zstandard that holds some bytes as they are. */
const frameOf = (...bytes: readonly number[]): Uint8Array =>
  Uint8Array.from([0x28, 0xb5, 0x2f, 0xfd, 0x20, bytes.length, 1 | (bytes.length << 3), 0, 0, ...bytes])

describe('unpacking in a thread', () => {
  it('lets everything else go on', async () => {
    let isDone = false
    const unpacking = unpacker({ budgetMs: 200 })
      .unpack('zstd', endlessZstd(), 1000)
      .finally(() => {
        isDone = true
      })
    let turns = 0
    while (!isDone) {
      await nextTurn()
      turns += 1
    }
    expect((await unpacking).short).toBe('unavailable')
    expect(turns).toBeGreaterThan(20)
  })

  it('ends with the signal, and leaves nothing behind that others would wait for', async () => {
    const ending = new AbortController()
    const endless = Array.from({ length: 5 }, () =>
      unpacker({ budgetMs: 1e9 }).unpack('zstd', endlessZstd(), 1000, ending.signal),
    )
    const behind = unpacker().unpack('zstd', frameOf(1, 2, 3), 1000)
    setTimeout(() => ending.abort(), 20)
    for (const part of await Promise.all(endless)) expect([part.bytes.length, part.short]).toEqual([0, 'unavailable'])
    expect([...(await behind).bytes]).toEqual([1, 2, 3])
    expect((await unpacker().unpack('zstd', frameOf(1), 1000, AbortSignal.abort())).bytes).toHaveLength(0)
  })

  it('serves many looks at once, and mixes nothing up', async () => {
    const packed = Array.from({ length: 40 }, (_, index) => frameOf(index, index + 1, index + 2))
    const parts = await Promise.all(packed.map((one) => unpacker().unpack('zstd', one, 10)))
    expect(parts.map(({ bytes }) => [...bytes])).toEqual(packed.map((one) => [...one.subarray(9)]))
  })
})

describe('a look at a file that takes for ever to unpack', () => {
  let folder = ''
  let path = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'imageferry-threads-'))
    path = join(folder, 'disk.raw.zst')
    await writeFile(path, endlessZstd())
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  it('is canceled by its signal', async () => {
    const ending = new AbortController()
    setTimeout(() => ending.abort(), 30)
    await expect(inspect(path, { signal: ending.signal })).rejects.toMatchObject({ kind: 'canceled' })
  })

  it('is late when its time is over', async () => {
    await expect(inspect(path, { timeoutMs: 50 })).rejects.toMatchObject({ kind: 'timeout' })
  })

  it('ends with what can be known, where nobody ends it', async () => {
    const { compressions, unknown } = await inspect(path)
    expect(compressions).toEqual(['zstd'])
    expect(linesOf(unknown).join()).toContain('unpacking it takes longer than 1000 ms')
  })
})

describe('the clock of work', () => {
  const clockOf = (readings: readonly (readonly [wall: number, processor: number])[]) => {
    let at = 0
    const now = workClock({ wall: () => readings[at]?.[0] ?? 0, processor: () => readings[at]?.[1] ?? 0 })
    return readings.slice(1).map(() => {
      at += 1
      return now()
    })
  }

  it('goes by as time does where the process has processors enough', () => {
    expect(
      clockOf([
        [100, 50],
        [200, 150],
        [300, 350],
      ]),
    ).toEqual([100, 200])
  })

  it('counts the work where the process waits for a processor, and a fifth of the time at the least', () => {
    expect(
      clockOf([
        [100, 50],
        [200, 100],
        [300, 100],
      ]),
    ).toEqual([50, 70])
  })
})
