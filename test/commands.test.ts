import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { collect } from 'imageferry'
import { digitalOcean } from 'imageferry/digitalocean'
import { gcore } from 'imageferry/gcore'
import { afterEach, describe, expect, it } from 'vitest'
import { succeed } from './either.ts'

const root = join(import.meta.dirname, '..')

const started: ChildProcess[] = []

const start = (entry: string, parameters: readonly string[] = [], environment: NodeJS.ProcessEnv = process.env) => {
  const child = spawn(process.execPath, ['scripts/run.mjs', entry, ...parameters], { cwd: root, env: environment })
  started.push(child)
  const text = { out: '', error: '' }
  child.stdout.on('data', (chunk: Buffer) => {
    text.out += chunk.toString()
  })
  child.stderr.on('data', (chunk: Buffer) => {
    text.error += chunk.toString()
  })
  // Not at its exit: what it wrote last may come in after that.
  const closed = once(child, 'close')
  return { child, text, ended: async (): Promise<number | null> => ((await closed) as [number | null])[0] }
}

const firstLine = async (child: ChildProcess, text: { readonly out: string }): Promise<string> => {
  while (!text.out.includes('\n')) await once(child.stdout ?? child, 'data')
  return text.out.slice(0, text.out.indexOf('\n'))
}

const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** Starts the emulators in the background of a shell that ends when they have said where they are. */
const startInBackground = async (
  environment: NodeJS.ProcessEnv,
): Promise<{ readonly address: string; readonly pid: number }> => {
  const said = join(mkdtempSync(join(tmpdir(), 'imageferry-background-')), 'said')
  const command =
    'node scripts/run.mjs src/cli/emulators.ts --json > "$1" & while ! [ -s "$1" ]; do sleep 0.1; done; echo $!'
  const shell = spawn('sh', ['-c', command, 'sh', said], { cwd: root, env: environment })
  started.push(shell)
  let out = ''
  shell.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString()
  })
  // Not at its exit, as above; and not when all its streams have closed: the emulators keep one of them.
  await once(shell.stdout, 'end')
  const pid = Number(out)
  background.push(pid)
  return { address: `${JSON.parse(readFileSync(said, 'utf8')).digitalocean.baseUrl}/v2/regions`, pid }
}

const background: number[] = []

afterEach(() => {
  for (const pid of background.splice(0)) if (isRunning(pid)) process.kill(pid, 'SIGKILL')
  for (const child of started.splice(0)) child.kill('SIGKILL')
})

describe('npm run emulators', () => {
  it('prints one line of JSON, serves both clouds, and stops on SIGTERM', async () => {
    const { child, text, ended } = start('src/cli/emulators.ts', ['--json'])
    const said = JSON.parse(await firstLine(child, text))
    expect(Object.keys(said)).toEqual(['digitalocean', 'gcore'])
    const ocean = await succeed(collect(digitalOcean(said.digitalocean), { scope: 'public', kinds: ['base'] }))
    expect(ocean.map(({ slug }) => slug)).toContain('ubuntu-24-04-x64')
    const catalogue = await succeed(collect(gcore({ ...said.gcore, regions: [76] }), { scope: 'public' }))
    expect(catalogue.some(({ os }) => os?.distribution === 'ubuntu')).toBe(true)
    child.kill('SIGTERM')
    expect(await ended()).toBe(0)
    expect(text.out.trim().split('\n')).toHaveLength(1)
    expect(text.error).toBe('')
  })

  it('prints variables that a shell can read', async () => {
    const { child, text, ended } = start('src/cli/emulators.ts')
    while (text.out.split('\n').length <= 6) await once(child.stdout ?? child, 'data')
    child.kill('SIGTERM')
    await ended()
    const shell = spawnSync('sh', ['-c', 'eval "$1"; echo "$GCORE_API_KEY $GCORE_CLOUD_PROJECT_ID"', 'sh', text.out], {
      encoding: 'utf8',
    })
    expect(shell.stdout).toMatch(/^\d+[$_][0-9a-f]+ \d+\n$/)
    expect(text.out).toMatch(/^export DIGITALOCEAN_API_URL='http:\/\/127\.0\.0\.1:\d+'$/m)
  })

  it('takes the options of both emulators', async () => {
    const { child, text } = start('src/cli/emulators.ts', [
      ...['--json', '--digitalocean', '{"token":"it\'s-a-token","errors":"empty-id"}'],
      ...['--gcore', '{"unauthorizedBody":"detail","project":7}'],
    ])
    const said = JSON.parse(await firstLine(child, text))
    expect([said.digitalocean.token, said.gcore.project]).toEqual(["it's-a-token", 7])
    const refusal = async (url: string) => (await fetch(url)).json()
    expect(await refusal(`${said.digitalocean.baseUrl}/v2/regions`)).toMatchObject({ id: '' })
    expect(await refusal(`${said.gcore.baseUrl}/cloud/v1/regions`)).toMatchObject({ detail: expect.any(String) })
  })

  it('tells how it is used', async () => {
    const { text, ended } = start('src/cli/emulators.ts', ['--help'])
    expect(await ended()).toBe(0)
    expect(text.out).toMatch(/^Usage: imageferry-emulators .*--digitalocean JSON/s)
    expect(text.error).toBe('')
  })

  it.each([
    ['--time-scale', 'fast'],
    ['--gcore-port', '70000'],
    ['--unknown', '--unknown'],
    ['--digitalocean', '{"statusCas":"lower"}', 'statusCas: is not a field that is known'],
    ['--digitalocean', '{"statusCase":"Lower"}', 'statusCase: should be one of upper, lower'],
    ['--gcore', '{', 'takes JSON'],
  ])('says in one line what is wrong with %s %s, and how it is used', async (option, value, message = option) => {
    const { text, ended } = start('src/cli/emulators.ts', option === value ? [option] : [option, value])
    expect(await ended()).toBe(2)
    const [line, empty, use] = text.error.split('\n')
    expect(line).toContain(option)
    expect(line).toContain(message)
    expect([empty, use]).toEqual(['', 'Usage: imageferry-emulators [options]'])
    expect(text.error).not.toContain(' at ')
    expect(text.out).toBe('')
  })

  it('goes on when the shell that started it has ended', async () => {
    const { npm_lifecycle_event: _, ...environment } = process.env
    const { address, pid } = await startInBackground(environment)
    // Longer than it would take to notice: a process has no time but the real one.
    await new Promise((resolve) => setTimeout(resolve, 700))
    expect((await fetch(address)).status).toBe(401)
    process.kill(pid, 'SIGTERM')
    await expect.poll(() => isRunning(pid)).toBe(false)
  })

  it('stops with the shell that npm started it in', async () => {
    const { pid } = await startInBackground({ ...process.env, npm_lifecycle_event: 'emulators' })
    await expect.poll(() => isRunning(pid)).toBe(false)
  })
})

