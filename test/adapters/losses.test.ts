import * as E from 'fp-ts/lib/Either.js'
import type { ImportSpec, OperatingSystem } from 'imageferry'
import { describe, expect, it } from 'vitest'
import { toImport as digitalOcean } from '../../adapters/digitalocean/import-body.ts'
import { toImport as gcore } from '../../adapters/gcore/import-body.ts'
import { leftOf, rightOf } from '../either.ts'

const specOf = (region: string, os: OperatingSystem): ImportSpec => ({
  name: 'an-image',
  url: 'https://example.com/an-image.raw',
  region,
  os,
})

describe('the family of an operating system', () => {
  it.each<OperatingSystem>([{ family: 'windows' }, { distribution: 'windows' }, { distribution: 'Windows Server' }])(
    'is refused by DigitalOcean where it is Windows, said or implied: %j',
    (os) => {
      const spec = { ...specOf('nyc3', os), onLoss: 'accept' } as const
      expect(leftOf(digitalOcean(spec))).toMatchObject({ kind: 'invalid-argument', fields: { os: expect.anything() } })
    },
  )

  it('is a loss at DigitalOcean where no distribution says it', () => {
    expect(leftOf(digitalOcean(specOf('nyc3', { family: 'bsd' })))).toMatchObject({ fields: { os: expect.anything() } })
    expect(E.isRight(digitalOcean(specOf('nyc3', { family: 'linux' })))).toBe(true)
    expect(rightOf(digitalOcean(specOf('nyc3', { family: 'bsd', distribution: 'freebsd' })))).toMatchObject({
      body: { distribution: 'FreeBSD' },
      losses: [],
    })
  })

  it('is sent to Gcore where a distribution implies another than the default', () => {
    expect(rightOf(gcore(specOf('76', { distribution: 'windows' }))).body.os_type).toBe('windows')
    expect(rightOf(gcore(specOf('76', { distribution: 'ubuntu' }))).body.os_type).toBeUndefined()
    expect(leftOf(gcore(specOf('76', { distribution: 'freebsd' })))).toMatchObject({
      fields: { os: expect.anything() },
    })
  })
})
