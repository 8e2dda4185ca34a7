import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect, inspectTask } from 'imageferry/inspect'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { gptDisk, qcow2Disk } from '../../demo/disk-images.ts'
import { leftOf } from '../either.ts'

describe('a look at a file', () => {
  let folder = ''
  const stored = async (name: string, bytes: Uint8Array): Promise<string> => {
    const path = join(folder, name)
    await writeFile(path, bytes)
    return path
  }
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'imageferry-look-'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  it('tells the name of a backing file without what may be secret in it', async () => {
    const image = Buffer.from(qcow2Disk())
    const name = 'https://user:hunter2@images.example.com/base.qcow2?X-Amz-Signature=abcdef0123'
    image.writeBigUInt64BE(1024n, 8)
    image.writeUInt32BE(name.length, 16)
    image.write(name, 1024, 'latin1')
    const facts = await inspect(await stored('overlay.qcow2', image))
    expect(facts.features.backingFile).toBe('https://images.example.com/base.qcow2')
    expect(JSON.stringify(facts)).not.toMatch(/hunter2|abcdef0123/)
  })

  it('is plain data, the same for a path and for the URL of the file', async () => {
    const path = await stored('disk.raw', gptDisk())
    const facts = await inspect(path)
    expect(JSON.parse(JSON.stringify(facts))).toEqual(facts)
    expect(await inspect(new URL(`file://${path}`))).toEqual(facts)
  })

  it('tells the SHA-256 and the progress of a full pass', async () => {
    const bytes = gptDisk()
    const told: number[] = []
    const facts = await inspect(await stored('whole.raw', bytes), {
      fullPass: { onProgress: ({ bytes: read }) => told.push(read) },
    })
    const digest = await crypto.subtle.digest('SHA-256', bytes)
    expect(facts.fullPass).toEqual({ sha256: Buffer.from(digest).toString('hex'), bytes: bytes.length })
    expect(told.at(-1)).toBe(bytes.length)
  })

  it('takes a path with the line break that it was read with', async () => {
    const path = await stored('line.raw', gptDisk())
    expect(await inspect(`${path}\n`)).toEqual(await inspect(path))
  })

  it('does nothing before its task is run', async () => {
    const task = inspectTask(join(folder, 'later.raw'))
    await stored('later.raw', gptDisk())
    expect(await task()).toMatchObject({ _tag: 'Right', right: { format: 'raw' } })
  })

  it.each([
    ['nothing', ''],
    ['blanks', ' '],
    ['a NUL', 'a\0b'],
    ['no text', JSON.parse('null')],
    ['another scheme', 's3://bucket/web.raw'],
    ['a URL without a host', 'https://'],
    ['a file URL of another machine', 'file://there/web.raw'],
    ['a URL in quotation marks', '"https://u:pw@images.example.com/x.raw?sig=abcdef"'],
    ['a URL without a colon', 'https//u:pw@images.example.com/x.raw?sig=abcdef'],
    ['a URL without a scheme', 'images.example.com/x.raw?sig=abcdef'],
    ['a URL without its first letter', 'ttps//images.example.com/a;token=abcdef'],
    ['a URL in two lines', 'images.example.com/a\n?abcdef'],
    ['a URL of a user', 'user:pw@images.example.com'],
    ['a URL that begins with its host', '//u:pw@images.example.com/x.raw?sig=abcdef'],
  ])('refuses %s as a place', async (_, place) => {
    const error = leftOf(await inspectTask(place)())
    expect(error).toMatchObject({ kind: 'invalid-argument' })
    expect(JSON.stringify(error)).not.toMatch(/pw|abcdef/)
  })

  it.each([
    ['an option that is none', { allowprivate: true }],
    ['a flag that is a text', { allowPrivate: 'yes' }],
    ['no time at all', { timeoutMs: 0 }],
    ['half a request', { maximumRequests: 0.5 }],
    ['a signal that is none', { signal: {} }],
    ['a full pass that is a text', { fullPass: 'yes' }],
    ['a runtime without a clock', { runtime: {} }],
    ['no record', JSON.parse('null')],
  ])('refuses %s', async (_, options) => {
    const path = await stored('good.raw', gptDisk())
    expect(leftOf(await inspectTask(path, JSON.parse(JSON.stringify(options)))())).toMatchObject({
      kind: 'invalid-argument',
    })
  })
})
