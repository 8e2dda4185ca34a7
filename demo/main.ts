/**
 * Moves the custom images of a DigitalOcean account to a Gcore project, by a mapping from images to the files they were made
 * from. Without arguments everything is emulated on this machine; `--live --mapping FILE` works on the real clouds.
 * Exits 0 only when every image came to what the mapping says of it.
 */
import { parseArgs } from 'node:util'
import { isImageStoreError, type OperationRef, withPromises } from 'imageferry'
import { type Clouds, liveClouds } from './clouds.ts'
import { emulatedClouds } from './emulated-clouds.ts'
import { readMapping } from './mapping.ts'
import { migrate } from './migrate.ts'
import { intentions, missingImages } from './plan.ts'
import { imageTable, isAsExpected, progressLine, resultLines } from './report.ts'

const usage = 'npm run demo [-- --live] [--mapping FILE]'

const say = (...lines: readonly string[]): void => {
  for (const line of lines) process.stdout.write(`${line}\n`)
}

const run = async ({ source, target, mappingPath, runtime }: Clouds, signal: AbortSignal): Promise<boolean> => {
  const from = withPromises(source)
  const to = withPromises(target)
  const mapping = await readMapping(mappingPath)

  const [own, present] = await Promise.all([from.collect({}, { signal }), to.collect({}, { signal })])
  say(`The images of ${source.name} and ${target.name}, in one model:`, imageTable([...own, ...present]), '')

  const plan = intentions(own, mapping, target.capabilities.names)
  say(`Moving ${plan.filter(({ go }) => go).length} of ${own.length} images from ${source.name} to ${target.name}:`)
  const begun = runtime.now()
  const accepted = new Map<OperationRef, string>()
  try {
    const results = await migrate(to, plan, {
      signal,
      runtime,
      onAccepted: ({ image }, ref) => {
        accepted.set(ref, image.name)
        say(`  accepted  ${image.name}  (${ref})`)
      },
      onProgress: (operations) => say(progressLine(operations, (runtime.now() - begun) / 1000)),
    })
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
    if (accepted.size > 0)
      say('', `Still running at ${target.name}:`, ...[...accepted].map(([ref, name]) => `  ${name}  (${ref})`))
    throw error
  }
}

const main = async (): Promise<number> => {
  const { values } = parseArgs({ options: { live: { type: 'boolean' }, mapping: { type: 'string' } } })
  const stop = new AbortController()
  process.once('SIGINT', () => stop.abort())
  const clouds = values.live === true ? liveClouds(process.env, values.mapping) : await emulatedClouds()
  try {
    const mappingPath = values.mapping ?? clouds.mappingPath
    return (await run({ ...clouds, mappingPath }, stop.signal)) ? 0 : 1
  } finally {
    await clouds.close()
  }
}

main().then(
  (code) => {
    process.exitCode = code
  },
  (error: unknown) => {
    const hint = isImageStoreError(error) && error.hint !== undefined ? ` (${error.hint})` : ''
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}${hint}\n${usage}\n`)
    process.exitCode = isImageStoreError(error) && error.kind === 'canceled' ? 130 : 2
  },
)
