/**
 * The figures that the model and the build decide: what it allocates to normalise an image, and how long it takes to
 * load the package; and what a look at an image costs. Everything is measured in processes of their own, in turn, and given as medians
 * and ratios: the machine's speed drifts. Needs a build (`npm run bench` makes one), and the tools that images are made with.
 */
import { spawnSync } from 'node:child_process'

const rounds = 15

const node = (...parameters: readonly string[]): string => {
  const { status, stdout, stderr } = spawnSync(process.execPath, parameters, { encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
  return stdout
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0

const say = (line: string): void => {
  process.stdout.write(`${line}\n`)
}

const heapFlags = ['--expose-gc', '--max-semi-space-size=256', '--min-semi-space-size=256']

const allocation = (): void => {
  const report: Record<string, { bytesPerImage: number; imagesPerSecond: number }> = JSON.parse(
    node(...heapFlags, 'scripts/run.mjs', 'bench/allocation.ts'),
  )
  say('Checking and normalising one image (median of 15 rounds over 10,000):')
  for (const [provider, { bytesPerImage, imagesPerSecond }] of Object.entries(report))
    say(
      `  ${provider.padEnd(14)} ${String(bytesPerImage).padStart(5)} bytes  ${(imagesPerSecond / 1e6).toFixed(2)} M/s`,
    )
}

/** What is loaded, by the name it is shown under; the first is what the others are compared with. */
const programs: Readonly<Record<string, string>> = {
  'bare node': '0',
  imageferry: "await import('imageferry')",
  'imageferry/digitalocean': "await import('imageferry/digitalocean')",
  'imageferry/gcore': "await import('imageferry/gcore')",
  'imageferry/memory': "await import('imageferry/memory')",
  'imageferry/inspect': "await import('imageferry/inspect')",
  'axios alone': "await import('axios')",
}

const loading = (): void => {
  const times = new Map<string, number[]>(Object.keys(programs).map((name) => [name, []]))
  for (let round = 0; round < rounds; round++)
    for (const [name, code] of Object.entries(programs)) {
      const begun = performance.now()
      node('--input-type=module', '-e', code)
      times.get(name)?.push(performance.now() - begun)
    }
  const bare = median(times.get('bare node') ?? [])
  say(`Loading, whole process (median of ${rounds}, in turn; ratio to bare node):`)
  for (const [name, values] of times)
    say(`  ${name.padEnd(24)} ${median(values).toFixed(0).padStart(5)} ms  ${(median(values) / bare).toFixed(2)}x`)
}

interface Look {
  readonly title: string
  readonly milliseconds: number
  readonly requests: number
  readonly bytes: number
}

const looking = (): void => {
  const looks: readonly Look[] = JSON.parse(node('scripts/run.mjs', 'bench/looks.ts'))
  say(`Looking at ${looks.length} images over HTTP, every answer 50 ms late (median, most):`)
  for (const [name, unit, of] of [
    ['time', 'ms', (look: Look) => look.milliseconds],
    ['requests', '', (look: Look) => look.requests],
    ['bytes', 'KiB', (look: Look) => look.bytes / 1024],
  ] as const) {
    const most = looks.reduce((worst, look) => (of(look) > of(worst) ? look : worst))
    say(
      `  ${name.padEnd(10)} ${median(looks.map(of)).toFixed(0).padStart(5)} ${of(most).toFixed(0).padStart(5)} ${unit}  (${most.title})`,
    )
  }
}

allocation()
loading()
looking()
