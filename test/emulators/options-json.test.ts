import { digitalOceanSwitches, readDigitalOceanOptions } from 'imageferry/digitalocean/emulator'
import { readGcoreOptions } from 'imageferry/gcore/emulator'
import { describe, expect, it } from 'vitest'
import { settingsFrom } from '../../adapters/digitalocean/emulator/settings.ts'
import { settingsOf } from '../../adapters/gcore/emulator/settings-of.ts'

describe('options of the emulator of DigitalOcean as JSON', () => {
  it('are all that there are', () => {
    const usual = JSON.parse(JSON.stringify(settingsFrom({})))
    expect(readDigitalOceanOptions(usual)).toEqual(usual)
    for (const [name, values] of Object.entries(digitalOceanSwitches))
      for (const value of values) expect(readDigitalOceanOptions({ [name]: value })).toEqual({ [name]: value })
    const further = { port: 0, timeScale: 0.5, seed: -3, droplets: [{ id: 5 }], volumeSnapshots: [{}], images: [{}] }
    expect(readDigitalOceanOptions(further)).toEqual(further)
  })

  it.each([
    [{ statusCas: 'lower' }, 'statusCas: is not a field that is known; known are statusCase'],
    [{ clock: {} }, 'clock: is not'],
    [{ statusCase: 'Lower' }, 'statusCase: should be one of upper, lower'],
    [{ importDuration: -1 }, 'importDuration: should be a number from 0 on'],
    [{ importDuration: '5' }, 'importDuration: '],
    [{ port: 70_000 }, 'port: should be a whole number from 0 to 65535'],
    [{ token: 'two words' }, 'token: '],
    [{ scopes: ['image:dance'] }, 'scopes: 0: should be one of '],
    [{ images: [{ nmae: 'a' }] }, 'images: 0: An image has no nmae'],
    [{ droplets: [{ id: 'a' }] }, 'droplets: 0: '],
    [[], 'should be an object'],
  ])('are refused with what is wrong: %j', (options, message) => {
    expect(() => readDigitalOceanOptions(options)).toThrow(message)
  })
})

describe('options of the emulator of Gcore as JSON', () => {
  it('are all that there are', () => {
    const { projectId: project, ...usual } = settingsOf({})
    expect(readGcoreOptions({ ...usual, project })).toEqual({ ...usual, project })
    const further = {
      ...{ port: 0, timeScale: 0, seed: 7, apiKey: '12$ab', importDuration: [1, 2], settleSize: null },
      ...{
        quota: { 76: { images: 1, bytes: 5 } },
        gpuTaskTypes: { upload: 'up' },
        furtherProjects: [{ id: 5, name: 'a' }],
      },
      ...{ images: [{ name: 'mine', tags: { a: 'b' } }], volumes: [{}] },
    }
    expect(readGcoreOptions(further)).toEqual(further)
  })

  it.each([
    [{ tagEra: 'tags' }, 'tagEra: is not a field that is known; known are port'],
    [{ clock: {} }, 'clock: is not'],
    [{ tagsEra: 'none' }, 'tagsEra: should be one of tags_v2, tags'],
    [{ quotaStatus: '403' }, 'quotaStatus: should be one of 400, 403'],
    [{ settleSize: 5 }, 'settleSize: should be one of 0'],
    [{ importDuration: [5, 1] }, 'importDuration: should have the least first'],
    [{ importDuration: [5] }, 'importDuration: '],
    [{ apiKey: 'key' }, 'apiKey: should be a number'],
    [{ quota: { 5: { images: 1, bytes: 1 } } }, 'quota: 5: should be the id of a region'],
    [{ quota: { 76: { images: 1 } } }, 'quota: 76: bytes: is missing'],
    [{ images: [{ region_id: 5 }] }, 'images: 0: region_id: '],
    [{ volumes: [{ bootable: 1 }] }, 'volumes: 0: bootable: '],
    [{ settleShare: 2 }, 'settleShare: should be a number from 0 to 1'],
    [null, 'should be an object'],
  ])('are refused with what is wrong: %j', (options, message) => {
    expect(() => readGcoreOptions(options)).toThrow(message)
  })
})
