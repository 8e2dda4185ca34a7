/**
 * Looks at mutated images, and sees that every look ends with facts, within its bounds: `--mutations N` (100,000 unless told), `--seed S` for the
 * same ones again. The last line says `N passed, N failed`; the exit code is 0 only where none has failed, and the resident memory has not grown by
 * more than 400 MiB from where it was with all files made. A failure is shrunk and shown.
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

const mebibyte = 2 ** 20
const mostGrownBytes = 400 * mebibyte
/** Asking for it at every look would take longer than small looks do. */
const looksPerMeasurement = 16

const rssBefore = process.memoryUsage.rss()
let rss = rssBefore
let looks = 0
const measure = (): void => {
  looks += 1
  if (looks % looksPerMeasurement === 0) rss = Math.max(rss, process.memoryUsage.rss())
}

const begun = performance.now()
const slowest = { milliseconds: 0, name: '' }
const report = await fc.check(
  fc.asyncProperty(mutation, async (one) => {
    const file = files[one.sample % files.length]
    if (file === undefined) return
    const before = performance.now()
    await withMutated(file.bytes, file.places, one, (bytes) => drive(bytes))
    const milliseconds = performance.now() - before
    measure()
    if (milliseconds > slowest.milliseconds) Object.assign(slowest, { milliseconds, name: file.name })
  }),
  { numRuns: mutations, seed },
)

const seconds = ((performance.now() - begun) / 1000).toFixed(0)
const grown = rss - rssBefore
const isTooLarge = grown > mostGrownBytes
const inMebibytes = (bytes: number): string => `${(bytes / mebibyte).toFixed(0)} MiB`
say(
  `${seconds} s, the slowest look ${slowest.milliseconds.toFixed(0)} ms (${slowest.name}), at most ${inMebibytes(rss)} of memory, ${inMebibytes(grown)} more than at the start`,
)
if (isTooLarge) say(`The memory has grown by more than ${inMebibytes(mostGrownBytes)}`)
if (report.failed) {
  const [found] = report.counterexample ?? []
  say(`${files[(found?.sample ?? 0) % files.length]?.name}: ${fc.stringify(found)}`)
  say(String(report.errorInstance instanceof Error ? report.errorInstance.stack : report.errorInstance))
}
const failures = report.failed || isTooLarge ? 1 : 0
say(`${report.numRuns - failures} passed, ${failures} failed`)
process.exitCode = failures
