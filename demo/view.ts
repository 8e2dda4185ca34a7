import { createLogUpdate } from 'log-update'
import type { MigrationProgress } from './migrate.ts'
import { changeLines, durationText, printable, progressLines } from './progress-lines.ts'

/** Where a migration is watched. */
export interface View {
  /** Writes lines that stay. */
  readonly say: (...lines: readonly string[]) => void
  readonly show: (progress: MigrationProgress) => void
  /** Takes the progress away and gives the cursor back. */
  readonly end: () => void
}

/** What a view needs of the output, and of whatever it runs in. */
export interface ViewOptions {
  readonly output: NodeJS.WritableStream & {
    readonly isTTY?: boolean
    readonly columns?: number
    readonly rows?: number
  }
  readonly environment: NodeJS.ProcessEnv
  /** Milliseconds since the epoch, on the clock that the images' ages are told by. */
  readonly now: () => number
}

/** The ages of images are drawn anew so often, in milliseconds. */
const redrawMs = 1_000

const isTerminal = ({ output, environment }: ViewOptions): boolean =>
  output.isTTY === true && environment['TERM'] !== 'dumb' && (environment['CI'] ?? '') === ''

const plainView = ({ output, now }: ViewOptions): View => {
  const begun = now()
  let before: MigrationProgress | undefined
  const say = (...lines: readonly string[]): void => {
    for (const line of lines) output.write(`${printable(line)}\n`)
  }
  return {
    say,
    show: (progress) => {
      const at = durationText(now() - begun).padStart(9)
      say(...changeLines(before, progress).map((line) => `${at}  ${line}`))
      before = progress
    },
    end: () => {},
  }
}

const liveView = ({ output, now }: ViewOptions): View => {
  const log = createLogUpdate(output)
  let shown: { readonly progress: MigrationProgress; readonly at: number } | undefined
  const draw = (): void => {
    if (shown === undefined) return
    const { columns = 80, rows = 24 } = output
    log(
      progressLines(shown.progress, { columns, rows }, now() - shown.at)
        .map(printable)
        .join('\n'),
    )
  }
  const redraw = setInterval(draw, redrawMs)
  redraw.unref()
  return {
    say: (...lines) => {
      log.clear()
      for (const line of lines) output.write(`${printable(line)}\n`)
      draw()
    },
    show: (progress) => {
      shown = { progress, at: now() }
      draw()
    },
    end: () => {
      clearInterval(redraw)
      shown = undefined
      log.clear()
      log.done()
    },
  }
}

/** Lines that are redrawn in place on a terminal; anywhere else, and in CI, a line for each change and no control character. */
export const viewOn = (options: ViewOptions): View => (isTerminal(options) ? liveView(options) : plainView(options))
