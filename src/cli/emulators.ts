#!/usr/bin/env node
/**
 * Starts both emulators and prints how to reach them: environment variables that a shell can read, or with `--json` one line of
 * JSON. They run until SIGTERM or SIGINT. `--time-scale N`: virtual seconds in a real one (60 unless told; 0 is a clock that only
 * the control endpoint moves). `--digitalocean-port N`, `--gcore-port N`.
 */
import { parseArgs } from 'node:util'
import { startEmulator as startDigitalOcean } from '../../adapters/digitalocean/emulator.ts'
import { startEmulator as startGcore } from '../../adapters/gcore/emulator.ts'

const { values } = parseArgs({
  options: {
    'time-scale': { type: 'string' },
    'digitalocean-port': { type: 'string' },
    'gcore-port': { type: 'string' },
    json: { type: 'boolean' },
  },
})

const numberOf = (option: Exclude<keyof typeof values, 'json'>): number | undefined => {
  const text = values[option]
  if (text === undefined) return undefined
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text)
  process.stderr.write(`--${option} takes a number, not ${JSON.stringify(text)}\n`)
  process.exit(2)
}

const optional = <Key extends string>(key: Key, value: number | undefined): { readonly [K in Key]?: number } =>
  value === undefined ? {} : ({ [key]: value } as { readonly [K in Key]: number })

const scale = optional('timeScale', numberOf('time-scale'))
const [digitalocean, gcore] = await Promise.all([
  startDigitalOcean({ ...scale, ...optional('port', numberOf('digitalocean-port')) }),
  startGcore({ ...scale, ...optional('port', numberOf('gcore-port')) }),
]).catch((error: unknown) => {
  // A port that is taken, most of all.
  process.stderr.write(`The emulators cannot be started: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(1)
})

/** The names are those that the providers' own clients read, where they have one. Source: doctl, terraform, gcore-python. */
const environment = {
  DIGITALOCEAN_API_URL: digitalocean.baseUrl,
  DIGITALOCEAN_TOKEN: digitalocean.token,
  DIGITALOCEAN_ACCESS_TOKEN: digitalocean.token,
  GCORE_BASE_URL: gcore.baseUrl,
  GCORE_API_KEY: gcore.apiKey,
  GCORE_CLOUD_PROJECT_ID: String(gcore.project),
}

// In single quotes: Gcore's keys may hold a dollar sign.
const lines = Object.entries(environment).map(([name, value]) => `export ${name}='${value}'`)

process.stdout.write(
  values.json === true
    ? `${JSON.stringify({
        digitalocean: { baseUrl: digitalocean.baseUrl, token: digitalocean.token },
        gcore: { baseUrl: gcore.baseUrl, apiKey: gcore.apiKey, project: gcore.project },
      })}\n`
    : `${lines.join('\n')}\n`,
)

const stop = async () => {
  await Promise.all([digitalocean.close(), gcore.close()])
  process.exit(0)
}
process.once('SIGTERM', stop)
process.once('SIGINT', stop)

// npm passes a signal on to the shell that it runs scripts in, and the shell may end without passing it on: whoever has
// lost the parent it was started by has been stopped too.
const parent = process.ppid
const parentCheckMs = 200
setInterval(() => {
  if (process.ppid !== parent) void stop()
}, parentCheckMs)
