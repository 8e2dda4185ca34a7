import { request } from 'node:http'
import { afterEach, expect, it } from 'vitest'
import { startEmulator as startDigitalOcean } from '../../adapters/digitalocean/emulator.ts'
import { startEmulator as startGcore } from '../../adapters/gcore/emulator.ts'

const closings: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closings.splice(0)) await close()
})

/** The status of a request of which only the head and the beginning of a large body are sent. */
const statusBeforeTheEnd = (url: string, headers: Record<string, string>): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const outgoing = request(
      url,
      { method: 'PUT', headers: { ...headers, 'content-length': '50000000' } },
      (answer) => {
        resolve(answer.statusCode)
        outgoing.destroy()
      },
    )
    outgoing.on('error', reject)
    outgoing.write('{"images":[')
  })

it.each([
  ['DigitalOcean', startDigitalOcean],
  ['Gcore', startGcore],
])('the control endpoint of %s refuses whom it does not know before it has read the body', async (_, start) => {
  const emulator = await start({ timeScale: 0 })
  closings.push(emulator.close)
  for (const headers of [{}, { authorization: 'Bearer other' }, { authorization: 'APIKey 1$ab' }])
    expect(await statusBeforeTheEnd(`${emulator.baseUrl}/_emulator/state`, headers)).toBe(401)
  expect((await fetch(`${emulator.baseUrl}/_emulator`)).status).toBe(401)
  expect(emulator.requests).toEqual([])
})
