import { spawnSync } from 'node:child_process'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { ImageStoreError } from 'imageferry'
import { describe, expect, it } from 'vitest'
import { aroundEachMember } from '../../src/flow/each-member.ts'
import { endless } from '../mutants/mutant.ts'
import { everything, failing, hidingImports, type Lie, lies } from './lies.ts'
import { runSeed } from './run-seed.ts'
import type { Limits } from './workload.ts'

const found = async (decorate: Lie, limits?: Limits): Promise<string> => {
  const { wrong } = await runSeed(7, { workload: () => everything(limits), decorate })
  return wrong.join('\n')
}

describe('a store that lies is found out', () => {
  it.each(lies)('%s', async (_, words, lie) => {
    expect(await found(lie)).toMatch(words)
  })

  it('by a call that takes longer than its time-out', async () => {
    const slow: Lie = (store, { sleep }) =>
      aroundEachMember(store, (_, options, run) => async () => {
        await sleep(30_000)
        return run(endless(options))()
      })
    expect(await found(slow, { timeoutMs: 5_000 })).toMatch(/call: get: it took 30000 ms, and was to end after 5000 ms/)
  })

  it('by a rejection that nobody handles', async () => {
    const others = process.listeners('unhandledRejection')
    process.removeAllListeners('unhandledRejection')
    try {
      const dropping: Lie = (store) => ({
        ...store,
        get: (ref, options) => {
          void Promise.reject(new Error('dropped'))
          return store.get(ref, options)
        },
      })
      expect(await found(dropping)).toMatch(/unhandledRejection: Error: dropped/)
    } finally {
      for (const other of others) process.on('unhandledRejection', other)
    }
  })

  it('by an error that holds the token', async () => {
    const telling: Lie = (store) => ({
      ...store,
      get: () =>
        TE.left(
          new ImageStoreError('unavailable', '1234$5afe0123456789abcdef5afe', {
            ...failing(store, 'get', 'unavailable'),
          }),
        ),
    })
    expect(await found(telling)).toMatch(/gcore on keyed: call: get: its error unavailable holds the token/)
  })
})

describe('a store that tells the truth passes', () => {
  it('where nothing goes wrong', async () => {
    expect(await found((store) => store)).toBe('')
  })

  it('where it fails imports that may be there, and says so', async () => {
    const { wrong, endings, imports } = await runSeed(7, {
      workload: () => everything(),
      decorate: hidingImports(true),
    })
    expect([wrong, imports]).toEqual([[], 6])
    expect(endings['unavailable']).toBeGreaterThan(4)
  })

  it('where it fails for a reason', async () => {
    const refusing: Lie = (store) =>
      aroundEachMember(store, (operation, options, run) =>
        operation === 'update' ? TE.left(failing(store, operation, 'locked')) : run(options),
      )
    expect(await found(refusing)).toBe('')
  })
})

describe('a seed', () => {
  it('gives the same run each time, request by request', async () => {
    for (const seed of [3, 4]) {
      const [first, again] = [await runSeed(seed), await runSeed(seed)]
      expect(again.transcript).toEqual(first.transcript)
      expect(again.wrong).toEqual(first.wrong)
      expect(first.transcript.length).toBeGreaterThan(100)
    }
  })

  it.each([
    ['a duplicate that is removed under its import while the look for the kept one hangs', 10_488_533],
    ['an image that is deleted between two pages of a listing', 13_781_314],
    ['an import that a limit holds back for an hour after its look, and whose answer is lost', 500_068],
    ['a wait from another process where nothing under way tells its key', 500_137],
    ['a duplicate that was removed, and a list that a limit keeps out of reach for an hour', 600_900],
    ['a duplicate that was removed before the call that made it had ended', 601_148],
    ['a last look that had begun before what it looks for was listed', 900_059],
    ["a lost import of which another process's was found, and that is carried out later", 900_972],
    ["a task that no answer has named and that another request's image tells of", 601_406],
  ])('holds what once went wrong with %s', async (_, seed) => {
    expect((await runSeed(seed)).wrong).toEqual([])
  })

  it('has some requests go wrong, of both providers', async () => {
    const { faults, transcript } = await runSeed(5)
    expect(Object.keys(faults).length).toBeGreaterThan(3)
    for (const name of ['digitalocean', 'gcore']) expect(transcript.join('\n')).toMatch(new RegExp(`${name} .*\\(`))
  })
})

describe('the command', () => {
  const run = (...parameters: readonly string[]) =>
    spawnSync('node', ['scripts/run.mjs', 'test/chaos/main.ts', ...parameters], { encoding: 'utf8' })

  it('says how many have passed and failed, and so does its exit code', () => {
    const { stdout, status } = run('--seeds', '2', '--from', '11')
    const [, passed, failed] = /^(\d+) passed, (\d+) failed\n$/.exec(stdout.split(/(?<=\n)/).at(-1) ?? '') ?? []
    expect([Number(passed) + Number(failed), status]).toEqual([2, failed === '0' ? 0 : 1])
  })

  it('refuses numbers that are none', () => {
    const { stderr, status } = run('--seeds', 'many')
    expect([status === 0, stderr.includes('--seeds is a whole number, not "many"')]).toEqual([false, true])
  })
})
