import { parseArgs } from 'node:util'

/** Which seeds are run. */
export interface ChaosOptions {
  readonly seeds: number
  /** The first of them. */
  readonly from: number
  /** Whether the whole transcript of a seed that fails is shown, and not its end alone. */
  readonly whole: boolean
}

const wholeNumber = (name: string, text: string): number => {
  const number = Number(text)
  if (text.trim() === '' || !Number.isSafeInteger(number) || number < 0)
    throw new Error(`--${name} is a whole number, not ${JSON.stringify(text)}`)
  return number
}

/** Reads `--seeds N [--from S] [--whole]`. Throws an Error that says what is wrong. */
export const readOptions = (parameters: readonly string[]): ChaosOptions => {
  const { values } = parseArgs({
    args: [...parameters],
    options: {
      seeds: { type: 'string', default: '200' },
      from: { type: 'string', default: '1' },
      whole: { type: 'boolean', default: false },
    },
  })
  return {
    seeds: wholeNumber('seeds', values.seeds),
    from: wholeNumber('from', values.from),
    whole: values.whole,
  }
}
