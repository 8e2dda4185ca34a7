import { describe, expect, it } from 'vitest'
import { requestLog } from '../../src/emulator/request-log.ts'

const request = (at: number) => ({ method: 'GET', path: '/', query: {}, status: 200, at })

describe('a request log', () => {
  it('keeps the newest 10 000 requests, oldest first, in one array', () => {
    const log = requestLog()
    const { records } = log
    for (let at = 1; at <= 10_002; at += 1) log.add(request(at))
    expect(records).toHaveLength(10_000)
    expect([records[0]?.at, records.at(-1)?.at]).toEqual([3, 10_002])
  })

  it('keeps as many as it is told', () => {
    const log = requestLog(2)
    for (const at of [1, 2, 3]) log.add(request(at))
    expect(log.records).toEqual([request(2), request(3)])
  })
})
