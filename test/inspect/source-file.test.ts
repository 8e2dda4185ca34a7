import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import {
  appendFile,
  mkdir,
  mkdtemp,
  open as openHandle,
  readdir,
  readlink,
  rm,
  stat,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isInspectError } from '../../src/inspect/inspect-error.ts'
import { openFile } from '../../src/inspect/source/file-source.ts'
import { lengthOf } from '../../src/inspect/source/file-supply.ts'
import type { ImageSource } from '../../src/inspect/source/image-source.ts'
import type { SourceOptions } from '../../src/inspect/source/source-options.ts'
import { linesOf } from './lines-of.ts'
import { manualTime } from './manual-time.ts'
import { variedBytes } from './source-server.ts'

const kibibyte = 1024
let folder: string
const sources: ImageSource[] = []

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'imageferry-source-'))
})
afterEach(async () => {
  for (const source of sources.splice(0)) await source.close()
  await rm(folder, { recursive: true, force: true })
})

const written = async (bytes: Uint8Array, name = 'disk.raw'): Promise<string> => {
  const path = join(folder, name)
  await writeFile(path, bytes)
  return path
}

const open = async (path: string, options: SourceOptions = {}): Promise<ImageSource> => {
  const source = await openFile(path, options)
  sources.push(source)
  return source
}

const failureOf = async (work: Promise<unknown>) => {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!isInspectError(error)) throw new Error(`No InspectError: ${String(error)}`)
  return error
}

/** How many descriptors of this process are of a file; 0 where the system does not tell. */
const descriptorsOf = async (path: string): Promise<number> => {
  const folderOfDescriptors = '/proc/self/fd'
  if (!existsSync(folderOfDescriptors)) return 0
  const names = await readdir(folderOfDescriptors)
  const targets = await Promise.all(names.map((name) => readlink(join(folderOfDescriptors, name)).catch(() => '')))
  return targets.filter((target) => target === path).length
}

