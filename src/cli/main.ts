#!/usr/bin/env node
/**
 * The command `imageferry` as a process. Each of its commands is a file in commands/; here is only how the process ends.
 */
import { CommanderError } from 'commander'
import { imageferryProgram } from './program.ts'

/** Wrong usage, and whatever could not be looked at or begun. */
const usageExit = 2

/** Whoever reads the output may have had enough of it; anything else, such as a full disk, is a failure. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') process.exitCode = usageExit
})
process.stderr.on('error', () => undefined)

const written = (stream: NodeJS.WriteStream): Promise<void> =>
  new Promise((resolve) => {
    stream.write('', () => resolve())
  })

const interrupted = new AbortController()
process.once('SIGINT', () => interrupted.abort())
process.once('SIGTERM', () => interrupted.abort())

const program = imageferryProgram({
  out: process.stdout,
  error: process.stderr,
  environment: process.env,
  signal: interrupted.signal,
  // The process ends when a pipe has taken everything.
  end: (code) => {
    process.exitCode = code
  },
})

try {
  await program.parseAsync()
} catch (error) {
  if (!(error instanceof CommanderError)) throw error
  // Help that was asked for has code 0; everything else that commander ends with is wrong usage.
  process.exitCode = error.exitCode === 0 ? 0 : usageExit
}

// Nothing is waited for that is still under way, but for the resolving of a name: node ends only when the system has answered.
await Promise.all([written(process.stdout), written(process.stderr)])
process.exit()
