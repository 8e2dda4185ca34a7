/**
 * Looks at mutated images, and sees that every look ends with facts, within its bounds: `--mutations N` (100,000 unless told), `--seed S` for the
 * same ones again. The last line says `N passed, N failed`; the exit code is 0 only where none has failed. A failure is shrunk and shown.
 */
import { parseArgs } from 'node:util'
import fc from 'fast-check'
import { drive } from './drive.ts'
import { mutation, withMutated } from './mutation.ts'
import { samples } from './samples.ts'

const { values } = parseArgs({ options: { mutations: { type: 'string' }, seed: { type: 'string' } } })
const mutations = Number(values.mutations ?? 100_000)
const seed = Number(values.seed ?? Date.now() % 2 ** 31)

const say = (line: string): void => void process.stdout.write(`${line}\n`)

const files = await samples()
say(`${files.length} files, ${mutations} mutations, --seed ${seed}`)

const begun = performance.now()
const slowest = { milliseconds: 0, name: '' }
const report = await fc.check(
  fc.asyncProperty(mutation, async (one) => {
    const file = files[one.sample % files.length]
    if (file === undefined) return
    const before = performance.now()
    await withMutated(file.bytes, file.read, one, (bytes) => drive(bytes))
    const milliseconds = performance.now() - before
    if (milliseconds > slowest.milliseconds) Object.assign(slowest, { milliseconds, name: file.name })
  }),
  { numRuns: mutations, seed },
)

const seconds = ((performance.now() - begun) / 1000).toFixed(0)
const rss = (process.resourceUsage().maxRSS / 1024).toFixed(0)
say(
  `${seconds} s, the slowest look ${slowest.milliseconds.toFixed(0)} ms (${slowest.name}), at most ${rss} MiB of memory`,
)
if (report.failed) {
  const [found] = report.counterexample ?? []
  say(`${files[(found?.sample ?? 0) % files.length]?.name}: ${fc.stringify(found)}`)
  say(String(report.errorInstance instanceof Error ? report.errorInstance.stack : report.errorInstance))
}
say(`${report.numRuns - (report.failed ? 1 : 0)} passed, ${report.failed ? 1 : 0} failed`)
process.exitCode = report.failed ? 1 : 0
