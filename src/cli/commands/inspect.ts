import { Command, InvalidArgumentError, Option } from 'commander'
import { checkCompatibility } from '../../inspect/compatibility/check.ts'
import type { IntendedImport } from '../../inspect/compatibility/finding.ts'
import { inspect } from '../../inspect/inspect.ts'
import { isInspectError } from '../../inspect/inspect-error.ts'
import { fullPassLine } from '../full-pass-line.ts'
import { type HeldAgainst, inspectionLines } from '../inspection-lines.ts'
import { printable } from '../printable.ts'
import { type TargetName, targetNames, targets } from '../targets.ts'
import { type Output, styleFor } from '../terminal-style.ts'

/** What the command has of the process. */
export interface CommandSurroundings {
  readonly out: Output
  readonly error: Output
  readonly environment: NodeJS.ProcessEnv
  /** Aborted where the process is told to stop. */
  readonly signal: AbortSignal
  /** Sets the code that the process is to end with. */
  readonly end: (code: number) => void
}

/** What the command ends with. */
const exitCode = { taken: 0, notTaken: 1, failed: 2 }

interface Told {
  readonly for: readonly TargetName[]
  readonly json?: true
  readonly full?: true
  readonly allowPrivate?: true
  readonly timeout?: number
  readonly name?: string
  readonly firmware?: string
  readonly architecture?: string
  readonly osFamily?: 'linux' | 'windows'
  readonly bareMetal?: true
}

/** One name, or several with commas. */
const target = (text: string, before: readonly TargetName[]): readonly TargetName[] => {
  const names = text.split(',').map((part) => {
    const name = targetNames.find((known) => known === part.trim().toLowerCase())
    if (name === undefined) throw new InvalidArgumentError(`There are ${targetNames.join(' and ')}.`)
    return name
  })
  return [...new Set([...before, ...names])]
}

const seconds = (text: string): number => {
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : 0
  if (value <= 0) throw new InvalidArgumentError('It is a number of seconds above 0.')
  return value
}

const intended = ({ name, firmware, architecture, osFamily, bareMetal }: Told): IntendedImport => ({
  ...(name !== undefined && { name }),
  ...(firmware !== undefined && { firmware }),
  ...(architecture !== undefined && { architecture }),
  ...(osFamily !== undefined && { os: { family: osFamily } }),
  ...(bareMetal !== undefined && { bareMetal }),
})

const run = async (place: string, told: Told, { out, error, environment, signal }: CommandSurroundings) => {
  const progress = fullPassLine(error)
  const facts = await inspect(place, {
    signal,
    ...(told.allowPrivate === true && { allowPrivate: true }),
    ...(told.timeout !== undefined && { timeoutMs: told.timeout * 1000 }),
    ...(told.full === true && { fullPass: { onProgress: progress.show } }),
  }).finally(progress.clear)
  const held: readonly HeldAgainst[] = await Promise.all(
    told.for.map(async (name) => {
      const { title, capabilities } = targets[name]
      const compatibility = checkCompatibility(facts, await capabilities(), { ...intended(told), target: title })
      return { name, title, ...compatibility }
    }),
  )

  const text =
    told.json === true
      ? JSON.stringify({
          facts,
          targets: Object.fromEntries(held.map(({ name, verdict, findings }) => [name, { verdict, findings }])),
        })
      : inspectionLines(facts, held, styleFor(out, environment)).join('\n')
  out.write(`${text}\n`)
  return held.every(({ verdict }) => verdict === 'accepted') ? exitCode.taken : exitCode.notTaken
}

const fail = (cause: unknown, told: Told, { out, error }: CommandSurroundings): number => {
  if (!isInspectError(cause)) throw cause
  if (told.json === true) out.write(`${JSON.stringify({ error: cause })}\n`)
  else
    error.write(
      `${[cause.message, cause.hint]
        .filter((line) => line !== undefined)
        .map(printable)
        .join('\n')}\n`,
    )
  return exitCode.failed
}

/** `imageferry inspect`: what an image is, and what providers will say to it. */
export const inspectCommand = (surroundings: CommandSurroundings): Command =>
  new Command('inspect')
    .description('Tells what an image file is, and whether a provider would take it. It reads 1 MiB of it at the most.')
    .argument('<url|file>', 'an http or https URL, or a path')
    .addOption(
      new Option('--for <target>', `hold it against ${targetNames.join(' or ')}; may be given several times`)
        .argParser(target)
        .default([], 'none'),
    )
    .option('--json', 'one line of JSON instead of text')
    .option('--full', 'read every byte as well, for the SHA-256')
    .option('--allow-private', 'also ask addresses that no provider could reach, such as 127.0.0.1')
    .option('--timeout <seconds>', 'give up after so long (not counting --full)', seconds)
    .option('--name <name>', 'the name that the image is to have')
    .addOption(new Option('--firmware <firmware>', 'that it is to be imported with').choices(['bios', 'uefi']))
    .addOption(
      new Option('--architecture <architecture>', 'that it is to be imported with').choices(['x86_64', 'aarch64']),
    )
    .addOption(new Option('--os-family <family>', 'that it is to be imported with').choices(['linux', 'windows']))
    .option('--bare-metal', 'it is for bare-metal servers')
    .addHelpText(
      'after',
      '\nEnds with 0 where every named target would take the image, 1 where one would not or where that cannot be told, and 2 for' +
        '\nwrong usage or a source that cannot be read.',
    )
    .action(async (place: string, told: Told) => {
      surroundings.end(await run(place, told, surroundings).catch((cause: unknown) => fail(cause, told, surroundings)))
    })
