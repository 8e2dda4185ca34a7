import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import type { DigitalOceanEmulatorOptions } from '../../adapters/digitalocean/emulator.ts'
import { gptDisk, qcow2Disk, truncated, vhdxDisk } from '../../demo/disk-images.ts'
import { fixedVhd, isoVolume, sparseVmdk, vdi } from '../inspect/other-formats.ts'
import { type Answer, type Fixture, startFixture } from './digitalocean-fixture.ts'
import { bootableDisk, type FileSource, type ServedFile, startFileSource } from './file-source.ts'

const disk = bootableDisk()
const text = (content: string): Uint8Array => Buffer.from(content, 'latin1')
/** The start of a tar archive, which is all that is looked at. */
const tar = Buffer.alloc(10_240)
tar.write('ustar', 257, 'latin1')

let running: Fixture | undefined
let source: FileSource | undefined
afterEach(async () => {
  expect(running?.emulator.failures ?? []).toEqual([])
  await running?.emulator.close()
  await source?.close()
  running = undefined
  source = undefined
})

const start = async (
  files: Readonly<Record<string, ServedFile>> = {},
  options: DigitalOceanEmulatorOptions = {},
): Promise<Fixture & { readonly url: FileSource['url'] }> => {
  const served = await startFileSource(files)
  source = served
  running = await startFixture(options)
  return { ...running, url: served.url }
}

const post = ({ call }: Fixture, fields: Readonly<Record<string, unknown>>): Promise<Answer> =>
  call('POST', '/v2/images', { name: 'web', url: 'http://127.0.0.1:1/a.raw', region: 'nyc3', ...fields })

describe('asking for an import', () => {
  it('answers 202 with part of the image only', async () => {
    const fixture = await start()
    const { status, body } = await post(fixture, { distribution: 'Ubuntu', description: 'text', tags: ['a', 'b:c'] })
    expect(status).toBe(202)
    expect(body).toEqual({
      image: {
        id: body.image.id,
        name: 'web',
        type: 'custom',
        distribution: 'Ubuntu',
        description: 'text',
        created_at: '2026-08-21T00:00:00Z',
        regions: [],
        tags: ['a', 'b:c'],
        status: 'NEW',
        error_message: '',
      },
    })
    expect(String(body.image.id)).toMatch(/^\d{9}$/)
  })

  it('can be read, listed, changed and deleted at once', async () => {
    const fixture = await start()
    const { id } = (await post(fixture, {})).body.image
    expect((await fixture.get(`/v2/images/${id}`)).body.image).toMatchObject({
      status: 'NEW',
      public: false,
      slug: null,
      min_disk_size: null,
      size_gigabytes: null,
    })
    expect((await fixture.get('/v2/images?private=true')).body.meta.total).toBe(1)
    expect((await fixture.call('PUT', `/v2/images/${id}`, { name: 'other' })).body.image.name).toBe('other')
    expect((await fixture.call('DELETE', `/v2/images/${id}`)).status).toBe(204)
    await fixture.emulator.clock.advance(600_000)
    expect((await fixture.get(`/v2/images/${id}`)).status).toBe(404)
    expect(source?.requests).toEqual([])
  })

  it('spells NEW as it is told', async () => {
    const fixture = await start({}, { statusCase: 'lower' })
    const { image } = (await post(fixture, {})).body
    expect(image.status).toBe('new')
    expect((await fixture.get(`/v2/images/${image.id}`)).body.image.status).toBe('new')
  })

  it('keeps an unknown distribution as Unknown', async () => {
    const fixture = await start()
    for (const distribution of ['AlmaLinux', undefined, 'ubuntu']) {
      const { image } = (await post(fixture, { distribution })).body
      expect(image).toMatchObject({ distribution: 'Unknown OS' })
      expect((await fixture.get(`/v2/images/${image.id}`)).body.image).toMatchObject({ distribution: 'Unknown' })
    }
  })

  it.each([
    [{ name: undefined }],
    [{ name: ' ' }],
    [{ name: 7 }],
    [{ url: undefined }],
    [{ url: 'nonsense' }],
    [{ url: 'ftp://127.0.0.1/a.raw' }],
    [{ region: undefined }],
    [{ region: 'ams1' }],
    [{ region: 'nyc9' }],
    [{ distribution: 7 }],
    [{ description: 7 }],
    [{ tags: 'a' }],
  ])('refuses %o with 422, and makes nothing', async (fields) => {
    const fixture = await start()
    const { status, body } = await post(fixture, fields)
    expect(status).toBe(422)
    expect(body.id).toBe('unprocessable_entity')
    expect((await fixture.get('/v2/images?private=true')).body.meta.total).toBe(0)
  })

  it('refuses what is no JSON object with 400', async () => {
    const { call } = await start()
    for (const body of ['{"name":', '[]', '"text"', 'null', undefined]) {
      const answer = await call('POST', '/v2/images', body)
      expect(answer.status).toBe(400)
      expect(answer.body).toMatchObject({ id: 'bad_request', message: 'error parsing request body' })
    }
  })

  it('refuses a bad tag in its own shape, and makes nothing', async () => {
    const fixture = await start()
    const { status, body } = await post(fixture, { tags: ['fine', 'not fine'] })
    expect(status).toBe(400)
    const error = String.raw`Error validating resource tag: "tag-name \"not fine\" contains invalid characters"`
    expect(body).toEqual({
      error,
      messages: null,
      root_causes: [`rpc error: code = InvalidArgument desc = ${error}`],
    })
    expect(fixture.emulator.tags).toEqual([])
  })

  it('needs tag:create for tags, and not without', async () => {
    const fixture = await start({}, { scopes: ['image:create'] })
    expect((await post(fixture, { tags: [] })).status).toBe(202)
    expect((await post(fixture, { tags: ['a'] })).status).toBe(403)
  })
})

