import type { StoreEvent } from 'imageferry'
import { createLogUpdate } from 'log-update'
import { printable } from '../src/cli/printable.ts'
import { durationText } from './duration.ts'
import type { MigrationProgress } from './moving.ts'
import { counted, noNotices, noticeLine, noticesText } from './notices.ts'
import { changeLines, progressLines } from './progress-lines.ts'
import { type Output, sized, sizeOf } from './terminal.ts'

/** Where a migration is watched. */
export interface View {
  /** Writes lines that stay: one for each, whatever it holds. */
  readonly say: (...lines: readonly string[]) => void
  /** Shows what a store tells of what holds it up, or of what it does not know. */
  readonly note: (event: StoreEvent) => void
  readonly show: (progress: MigrationProgress) => void
  /** Takes the progress away and gives the cursor back. */
  readonly end: () => void
}

/** What a view needs of the output, and of whatever it runs in. */
export interface ViewOptions {
  readonly output: Output
  readonly environment: NodeJS.ProcessEnv
  /** Milliseconds since the epoch, on the clock that the images' ages are told by. */
  readonly now: () => number
}

/** The ages of images are drawn anew so often, in milliseconds. */
const redrawMs = 1_000

const isInCi = ({ CI = '' }: NodeJS.ProcessEnv): boolean => !['', '0', 'false'].includes(CI.toLowerCase())

const isTerminal = ({ output, environment }: ViewOptions): boolean =>
  output.isTTY === true && environment['TERM'] !== 'dumb' && !isInCi(environment)

const plainView = ({ output, now }: ViewOptions): View => {
  const begun = now()
  let before: MigrationProgress | undefined
  const say = (...lines: readonly string[]): void => {
    for (const line of lines) output.write(`${printable(line)}\n`)
  }
  const sayNow = (...lines: readonly string[]): void => {
    const at = durationText(now() - begun).padStart(9)
    say(...lines.map((line) => `${at}  ${line}`))
  }
  return {
    say,
    note: (event) => {
      const line = noticeLine(event)
      if (line !== undefined) sayNow(line)
    },
    show: (progress) => {
      sayNow(...changeLines(before, progress))
      before = progress
    },
    end: () => {},
  }
}

const liveView = ({ output, now }: ViewOptions): View => {
  const log = createLogUpdate(sized(output))
  let notices = noNotices
  let shown: { readonly progress: MigrationProgress; readonly at: number } | undefined
  const draw = (): void => {
    if (shown === undefined) return
    log(
      progressLines(shown.progress, sizeOf(output), now() - shown.at, noticesText(notices))
        .map(printable)
        .join('\n'),
    )
  }
  const redraw = setInterval(draw, redrawMs)
  redraw.unref()
  const say = (...lines: readonly string[]): void => {
    log.clear()
    for (const line of lines) output.write(`${printable(line)}\n`)
    draw()
  }
  return {
    say,
    note: (event) => {
      const line = noticeLine(event)
      if (line === undefined) return
      notices = counted(notices, event)
      if (shown === undefined) say(line)
      else draw()
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
