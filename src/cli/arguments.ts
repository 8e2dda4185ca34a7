import { parseArgs } from 'node:util'
import { type DigitalOceanEmulatorOptions, readDigitalOceanOptions } from '../../adapters/digitalocean/emulator.ts'
import { type GcoreEmulatorOptions, readGcoreOptions } from '../../adapters/gcore/emulator.ts'

/** What the command was told. */
export type Arguments =
  | { readonly kind: 'help' }
  | { readonly kind: 'wrong'; readonly problem: string }
  | {
      readonly kind: 'start'
      readonly json: boolean
      readonly digitalocean: DigitalOceanEmulatorOptions
      readonly gcore: GcoreEmulatorOptions
    }

/** How the command is used, for people. */
export const usage = `Usage: imageferry-emulators [options]

Starts the emulators of DigitalOcean and Gcore and prints variables for a shell. They run until SIGTERM or SIGINT.

  --time-scale N         virtual seconds in a real one: 60 unless told; 0 stands still until the control endpoint moves time
  --digitalocean JSON    options of that emulator, such as '{"statusCase":"lower"}'
  --gcore JSON           likewise, such as '{"tagsEra":"tags","quotaStatus":403}'
  --digitalocean-port N  a port on 127.0.0.1; any that is free unless told
  --gcore-port N         likewise
  --json                 prints one line of JSON in place of variables
  --help                 prints this
`

const options = {
  'time-scale': { type: 'string' },
  digitalocean: { type: 'string' },
  gcore: { type: 'string' },
  'digitalocean-port': { type: 'string' },
  'gcore-port': { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean' },
} as const

/** Something the caller has to put right; the message says what. */
class Wrong extends Error {}

const numberOf = (name: string, text: string | undefined, most: number): number | undefined => {
  if (text === undefined) return undefined
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN
  if (value <= most) return value
  throw new Wrong(`--${name} takes a number up to ${most}, not ${JSON.stringify(text)}`)
}

const portOf = (name: string, text: string | undefined): number | undefined => {
  const port = numberOf(name, text, 65_535)
  if (port === undefined || Number.isInteger(port)) return port
  throw new Wrong(`--${name} takes a whole number, not ${JSON.stringify(text)}`)
}

const jsonOf = (name: string, text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    throw new Wrong(`--${name} takes JSON, not ${text}`)
  }
}

const settingsOf = <A>(name: string, text: string | undefined, read: (json: unknown) => A): A => {
  const json = jsonOf(name, text ?? '{}')
  try {
    return read(json)
  } catch (error) {
    throw new Wrong(`--${name}: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** Options of an emulator that are told beside its JSON, and count more. */
const told = (timeScale: number | undefined, port: number | undefined) => ({
  ...(timeScale !== undefined && { timeScale }),
  ...(port !== undefined && { port }),
})

/** The fastest clock: a year of virtual time in a real second. */
const fastest = 31_536_000

const read = (parameters: readonly string[]): Arguments => {
  const { values } = parseArgs({ args: [...parameters], options })
  if (values.help === true) return { kind: 'help' }
  const timeScale = numberOf('time-scale', values['time-scale'], fastest)
  const digitalocean = settingsOf('digitalocean', values.digitalocean, readDigitalOceanOptions)
  const gcore = settingsOf('gcore', values.gcore, readGcoreOptions)
  return {
    kind: 'start',
    json: values.json === true,
    digitalocean: {
      ...digitalocean,
      ...told(timeScale, portOf('digitalocean-port', values['digitalocean-port'])),
    },
    gcore: { ...gcore, ...told(timeScale, portOf('gcore-port', values['gcore-port'])) },
  }
}

const isOfParsing = (error: unknown): error is Error =>
  error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')

/** Reads what stands behind the command. What is wrong is told in one line. */
export const readArguments = (parameters: readonly string[]): Arguments => {
  try {
    return read(parameters)
  } catch (error) {
    if (!(error instanceof Wrong || isOfParsing(error))) throw error
    return { kind: 'wrong', problem: error.message.split('\n')[0] ?? '' }
  }
}
