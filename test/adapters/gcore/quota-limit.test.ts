import { type Runtime, systemRuntime } from 'imageferry'
import { gcore } from 'imageferry/gcore'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { fail, succeed } from '../../either.ts'
import { startAnswering } from './answering.ts'
import { apiKey } from './talk.ts'

const opened: (() => Promise<void>)[] = []
afterEach(async () => {
  await Promise.all(opened.splice(0).map((close) => close()))
})

const spec = { name: 'web', url: 'https://host.example/web.qcow2', region: '76' }

/** A store whose provider never answers where it is asked for a quota, and a runtime whose timers run out when a test says. */
const hanging = async (silent: RegExp) => {
  const timers = new Set<{ readonly milliseconds: number; readonly expire: () => void }>()
  let heard = (): void => undefined
  const asked = new Promise<void>((resolve) => {
    heard = resolve
  })
  const server = await startAnswering((method, path) => {
    if (method === 'POST') return { tasks: ['t'] }
    if (!silent.test(path)) return { id: 1 }
    heard()
    return 'nothing'
  })
  opened.push(server.close)
  const runtime: Runtime = {
    ...systemRuntime,
    timer: (milliseconds, expire) => {
      const timer = { milliseconds, expire }
      timers.add(timer)
      return () => timers.delete(timer)
    },
  }
  const expire = (limit: number): void => {
    for (const { milliseconds, expire } of timers) if (milliseconds === limit) expire()
  }
  const store = gcore({ apiKey, project: 1, regions: [76], baseUrl: server.baseUrl, runtime })
  return { store, asked, expire, timers, lines: server.lines }
}

describe('a provider that does not answer when it is asked for a quota', () => {
  it.each([
    ['the quota', /regional_quotas/],
    ['the client', /clients/],
  ])('delays an import by three seconds and no longer: %s', async (_, silent) => {
    const { store, asked, expire, lines } = await hanging(silent)
    const begun = store.importFromUrl(spec)()
    await asked
    expect(lines.filter((line) => line.startsWith('POST'))).toEqual([])
    expire(3_000)
    expect(await begun).toMatchObject({ _tag: 'Right', right: { ref: 'gcore:1/76/task/t' } })
    expect(lines.filter((line) => silent.test(line))).toHaveLength(1)
  })

  it('sends nothing for a call that was canceled meanwhile', async () => {
    const { store, asked, timers, lines } = await hanging(/regional_quotas/)
    const leaving = new AbortController()
    const begun = store.importFromUrl(spec, { signal: leaving.signal })
    const failed = fail(begun)
    await asked
    leaving.abort()
    expect((await failed).kind).toBe('canceled')
    // The look ends with the call: nothing is waited for any more.
    await vi.waitFor(() => expect(timers.size).toBe(0))
    expect(lines.filter((line) => line.startsWith('POST'))).toEqual([])
  })

  it('delays no GPU import, which is not asked for it', async () => {
    const { store } = await hanging(/regional_quotas/)
    expect(await succeed(store.importFromUrl({ ...spec, gpu: true }))).toMatchObject({ state: 'queued' })
  })
})
