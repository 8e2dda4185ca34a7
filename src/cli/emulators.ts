#!/usr/bin/env node
/**
 * Starts both emulators and prints how to reach them: environment variables that a shell can read, or with `--json` one line of
 * JSON. They run until SIGTERM or SIGINT. `--help` tells the options.
 */
import { startEmulator as startDigitalOcean } from '../../adapters/digitalocean/emulator.ts'
import { startEmulator as startGcore } from '../../adapters/gcore/emulator.ts'
import { readArguments, usage } from './arguments.ts'

// Read first: whoever started this may end as soon as it has read where the emulators are.
const parent = process.ppid

const told = readArguments(process.argv.slice(2))
if (told.kind === 'help') {
  process.stdout.write(usage)
  process.exit(0)
}
if (told.kind === 'wrong') {
  process.stderr.write(`${told.problem}\n\n${usage}`)
  process.exit(2)
}

const [digitalocean, gcore] = await Promise.all([startDigitalOcean(told.digitalocean), startGcore(told.gcore)]).catch(
  (error: unknown) => {
    // A port that is taken, most of all.
    process.stderr.write(`The emulators cannot be started: ${error instanceof Error ? error.message : String(error)}\n`)
    process.exit(1)
  },
)

/** The names are those that the providers' own clients read, where they have one. Source: doctl, terraform, gcore-python. */
const environment = {
  DIGITALOCEAN_API_URL: digitalocean.baseUrl,
  DIGITALOCEAN_TOKEN: digitalocean.token,
  DIGITALOCEAN_ACCESS_TOKEN: digitalocean.token,
  GCORE_BASE_URL: gcore.baseUrl,
  GCORE_API_KEY: gcore.apiKey,
  GCORE_CLOUD_PROJECT_ID: String(gcore.project),
}

// In single quotes: Gcore's keys may hold a dollar sign. A single quote of a token's own ends them, stands escaped, and begins them again.
const quoted = (value: string): string => `'${value.replaceAll("'", String.raw`'\''`)}'`
const lines = Object.entries(environment).map(([name, value]) => `export ${name}=${quoted(value)}`)

const stop = async () => {
  await Promise.all([digitalocean.close(), gcore.close()])
  process.exit(0)
}
process.once('SIGTERM', stop)
process.once('SIGINT', stop)

process.stdout.write(
  told.json
    ? `${JSON.stringify({
        digitalocean: { baseUrl: digitalocean.baseUrl, token: digitalocean.token },
        gcore: { baseUrl: gcore.baseUrl, apiKey: gcore.apiKey, project: gcore.project },
      })}\n`
    : `${lines.join('\n')}\n`,
)

// npm passes a signal on to the shell that it runs scripts in, and the shell may end without passing it on: what npm started
// stops with that shell. Whatever else started the command may well end before it, as a step of a build does.
if (process.env['npm_lifecycle_event'] !== undefined) {
  const parentCheckMs = 200
  setInterval(() => {
    if (process.ppid !== parent) void stop()
  }, parentCheckMs)
}
