import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { gptDisk, qcow2Disk, rawDisk, truncated } from '../../demo/disk-images.ts'
import { imageferryProgram } from '../../src/cli/program.ts'
import { loopback } from '../loopback.ts'
import { serveRanges } from '../real-images/range-server.ts'

interface Ran {
  readonly out: string
  readonly error: string
  readonly code: number | undefined
}

/** Runs the command in this process; what commander refuses counts as its code. */
const run = async (parameters: readonly string[], isTTY = false): Promise<Ran> => {
  const texts = { out: '', error: '' }
  let code: number | undefined
  const writer = (name: 'out' | 'error') => ({
    isTTY,
    write: (text: string) => {
      texts[name] += text
    },
  })
  const program = imageferryProgram({
    out: writer('out'),
    error: writer('error'),
    environment: {},
    signal: new AbortController().signal,
    end: (ended) => {
      code = ended
    },
  })
  await program.parseAsync(['inspect', ...parameters], { from: 'user' }).catch(() => {
    code = 2
  })
  return { ...texts, code }
}

describe('imageferry inspect', () => {
  const servers = loopback()
  let folder = ''
  let base = ''
  const stored = async (name: string, bytes: Uint8Array | string): Promise<string> => {
    const path = join(folder, name)
    await writeFile(path, bytes)
    return path
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'imageferry-command-'))
    base = await servers.listen(serveRanges((name) => join(folder, name)))
  })
  afterAll(async () => {
    servers.closeAll()
    await rm(folder, { recursive: true, force: true })
  })

  it('says what an image is and ends with 0 where no target is named', async () => {
    const { out, code } = await run([await stored('web.qcow2', qcow2Disk())])
    expect(out).toMatch(/^image\s+qcow2 v3$/m)
    expect(out).toMatch(/^size\s.*disk 16\.8 MB$/m)
    expect(out).not.toContain('\u001B')
    expect(code).toBe(0)
  })

  it('looks at a URL as at a file', async () => {
    await stored('there.qcow2', qcow2Disk())
    const { out, code } = await run([`${base}/there.qcow2`, '--allow-private'])
    expect(out).toMatch(/^image\s+qcow2 v3$/m)
    expect(out).toContain(`${base}/there.qcow2`)
    expect(code).toBe(0)
  })

  it('ends with 1 where one of the targets would not take it, and says why and what to do', async () => {
    const path = await stored('cut.qcow2', truncated(qcow2Disk(), 0.5))
    const { out, code } = await run([path, '--for', 'digitalocean', '--for', 'gcore'])
    expect(out).toContain('✗ DigitalOcean would refuse it')
    expect(out).toContain('✗ Gcore would refuse it')
    expect(out).toContain('[truncated]')
    expect(code).toBe(1)
  })

  it('says of an empty file, or of one with nothing known in it, that it is that, and nothing of a disk', async () => {
    const empty = await run([await stored('empty.img', '')])
    expect(empty.out).toMatch(/^image\s+an empty file$/m)
    expect(empty.out).not.toMatch(/^(?:boots|inside)/m)
    const unknown = await run([await stored('zeros.img', Buffer.alloc(2 ** 20))])
    expect(unknown.out).toMatch(/^image\s+nothing known$/m)
    expect(unknown.out).not.toMatch(/^boots/m)
  })

  it('says what a size is worth', async () => {
    const sizeOf = async (name: string, bytes: Uint8Array) =>
      /^size\s+(.*)$/m.exec((await run([await stored(name, bytes)])).out)?.[1]
    const huge = Buffer.from(qcow2Disk())
    huge.writeBigUInt64BE(2n ** 60n, 24)
    expect(await sizeOf('huge.qcow2', huge)).toMatch(/disk 9007\.2 TB or more$/)
    expect(await sizeOf('plain.img', gptDisk())).toMatch(/disk 1\.0 MB$/)
    const random = Buffer.concat([rawDisk({ bytes: 2 ** 22 }).subarray(0, -(2 ** 20)), randomBytes(2 ** 20)])
    expect(await sizeOf('disk.img.gz', gzipSync(random))).toMatch(/disk 4\.2 MB by its partition table$/)
  })

  it('writes one line of JSON', async () => {
    const path = await stored('web.raw.gz', gzipSync(gptDisk()))
    const { out, code } = await run([path, '--json', '--for', 'gcore'])
    const told = JSON.parse(out)
    expect(out.trimEnd()).not.toContain('\n')
    expect(told.facts).toMatchObject({ compressions: ['gzip'], format: 'raw', unpackedBytes: 1_048_576 })
    expect(Object.keys(told.targets)).toEqual(['gcore'])
    expect(code).toBe(told.targets.gcore.verdict === 'accepted' ? 0 : 1)
  })

  it('reads every byte where it is asked to, and shows how far it is on a terminal', async () => {
    const { out, error } = await run([await stored('whole.raw', gptDisk()), '--full'], true)
    expect(out).toMatch(/sha256.*[0-9a-f]{64}/)
    expect(error).toContain('Reading: ')
  })

  it('shows names that come with an image as text, whatever is in them', async () => {
    const archive = Buffer.alloc(1024)
    archive.write('a\u001B[2J\nimage: none', 0)
    archive.write('ustar', 257)
    const { out } = await run([await stored('a.tar', archive)])
    expect(out).not.toContain('\u001B')
    expect(out).not.toMatch(/^image: none/m)
  })

  it.each([
    ['nothing to look at', []],
    ['two things to look at', ['a', 'b']],
    ['a target that is none', ['a', '--for', 'nobody']],
    ['a firmware that is none', ['a', '--firmware', 'efi']],
    ['a time that is none', ['a', '--timeout', 'soon']],
    ['an option that is none', ['a', '--fro', 'gcore']],
    ['a file that is not there', ['/nothing/here.raw']],
    ['a scheme that no importer has', ['ftp://images.example.com/a.raw']],
    ['an address that no provider reaches', ['http://127.0.0.1:9/a.raw']],
    ['a metadata service', ['http://169.254.169.254/latest/meta-data']],
  ])('ends with 2 for %s', async (_, parameters) => {
    const { out, error, code } = await run(parameters)
    expect({ out, code }).toEqual({ out: '', code: 2 })
    expect(error).not.toBe('')
  })

  it.each([
    ['a target', ['--for', 'https://user:secret@h/x.qcow2?sig=secret', 'a']],
    ['several targets', ['--for', 'gcore,secret', 'a']],
    ['a firmware', ['--firmware', 'it is\n secret', 'a']],
    ['an option that is none', ['--fro=secret', 'a']],
    ['a time', ['--timeout', 'secret', 'a']],
  ])('shows no value of %s that is wrong', async (_, parameters) => {
    const { error, code } = await run(parameters)
    expect(error).toMatch(/invalid|unknown option '--fro'/)
    expect(error).not.toContain('secret')
    expect(code).toBe(2)
  })

  it('takes several targets with commas', async () => {
    const { out } = await run([await stored('two.qcow2', qcow2Disk()), '--for', 'Gcore,digitalocean', '--json'])
    expect(Object.keys(JSON.parse(out).targets)).toEqual(['gcore', 'digitalocean'])
  })

  it('tells a source that cannot be read as JSON where JSON is asked for, and no secret of its URL', async () => {
    const { out, error, code } = await run([
      `${base.replace('//', '//user:secret@')}/none.raw?sig=secret`,
      '--json',
      '--allow-private',
    ])
    expect(JSON.parse(out).error).toMatchObject({ kind: 'unreachable', status: 404 })
    expect(out + error).not.toContain('secret')
    expect(code).toBe(2)
  })
})

