import type { ConformanceSubject } from 'imageferry/conformance'
import { afterEach, describe, expect, it } from 'vitest'
import { importSpec } from '../../../src/conformance/expect.ts'
import { digitalOceanSubject } from '../../digitalocean-subject.ts'
import { succeed } from '../../either.ts'

let subject: ConformanceSubject | undefined
afterEach(async () => {
  await subject?.stop()
  subject = undefined
})

const begin = async (imageReadableAfter: number) => {
  subject = await digitalOceanSubject({ imageReadableAfter })
  const { store, reopen, runtime } = subject
  const begun = await succeed(store.importFromUrl(importSpec(subject, 'fresh')))
  const state = async (by = store) => {
    const [lookup] = await succeed(by.getOperations([begun.ref]))
    return lookup?.found === true ? lookup.operation.state : lookup?.error.kind
  }
  return { store, reopen, runtime, begun, state }
}

describe('an operation that the provider does not find yet', () => {
  it('is as it was begun, for who has begun it', async () => {
    const { state, reopen, runtime } = await begin(30_000)
    expect(await state()).toBe('queued')
    expect(await state(reopen())).toBe('not-found')
    await runtime.sleep(40_000)
    expect(await state()).toBe('running')
    expect(await state(reopen())).toBe('running')
  })

  it('is not found after a minute', async () => {
    const { state, runtime } = await begin(600_000)
    await runtime.sleep(59_000)
    expect(await state()).toBe('queued')
    await runtime.sleep(1_000)
    expect(await state()).toBe('not-found')
  })

  it('is not waited for once its image was deleted', async () => {
    const { store, begun, state } = await begin(0)
    expect(await state()).toBe('queued')
    if (begun.image !== undefined) await succeed(store.delete(begun.image))
    expect(await state()).toBe('not-found')
  })
})