describe('an import', () => {
  it('goes through NEW and pending to available, in the region asked for', async () => {
    const fixture = await start({ '/a.raw': { bytes: disk } })
    const { id } = (await post(fixture, { url: fixture.url('/a.raw?signature=s'), region: 'ams3' })).body.image
    const { clock } = fixture.emulator
    const status = async () => (await fixture.get(`/v2/images/${id}`)).body.image.status
    await clock.advance(9_999)
    expect(await status()).toBe('NEW')
    expect(source?.requests).toEqual([])
    await clock.advance(1)
    expect(await status()).toBe('pending')
    expect(source?.requests).toEqual(['HEAD /a.raw?signature=s', 'GET /a.raw?signature=s'])
    expect(source?.credentials).toEqual([])
    await clock.advance(289_999)
    expect(await status()).toBe('pending')
    expect((await fixture.get('/v2/images?private=true')).body.meta.total).toBe(1)
    await clock.advance(1)
    expect((await fixture.get(`/v2/images/${id}`)).body.image).toMatchObject({
      status: 'available',
      regions: ['ams3'],
      size_gigabytes: 0.01,
      min_disk_size: 1,
      error_message: '',
    })
  })

  it('takes as long as it is told', async () => {
    const fixture = await start({ '/a.raw': { bytes: disk } }, { importDuration: 0 })
    const { id } = (await post(fixture, { url: fixture.url('/a.raw') })).body.image
    await fixture.emulator.clock.advance(0)
    expect((await fixture.get(`/v2/images/${id}`)).body.image.status).toBe('available')
  })

  it('runs by itself on a scaled clock', async () => {
    const fixture = await start({ '/a.raw': { bytes: disk } }, { timeScale: 60_000 })
    const { id } = (await post(fixture, { url: fixture.url('/a.raw') })).body.image
    const read = async () => (await fixture.get(`/v2/images/${id}`)).body.image.status
    await expect.poll(read, { interval: 2 }).toBe('available')
  })

  it('measures the disk by the image and the size by the file', async () => {
    const bytes = qcow2Disk({ virtualBytes: 3 * 1024 ** 3 + 512 })
    const fixture = await start({ '/a.qcow2': { bytes } })
    const { id } = (await post(fixture, { url: fixture.url('/a.qcow2') })).body.image
    await fixture.emulator.clock.advance(300_000)
    expect((await fixture.get(`/v2/images/${id}`)).body.image).toMatchObject({ min_disk_size: 4, size_gigabytes: 0.01 })
  })

  it('stays deleted if it is deleted on the way', async () => {
    const fixture = await start({ '/a.raw': { bytes: disk } }, { deletedAnswers: 'deleted' })
    const { id } = (await post(fixture, { url: fixture.url('/a.raw') })).body.image
    await fixture.emulator.clock.advance(20_000)
    expect((await fixture.call('DELETE', `/v2/images/${id}`)).status).toBe(204)
    await fixture.emulator.clock.advance(600_000)
    expect((await fixture.get(`/v2/images/${id}`)).body.image).toMatchObject({ status: 'deleted', error_message: '' })
  })

  it.each<[string, ServedFile]>([
    ['/a.img', { bytes: disk }],
    ['/A.RAW', { bytes: gptDisk() }],
    ['/a.bin', { bytes: disk, chunked: true }],
    ['/a.qcow', { bytes: qcow2Disk() }],
    ['/a.vhdx', { bytes: vhdxDisk() }],
    ['/a.vdi', { bytes: vdi() }],
    ['/a.vmdk', { bytes: sparseVmdk() }],
    ['/a.qcow2.gz', { bytes: gzipSync(qcow2Disk()) }],
    ['/a.img.gz', { bytes: gzipSync(disk) }],
    ['/a.img.bz2', { bytes: text('BZh91AY&SY, and more') }],
  ])('takes %s', async (path, file) => {
    const fixture = await start({ [path]: file })
    const { id } = (await post(fixture, { url: fixture.url(path) })).body.image
    await fixture.emulator.clock.advance(300_000)
    expect((await fixture.get(`/v2/images/${id}`)).body.image).toMatchObject({ status: 'available', error_message: '' })
  })

  const decompression = /^We had a problem decompressing your file\. This typically happens/
  it.each<[string, ServedFile, RegExp]>([
    ['/corrupt.img.gz', { bytes: truncated(gzipSync(qcow2Disk()), 0.5) }, decompression],
    ['/tar.img.gz', { bytes: gzipSync(tar) }, decompression],
    ['/xz.img', { bytes: text('\xfd7zXZ\x00 and more') }, /^We don't support the compression xz/],
    ['/twice.img.gz', { bytes: gzipSync(gzipSync(disk)) }, /^We don't support the compression gzip/],
    ['/zip.img', { bytes: text('PK\x03\x04 and more') }, /^We don't support the archive format zip/],
    ['/iso.img', { bytes: isoVolume() }, /^We don't support the image format iso/],
    ['/vhd.img', { bytes: fixedVhd() }, /^We don't support the image format vhd\./],
    ['/page.img', { bytes: text('<!doctype html><p>Log in') }, /web page/],
    ['/zeroes.raw', { bytes: Buffer.alloc(4096) }, /partition table/],
    ['/short.raw', { bytes: truncated(disk, 0.5) }, /^The raw image is incomplete/],
    ['/short.qcow2', { bytes: truncated(qcow2Disk(), 0.5) }, /^The qcow2 image is incomplete/],
    ['/huge.qcow2', { bytes: qcow2Disk({ virtualBytes: 100e9 }) }, /larger than 100 GB/],
  ])('fails at its end for %s', async (path, file, reason) => {
    const fixture = await start({ [path]: file })
    const { id } = (await post(fixture, { url: fixture.url(path) })).body.image
    await fixture.emulator.clock.advance(299_999)
    expect((await fixture.get(`/v2/images/${id}`)).body.image).toMatchObject({ status: 'pending', error_message: '' })
    await fixture.emulator.clock.advance(1)
    const { status, body } = await fixture.get(`/v2/images/${id}`)
    expect(status).toBe(200)
    expect(body.image).toMatchObject({ status: 'deleted', regions: [], error_message: expect.stringMatching(reason) })
    expect((await fixture.get('/v2/images?private=true')).body.images).toEqual([])
  })

  it.each<[string, ServedFile, RegExp]>([
    ['/a.tar.gz', { bytes: gzipSync(tar) }, /^We don't support the file extension/],
    ['/a.iso', { bytes: isoVolume() }, /^We don't support the file extension/],
    ['/a.img.xz', { bytes: disk }, /^We don't support the file extension/],
    ['/download', { bytes: disk }, /^We don't support the file extension/],
    ['/no-head.raw', { bytes: disk, headStatus: 405 }, /HEAD was answered with status 405/],
    ['/no-get.raw', { bytes: disk, getStatus: 403 }, /GET was answered with status 403/],
    ['/cut.raw', { bytes: disk, cutAfter: 100 }, /connection ended after/],
  ])('fails soon for %s', async (path, file, reason) => {
    const fixture = await start({ [path]: file })
    const { id } = (await post(fixture, { url: fixture.url(`${path}?signature=secret`) })).body.image
    await fixture.emulator.clock.advance(10_000)
    expect((await fixture.get(`/v2/images/${id}`)).body.image.status).toBe('pending')
    await fixture.emulator.clock.advance(20_000)
    const { image } = (await fixture.get(`/v2/images/${id}`)).body
    expect(image).toMatchObject({ status: 'deleted', error_message: expect.stringMatching(reason) })
    expect(image.error_message).not.toContain('secret')
  })

  it('fails soon where nobody answers', async () => {
    const fixture = await start()
    const { id } = (await post(fixture, { url: 'http://127.0.0.1:1/a.raw' })).body.image
    await fixture.emulator.clock.advance(30_000)
    expect((await fixture.get(`/v2/images/${id}`)).body.image).toMatchObject({
      status: 'deleted',
      error_message: expect.stringContaining('ECONNREFUSED'),
    })
  })
})
