import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fail } from '../either.ts'
import { printed } from '../printed.ts'
import { httpSubjects } from './http-subjects.ts'
import { silence } from './provider-talk.ts'

describe.each(httpSubjects)('an error of $name', ({ secret, start, region }) => {
  beforeEach(silence)
  afterEach(silence)

  const spec = { name: 'web', url: 'https://user:pa55@host.example/web.qcow2?signature=s1gned', region }

  it('shows no credential and no secret of a source, even where the provider sends them back', async () => {
    const echo = [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64'), spec.url].join(' | ')
    const body = {
      id: echo,
      message: echo,
      request_id: echo,
      exception_class: 'ValidationError',
      invalid_fields: { url: [echo] },
    }
    for (const status of [400, 401, 422]) {
      silence()
      const headers = { 'x-request-id': secret, 'retry-after': secret }
      const { store } = start([{ method: 'POST', status, body, headers }])
      const text = printed(await fail(store.importFromUrl(spec)))
      expect(text).toContain('host.example')
      for (const leak of [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64'), 'pa55', 's1gned'])
        expect(text).not.toContain(leak)
    }
  })

  it('shows no credential where the network fails', async () => {
    const { store } = start([{ method: 'POST', status: 'ECONNREFUSED' }])
    expect(printed(await fail(store.importFromUrl(spec)))).not.toContain(secret)
  })
})