describe('the process', () => {
  const root = join(import.meta.dirname, '../..')
  const servers = loopback()
  afterAll(() => servers.closeAll())

  /** What a process says until it ends. `interrupt` tells when it is to be stopped. */
  const ended = async (
    command: string,
    parameters: readonly string[],
    interrupt: Promise<void> = new Promise(() => undefined),
  ): Promise<Ran> => {
    const child = spawn(command, parameters, { cwd: root })
    void interrupt.then(() => child.kill('SIGINT'))
    const texts = { out: '', error: '' }
    child.stdout.on('data', (chunk: Buffer) => {
      texts.out += chunk.toString()
    })
    child.stderr.on('data', (chunk: Buffer) => {
      texts.error += chunk.toString()
    })
    const [code] = (await once(child, 'close')) as [number]
    return { ...texts, code }
  }
  const program = ['scripts/run.mjs', 'src/cli/main.ts']
  const started = (...parameters: readonly string[]) => ended(process.execPath, [...program, ...parameters])
  const shell = (script: string) => ended('sh', ['-c', script, process.execPath, ...program, 'inspect', 'package.json'])

  it('ends with the code of its command', async () => {
    expect(await started('inspect', '--help')).toMatchObject({ code: 0, error: '' })
    expect((await started('inspect', 'package.json', '--for', 'gcore')).code).toBe(1)
    expect((await started('inspect', 'nothing-here')).code).toBe(2)
    expect((await started('inspekt', 'package.json')).code).toBe(2)
    expect(await started('--version')).toEqual({ code: 0, out: '0.1.0\n', error: '' })
    const misplaced = await started('https://user:secret@h/x.qcow2')
    expect([misplaced.code, misplaced.error.includes('secret')]).toEqual([2, false])
    expect((await started()).code).toBe(2)
  })

  it('takes it well when nobody reads what it says, and says so when it cannot be written', async () => {
    expect((await shell('{ "$0" "$@" --json; echo "code $?" >&2; } | true')).error.trim()).toBe('code 0')
    expect(await shell('"$0" "$@" --json > /dev/full')).toMatchObject({ code: 2, error: '' })
  })

  it('ends when it is told to stop', async () => {
    let arrive: () => void = () => undefined
    const reached = new Promise<void>((resolve) => {
      arrive = resolve
    })
    const silent = await servers.listen(() => arrive())
    const place = [`${silent}/never.raw`, '--allow-private']
    const { code, error } = await ended(process.execPath, [...program, 'inspect', ...place], reached)
    expect(code).toBe(2)
    expect(error).not.toContain('    at ')
  })
})
