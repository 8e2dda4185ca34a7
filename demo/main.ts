/**
 * Moves the custom images of a DigitalOcean account to a Gcore project, by a mapping from images to the files they were made
 * from. Without arguments everything is emulated on this machine; `--live --mapping FILE` works on the real clouds.
 * Exits 0 only when every image came to what the mapping says of it.
 */
import { parseArgs } from 'node:util'
import { isImageStoreError, type StoreObserver, withPromises } from 'imageferry'
import { printable } from '../src/cli/printable.ts'
import { type Clouds, liveClouds } from './clouds.ts'
import { emulatedClouds } from './emulated-clouds.ts'
import { onInterrupts } from './interrupts.ts'
import { readMapping } from './mapping.ts'
import { migrate } from './migrate.ts'
import type { MigrationProgress } from './moving.ts'
import { intentions, missingImages } from './plan.ts'
import { imageTable, isAsExpected, resultLines, settledLine } from './report.ts'
import { stoppedLines } from './stopped.ts'
import { type View, viewOn } from './view.ts'

const usage = 'npm run demo [-- --live] [--mapping FILE]'

/** Exit codes: of a migration that was stopped, as shells have it for SIGINT, and of one that could not be begun. */
const stopped = 130
const notBegun = 2

const isCanceled = (error: unknown) => isImageStoreError(error) && error.kind === 'canceled'

const run = async (
  { source, target, mappingPath, runtime, afterwards }: Clouds,
  { say, show, end }: View,
  signal: AbortSignal,
): Promise<boolean> => {
  const from = withPromises(source)
  const to = withPromises(target)
  const mapping = await readMapping(mappingPath)

  const [own, present] = await Promise.all([from.collect({}, { signal }), to.collect({}, { signal })])
  say(`The images of ${source.name} and ${target.name}, in one model:`, ...imageTable([...own, ...present]), '')

  const plan = intentions(own, mapping, target.capabilities.names)
  say(`Moving ${plan.filter(({ go }) => go).length} of ${own.length} images from ${source.name} to ${target.name}:`)
  let newest: MigrationProgress | undefined
  try {
    const results = await migrate(to, plan, {
      signal,
      runtime,
      onProgress: (progress) => {
        newest = progress
        show(progress)
      },
      onResult: (result) => say(settledLine(result)),
    })
    end()
    const missing = missingImages(own, mapping)
    say('', 'What became of each:', ...results.flatMap((result) => resultLines(result)))
    say(...missing.map(({ image }) => `FAILED  ${image} is in the mapping, but not in ${source.name}`))
    const unexpected = results.filter((result) => !isAsExpected(result)).length + missing.length
    say(
      '',
      unexpected === 0
        ? 'Everything came to what the mapping says.'
        : `${unexpected} did not come to what the mapping says.`,
    )
    return unexpected === 0
  } catch (error) {
    end()
    if (isImageStoreError(error)) say(...stoppedLines(target.name, newest, error, afterwards))
    throw error
  }
}

const main = async (): Promise<number> => {
  const { values } = parseArgs({ options: { live: { type: 'boolean' }, mapping: { type: 'string' } } })
  const stop = new AbortController()
  const listensNoMore = onInterrupts({
    source: process,
    now: () => performance.now(),
    stop: () => stop.abort(),
    end: () => process.exit(stopped),
  })
  // Filling the emulated clouds is no part of the migration: what is told before there is a view is not shown.
  let note: View['note'] = () => {}
  const observer: StoreObserver = (event) => note(event)
  const clouds =
    values.live === true ? liveClouds(process.env, values.mapping, observer) : await emulatedClouds(observer)
  const view = viewOn({ output: process.stdout, environment: process.env, now: clouds.runtime.now })
  note = view.note
  stop.signal.addEventListener('abort', () => view.say('Stopping. Another Ctrl-C ends this at once.'))
  try {
    const mappingPath = values.mapping ?? clouds.mappingPath
    return (await run({ ...clouds, mappingPath }, view, stop.signal)) ? 0 : 1
  } finally {
    await clouds.close()
    listensNoMore()
  }
}

main().then(
  (code) => {
    process.exitCode = code
  },
  (error: unknown) => {
    const hint = isImageStoreError(error) && error.hint !== undefined ? ` (${error.hint})` : ''
    const said = error instanceof Error ? error.message : String(error)
    const lines = isCanceled(error) ? ['Stopped.'] : [...`${said}${hint}`.split('\n').map(printable), usage]
    process.stderr.write(`${lines.join('\n')}\n`)
    process.exitCode = isCanceled(error) ? stopped : notBegun
  },
)
