import { imageRef } from 'imageferry'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { succeed } from '../../either.ts'
import { silence } from '../provider-talk.ts'
import { gcoreTalk } from './talk.ts'

beforeEach(silence)
afterEach(silence)

const priced = { currency_code: 'USD', price_per_hour: 0.5, price_per_month: 360, price_status: 'show' }
const answer = (more: object) =>
  ({ method: 'GET', body: { id: 'uuid', name: 'web', status: 'active', size: 5, ...more } }) as const
const ref = imageRef('gcore:1337/76/uuid')

describe('prices', () => {
  it('are asked for where the caller does, and nowhere else', async () => {
    const { store, lines } = gcoreTalk([answer(priced), answer({})])
    expect((await succeed(store.get(ref, { withPrices: true }))).price).toEqual({
      currency: 'USD',
      perHour: 0.5,
      perMonth: 360,
    })
    expect((await succeed(store.get(ref))).price).toBeUndefined()
    expect(lines()).toEqual([
      'GET /cloud/v1/images/1337/76/uuid?include_prices=true',
      'GET /cloud/v1/images/1337/76/uuid',
    ])
  })

  it.each(['hide', 'error', null])('are absent where the provider does not stand by them: %s', async (price_status) => {
    const { store } = gcoreTalk([answer({ ...priced, price_status })])
    expect((await succeed(store.get(ref, { withPrices: true }))).price).toBeUndefined()
  })

  it('of a trial account are 0, which is a price', async () => {
    const { store } = gcoreTalk([answer({ ...priced, price_per_hour: 0, price_per_month: 0 })])
    const { price } = await succeed(store.get(ref, { withPrices: true }))
    expect(price).toEqual({ currency: 'USD', perHour: 0, perMonth: 0 })
  })
})
