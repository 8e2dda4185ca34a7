import { styleText } from 'node:util'

/** Where something is written to. */
export interface Output {
  readonly isTTY?: boolean | undefined
  readonly columns?: number | undefined
  readonly write: (text: string) => unknown
}

/** How a text is marked; on what is no terminal they change nothing. */
export interface Style {
  readonly bold: (text: string) => string
  readonly dim: (text: string) => string
  readonly good: (text: string) => string
  readonly bad: (text: string) => string
  readonly doubtful: (text: string) => string
}

type Format = Parameters<typeof styleText>[0]

/**
 * The style for an output: colours on a terminal, unless NO_COLOR is set to anything or the terminal is a dumb one; with FORCE_COLOR
 * (but 0) everywhere.
 */
export const styleFor = (output: Output, environment: NodeJS.ProcessEnv): Style => {
  const forced = environment['FORCE_COLOR'] !== undefined && environment['FORCE_COLOR'] !== '0'
  const refused = (environment['NO_COLOR'] ?? '') !== '' || environment['TERM'] === 'dumb'
  const isColoured = forced || (output.isTTY === true && !refused)
  const marked = (format: Format) => (text: string) => (isColoured ? styleText(format, text) : text)
  return {
    bold: marked('bold'),
    dim: marked('dim'),
    good: marked('green'),
    bad: marked('red'),
    doubtful: marked('yellow'),
  }
}