describe('npm run demo', () => {
  it('moves what can be moved, refuses the rest with the reason, and exits with 0', async () => {
    const { text, ended } = start('demo/main.ts')
    expect(await ended(), text.error).toBe(0)
    expect(text.out).toMatch(/^ .* web-server: running, the provider is at it$/m)
    expect(text.out).toMatch(/^web-server: arrived as gcore:1337\/76\//m)
    expect(text.out).toMatch(/moved {3}web-server.*arrived as gcore:1337\/76\//s)
    expect(text.out).toMatch(/moved {3}db-primary.*lost: tags "site=lux"/s)
    expect(text.out).toMatch(
      /moved {3}build agent \(nightly\).*arrived as gcore:1337\/148\/.*changed: name .* is now "build-agent-nightly"/s,
    )
    expect(text.out).toMatch(/refused legacy-app.*truncated/s)
    expect(text.out).toMatch(/refused web-01-before-upgrade.*snapshot.*never was a file/s)
    expect(text.out).toMatch(/gcore:1337\/76\/\S+\s+│ golden-image/)
    expect(text.out).toContain('lost: description "Front end, built nightly"')
    expect(text.out).not.toMatch(/WRONG|FAILED|undefined|dop_v1|1234\$/)
  })

  it('stops cleanly at Ctrl-C, says what is still running and how to find it, and exits with 130', async () => {
    const { child, text, ended } = start('demo/main.ts')
    while (!/web-server: running.*agent \(nightly\): running/s.test(text.out) && child.exitCode === null)
      await once(child.stdout ?? child, 'data')
    child.kill('SIGINT')
    expect(await ended()).toBe(130)
    const [, left = ''] = text.out.split('Still running at gcore:\n')
    expect(left).toMatch(/^ {2}web-server {2}\(gcore:1337\/76\/task\/[0-9a-f-]{36}\)$/m)
    expect(left).toMatch(/^ {2}build agent \(nightly\) {2}\(gcore:1337\/148\/task\/[0-9a-f-]{36}\)$/m)
    expect(left).toContain('the same command finds them')
    expect(text.out).toContain('Stopping.')
    expect(text.out).not.toContain('What became of each')
    expect(text.out).not.toMatch(/(?!\n)\p{Cc}/u)
    expect(text.error).toBe('Stopped.\n')
  })

  it('exits with 1 where the mapping says that something else should have happened', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'imageferry-mapping-'))
    const path = join(folder, 'mapping.json')
    writeFileSync(path, JSON.stringify({ images: [{ image: 'digitalocean:404404', region: '76' }] }))
    const { text, ended } = start('demo/main.ts', ['--mapping', path])
    expect(await ended()).toBe(1)
    expect(text.out).toContain('digitalocean:404404 is in the mapping, but not in digitalocean')
    rmSync(folder, { recursive: true })
  })

  it('says what a mapping lacks', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'imageferry-mapping-'))
    const path = join(folder, 'mapping.json')
    writeFileSync(path, JSON.stringify({ images: [{ image: 'no ref', region: 76 }] }))
    const { text, ended } = start('demo/main.ts', ['--mapping', path])
    expect(await ended()).toBe(2)
    expect(text.error).toContain('no ref')
    rmSync(folder, { recursive: true })
  })

  it('needs credentials for the real clouds, and says which', async () => {
    const { PATH } = process.env
    const { text, ended } = start('demo/main.ts', ['--live'], { PATH, GCORE_API_KEY: 'key' })
    expect(await ended()).toBe(2)
    expect(text.error).toContain('DIGITALOCEAN_TOKEN, GCORE_CLOUD_PROJECT_ID')
    expect(text.error).not.toContain('GCORE_API_KEY')
  })
})
