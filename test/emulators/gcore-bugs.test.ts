import { afterEach, describe, expect, it } from 'vitest'
import { startEmulator } from '../../adapters/gcore/emulator.ts'
import { rawDisk } from '../../demo/disk-images.ts'
import { manualClock } from '../../src/emulator/clock.ts'
import { closeAll, startSourceHost } from './gcore-fixture.ts'

afterEach(closeAll)

const importBody = (url: string) => JSON.stringify({ name: 'disk', url })

const startWithImport = async (quota: () => { readonly images: number; readonly bytes: number }) => {
  const host = await startSourceHost({ disk: { bytes: rawDisk() } })
  const clock = manualClock()
  const emulator = await startEmulator({
    clock,
    quota: {
      get 76() {
        return quota()
      },
    },
  })
  const accepted = await fetch(`${emulator.baseUrl}/cloud/v1/downloadimage/${emulator.project}/76`, {
    method: 'POST',
    headers: { authorization: `APIKey ${emulator.apiKey}` },
    body: importBody(`${host}/disk`),
  })
  expect(accepted.status).toBe(200)
  return { clock, emulator }
}

describe('what happens by itself', () => {
  it('is put down if it fails, and does not end the process', async () => {
    const bug = new Error('a bug')
    let isBroken = false
    const { clock, emulator } = await startWithImport(() => {
      if (isBroken) throw bug
      return { images: 10, bytes: 2 ** 40 }
    })
    isBroken = true
    await clock.advance(600_000)
    expect(emulator.failures).toEqual([bug])
    await emulator.close()
  })

  it('ends with the emulator, though the clock runs on', async () => {
    let looks = 0
    const { clock, emulator } = await startWithImport(() => {
      looks += 1
      return { images: 10, bytes: 2 ** 40 }
    })
    await clock.advance(10_000)
    await emulator.close()
    const looksBefore = looks
    await clock.advance(600_000)
    expect(looks).toBe(looksBefore)
    expect(emulator.failures).toEqual([])
  })
})
