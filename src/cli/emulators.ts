/**
 * Starts both emulators and prints one line of JSON that says how to reach them. They run until SIGTERM or SIGINT.
 * `--time-scale N`: virtual seconds in a real one (60 unless told). `--digitalocean-port N`, `--gcore-port N`.
 */
import { parseArgs } from 'node:util'
import { startEmulator as startDigitalOcean } from 'imageferry/digitalocean/emulator'
import { startEmulator as startGcore } from 'imageferry/gcore/emulator'

const { values } = parseArgs({
  options: {
    'time-scale': { type: 'string' },
    'digitalocean-port': { type: 'string' },
    'gcore-port': { type: 'string' },
  },
})

const numberOf = (option: keyof typeof values): number | undefined => {
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

process.stdout.write(
  `${JSON.stringify({
    digitalocean: { baseUrl: digitalocean.baseUrl, token: digitalocean.token },
    gcore: { baseUrl: gcore.baseUrl, apiKey: gcore.apiKey, project: gcore.project },
  })}\n`,
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
