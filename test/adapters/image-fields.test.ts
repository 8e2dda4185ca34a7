import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Image } from 'imageferry'
import { describe, expect, it } from 'vitest'
import { toImage } from '../../adapters/digitalocean/image.ts'
import { imagesIn } from '../../adapters/gcore/image.ts'
import { digitalOceanPayload, gcorePayload } from '../../bench/payloads.ts'
import { needsSharedMaterial, readShared } from '../shared-material.ts'

interface Row {
  readonly field: string
  readonly place: keyof Image | undefined
}

const document = readFileSync(join(import.meta.dirname, '../../docs/image-fields.md'), 'utf8')

const rowsUnder = (heading: string): readonly Row[] => {
  const [, section = ''] = document.split(`## ${heading}`)
  const [table = ''] = section.split('\n## ')
  return [...table.matchAll(/^\| `(\w+)` \| (?:`(\w+)`|only `raw`) \|/gm)].map(([, field = '', place]) => ({
    field,
    place: place as keyof Image | undefined,
  }))
}

const account = { store: 'gcore', projectId: '1337' }

const gpuPayload = {
  id: 'gpu',
  name: 'gpu',
  status: 'active',
  visibility: 'private',
  size: 0,
  min_disk: 20,
  min_ram: 0,
  disk_format: 'raw',
  architecture: 'x86_64',
  os_type: 'linux',
  os_distro: 'ubuntu',
  os_version: '24.04',
  hw_firmware_type: 'uefi',
  ssh_key: 'allow',
  gpu_driver: 'nvidia',
  gpu_driver_type: 'open',
  gpu_driver_version: '1',
  cuda_toolkit_version: '13.0',
  task_id: 'lock',
  created_at: '2026-01-01T00:00:00',
  updated_at: '2026-01-01T00:00:00',
  tags: [],
}

/** Payloads in which every field says something, and for each field another value that says something else. */
const providers = [
  {
    name: 'DigitalOcean',
    rows: rowsUnder('DigitalOcean'),
    fields: 14,
    specification: ['specs/digitalocean-images.openapi.json', 'image'],
    read: (wire: Record<string, unknown>) => toImage('digitalocean', wire as never),
    payload: {
      ...digitalOceanPayload(1),
      public: true,
      name: '24.04 (LTS) x64',
      type: 'base',
      slug: 'ubuntu-24-04-x64',
      tags: ['a'],
      description: 'text',
    },
    others: {
      id: 2,
      name: '22.04 (LTS) x64',
      type: 'other',
      distribution: 'Debian',
      slug: 'other',
      public: false,
      regions: ['ams3'],
      created_at: '2020-01-01T00:00:00Z',
      min_disk_size: 1,
      size_gigabytes: 1,
      description: 'other',
      tags: ['b'],
      status: 'pending',
      error_message: 'broken',
    },
  },
  {
    name: 'Gcore',
    rows: rowsUnder('Gcore'),
    fields: 33,
    specification: ['specs/gcore-images.openapi.json', 'ImageSerializer'],
    read: (wire: Record<string, unknown>) => imagesIn(account, String(wire['region_id']))(wire as never),
    payload: {
      ...gcorePayload(1),
      description: 'text',
      display_order: 1,
      gpu_driver: 'nvidia',
      gpu_driver_type: 'open',
      gpu_driver_version: '1',
      task_id: 'lock',
      creator_task_id: 'made',
      currency_code: 'EUR',
      price_per_hour: 1,
      price_per_month: 2,
      price_status: 'show',
    },
    others: {
      id: 'other',
      name: 'other',
      status: 'saving',
      visibility: 'public',
      size: 1,
      min_disk: 1,
      min_ram: 1,
      disk_format: 'qcow2',
      architecture: 'aarch64',
      os_type: 'windows',
      os_distro: 'debian',
      os_version: '12',
      hw_firmware_type: 'bios',
      hw_machine_type: 'i440',
      ssh_key: 'deny',
      is_baremetal: true,
      description: 'other',
      display_order: 2,
      gpu_driver: 'amd',
      gpu_driver_type: 'closed',
      gpu_driver_version: '2',
      task_id: 'other',
      creator_task_id: 'other',
      project_id: 2,
      region_id: 148,
      region: 'other',
      created_at: '2020-01-01T00:00:00',
      updated_at: '2020-01-01T00:00:00',
      tags_v2: [{ key: 'a', value: 'b', read_only: false }],
      currency_code: 'USD',
      price_per_hour: 9,
      price_per_month: 9,
      price_status: 'hide',
    },
  },
  {
    name: 'Gcore, GPU images',
    rows: rowsUnder('Gcore, GPU images'),
    fields: 22,
    specification: ['specs/gcore-images.openapi.json', 'GpuImageSerializer'],
    read: (wire: Record<string, unknown>) => imagesIn(account, '148', 'gpu-virtual')(wire as never),
    payload: gpuPayload,
    others: {
      id: 'other',
      name: 'other',
      status: 'queued',
      visibility: 'public',
      size: 1,
      min_disk: 1,
      min_ram: 1,
      disk_format: 'qcow2',
      architecture: 'aarch64',
      os_type: 'windows',
      os_distro: 'debian',
      os_version: '12',
      hw_firmware_type: 'bios',
      ssh_key: 'deny',
      gpu_driver: 'amd',
      gpu_driver_type: 'closed',
      gpu_driver_version: '2',
      cuda_toolkit_version: '12.0',
      task_id: 'other',
      created_at: '2020-01-01T00:00:00',
      updated_at: '2020-01-01T00:00:00',
      tags: [{ key: 'a', value: 'b', read_only: false }],
    },
  },
] as const

describe.each(providers)("$name's image object", ({ rows, fields, specification, read, payload, others }) => {
  it('has a row in the document for every field, once', () => {
    expect(rows).toHaveLength(fields)
    expect(rows.map(({ field }) => field).sort()).toEqual(Object.keys(payload).sort())
  })

  it.runIf(needsSharedMaterial)('has the fields of the specification', () => {
    const [path, schema] = specification
    const { components } = readShared(path) as {
      readonly components: { readonly schemas: Readonly<Record<string, { readonly properties: object }>> }
    }
    expect(rows.map(({ field }) => field).sort()).toEqual(
      Object.keys(components.schemas[schema]?.properties ?? {}).sort(),
    )
  })

  it.each(rows)('$field shows in $place, where the document says so', ({ field, place }) => {
    const before = read(payload)
    const after = read({ ...payload, [field]: (others as Readonly<Record<string, unknown>>)[field] })
    const changed = (Object.keys(before) as (keyof Image)[]).filter(
      (key) => key !== 'raw' && JSON.stringify(before[key]) !== JSON.stringify(after[key]),
    )
    if (place === undefined) expect(changed).toEqual([])
    else expect(changed).toContain(place)
    expect((after.raw as Readonly<Record<string, unknown>>)[field]).toEqual(
      (others as Readonly<Record<string, unknown>>)[field],
    )
  })
})