describe('a file on this machine', () => {
  const bytes = variedBytes(3_000 * kibibyte)

  it('is read as one at a URL would be: its beginning, and then what is asked for', async () => {
    const path = await written(bytes)
    const source = await open(path)
    expect(source.facts()).toEqual({ kind: 'file', path, fileName: 'disk.raw' })
    expect(source.length).toBe(bytes.length)
    expect(source.cost().bytes).toBe(320 * kibibyte)
    const before = source.cost().requests

    expect(
      Buffer.from((await source.read(310 * kibibyte, 5)).bytes).equals(
        bytes.subarray(310 * kibibyte, 310 * kibibyte + 5),
      ),
    ).toBe(true)
    expect(source.cost().requests).toBe(before)
    const last = await source.read(bytes.length - 512, 1_000)
    expect(last).toEqual({ bytes: bytes.subarray(-512), short: 'end' })
    expect(source.cost()).toEqual({ requests: before + 1, bytes: 368 * kibibyte })
    expect(await source.read(bytes.length, 1)).toMatchObject({ short: 'end' })
    expect(await source.read(-1, 1)).toMatchObject({ short: 'end' })
  })

  it('is read up to 1 MiB, in as many reads as that takes', async () => {
    const source = await open(await written(bytes))
    for (let at = 400; at < 2_900; at += 100) await source.read(at * kibibyte, 10)
    expect(source.cost().bytes).toBe(1_024 * kibibyte)
    expect(source.cost().requests).toBeGreaterThan(12)
    expect(await source.read(2_950 * kibibyte, 10)).toMatchObject({ short: 'unavailable' })
    expect(linesOf(source.unavailable()).at(-1)).toContain('1048576 bytes were fetched')

    const small = await open(await written(bytes), { maximumBytes: 1_000 })
    expect(await small.read(0, 2_000)).toMatchObject({ short: 'unavailable' })
    expect(small.cost().bytes).toBe(1_000)
  })

  it('may be empty', async () => {
    const source = await open(await written(new Uint8Array()))
    expect(source.length).toBe(0)
    expect(await source.read(0, 10)).toMatchObject({ short: 'end' })
    expect(await source.fullPass()).toMatchObject({ bytes: 0 })
  })

  it('that is missing, or a directory, is unreadable, with its path', async () => {
    const missing = join(folder, 'missing.raw')
    expect(await failureOf(open(missing))).toMatchObject({
      kind: 'unreadable',
      message: `${missing} cannot be read (ENOENT)`,
    })
    await mkdir(join(folder, 'images'))
    expect(await failureOf(open(join(folder, 'images')))).toMatchObject({
      kind: 'unreadable',
      message: expect.stringContaining('directory'),
    })
    expect(await failureOf(open('/dev/null'))).toMatchObject({ kind: 'unreadable' })
  })

  it('that is a pipe is refused, and nobody waits for what might come through it', async () => {
    const path = join(folder, 'pipe')
    execFileSync('mkfifo', [path])
    expect(await failureOf(open(path))).toMatchObject({
      kind: 'unreadable',
      message: expect.stringContaining('neither a file'),
    })
  })

  it('that is written meanwhile has changed, for a read and for a full pass', async () => {
    const path = await written(bytes)
    const seconds = new Date(1_000_000)
    for (const write of [
      () => appendFile(path, 'more'),
      () => truncate(path, 1_000 * kibibyte),
      () => utimes(path, new Date(0), new Date(0)),
      async () => {
        const { atime, mtime } = await stat(path)
        await truncate(path, 1_000 * kibibyte)
        await utimes(path, atime, mtime)
      },
    ]) {
      await utimes(path, seconds, seconds)
      const source = await open(path)
      await write()
      expect(await failureOf(source.read(600 * kibibyte, 10))).toMatchObject({ kind: 'changed' })
      expect(await failureOf(source.fullPass())).toMatchObject({ kind: 'changed' })
      await writeFile(path, bytes)
    }
  })

  it('that is written during a full pass has changed', async () => {
    const path = await written(bytes)
    let nowMs = 0
    const source = await open(path, {
      runtime: { ...manualTime().runtime, now: () => (nowMs += 1_000) },
      timeoutMs: 1e9,
    })
    let writing: Promise<void> = Promise.resolve()
    const pass = source.fullPass(() => {
      writing = appendFile(path, 'more')
    })
    expect(await failureOf(pass)).toMatchObject({ kind: 'changed' })
    await writing
  })

  it('whose length is not told, as that of a device, has the length that can be read', async () => {
    const device = { isFile: () => false }
    for (const length of [0, 1, 511, 512, 100_001]) {
      const file = await openHandle(await written(variedBytes(length)))
      expect(await lengthOf(file, Object.assign(await file.stat(), device))).toBe(length)
      await file.close()
    }
  })

  it('has a full pass like one at a URL', async () => {
    const source = await open(await written(bytes))
    const told: unknown[] = []
    expect(await source.fullPass((progress) => told.push(progress))).toEqual({
      sha256: createHash('sha256').update(bytes).digest('hex'),
      bytes: bytes.length,
    })
    expect(told.at(-1)).toEqual({ bytes: bytes.length, totalBytes: bytes.length })
    expect(source.cost().bytes).toBe(320 * kibibyte + bytes.length)

    const packed = gzipSync(bytes)
    expect(await (await open(await written(packed, 'disk.raw.gz'))).fullPass()).toMatchObject({
      bytes: packed.length,
      unpackedBytes: bytes.length,
    })
  })

  it('is read no more when the time is over, when it is canceled, or closed', async () => {
    const path = await written(bytes)
    const time = manualTime()
    const slow = await open(path, { runtime: time.runtime })
    time.advance(20_000)
    expect(await failureOf(slow.read(0, 10))).toMatchObject({ kind: 'timeout' })
    expect(await slow.fullPass()).toMatchObject({ bytes: bytes.length })

    const controller = new AbortController()
    const canceled = await open(path, { signal: controller.signal })
    controller.abort()
    expect(await failureOf(canceled.read(0, 10))).toMatchObject({ kind: 'canceled' })
    expect(await failureOf(canceled.fullPass())).toMatchObject({ kind: 'canceled' })
    expect(await failureOf(open(path, { signal: controller.signal }))).toMatchObject({ kind: 'canceled' })

    const passing = await open(path)
    const pass = failureOf(passing.fullPass())
    await passing.close()
    expect(await pass).toMatchObject({ kind: 'canceled' })
    const ending = await open(path)
    expect(await failureOf(ending.fullPass(() => void ending.close()))).toMatchObject({ kind: 'canceled' })

    const closed = await open(path)
    await closed.close()
    await closed.close()
    expect(await failureOf(closed.read(0, 10))).toMatchObject({ kind: 'canceled' })
    expect(await failureOf(closed.fullPass())).toMatchObject({ kind: 'canceled' })
  })

  it('is not held open by a source that is closed or does not open', async () => {
    const path = await written(bytes)
    const source = await openFile(path)
    expect(await descriptorsOf(path)).toBe(existsSync('/proc/self/fd') ? 1 : 0)
    await source.close()
    await failureOf(openFile(path, { signal: AbortSignal.abort() }))
    await failureOf(openFile(folder))
    expect([await descriptorsOf(path), await descriptorsOf(folder)]).toEqual([0, 0])
  })
})
