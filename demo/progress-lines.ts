import cliTruncate from 'cli-truncate'
import { printable } from '../src/cli/printable.ts'
import { durationText } from './duration.ts'
import type { MigrationProgress, MovingImage } from './moving.ts'
import type { TerminalSize } from './terminal.ts'

const longestName = 28

const phases: Readonly<Record<MovingImage['phase'], string>> = {
  waiting: 'waiting',
  beginning: 'beginning',
  queued: 'accepted',
  running: 'running',
  settling: 'settling',
  unknown: 'accepted',
}

const waits: Readonly<Record<MovingImage['waitsFor'], string>> = {
  'own-queue': 'for those before it',
  'provider-queue': "in the provider's queue",
  provider: 'the provider is at it',
  'rate-limit': 'for the request limit',
}

/** What is left going by the estimate, which is what earlier imports of this run took. */
const leftText = ({ phase, ageMs, estimateMs }: MovingImage): string => {
  if (estimateMs === undefined) return ''
  if (phase === 'waiting') return `takes about ${durationText(estimateMs)}`
  return estimateMs > ageMs ? `about ${durationText(estimateMs - ageMs)} left` : 'longer than the others'
}

const waitText = ({ waitsFor, isStalled }: MovingImage): string =>
  isStalled === true ? `${waits[waitsFor]}, and nothing has changed for long` : waits[waitsFor]

const isWaiting = ({ phase }: MovingImage): boolean => phase === 'waiting'

const totalsLine = ({ moving, toGo, moved, notMoved }: MigrationProgress): string => {
  const underWay = moving.filter((one) => !isWaiting(one)).length
  return `${toGo} to go, ${underWay} of them under way; ${moved} moved, ${notMoved} not moved`
}

/** Columns under each other, the last one as long as it is. */
const aligned = (rows: readonly (readonly string[])[]): readonly string[] =>
  rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(Math.max(...rows.map((other) => (other[column] ?? '').length))))
      .join('  ')
      .trimEnd(),
  )

/** The same image so many milliseconds later. */
const aged = (image: MovingImage, milliseconds: number): MovingImage => ({
  ...image,
  ageMs: image.ageMs + milliseconds,
})

/**
 * How far a migration is, a line for each image and one for all, none longer and no more of them than the terminal holds: of images
 * that do not fit, those under way are shown first. `sinceMs` is how long ago the progress was told, in milliseconds; `below` is what
 * gets a line below the totals where it is not empty.
 */
export const progressLines = (
  progress: MigrationProgress,
  { columns, rows }: TerminalSize,
  sinceMs: number,
  below = '',
): readonly string[] => {
  const images = [...progress.moving.filter((one) => !isWaiting(one)), ...progress.moving.filter(isWaiting)]
  const last = [totalsLine(progress), ...(below === '' ? [] : [below])]
  // Besides those: the line of the images that do not fit, and the one at the end that the cursor is on.
  const left = rows - last.length - 1
  const shown = images.length <= left ? images.length : Math.max(left - 1, 0)
  const cells = images
    .slice(0, shown)
    .map((image) => aged(image, sinceMs))
    .map((image) => [
      cliTruncate(printable(image.name), longestName),
      phases[image.phase],
      durationText(image.ageMs),
      leftText(image),
      waitText(image),
    ])
  return [
    ...aligned(cells).map((line) => `  ${line}`),
    ...(shown < images.length ? [`  … and ${images.length - shown} more`] : []),
    ...last,
    // A wide character at the edge may stand out by a column.
  ].map((line) => cliTruncate(line, columns - 1))
}

/** Where an image is, with its operation where that is news. */
const stateOf = (image: MovingImage, before: MovingImage | undefined): string => {
  const left = leftText(image)
  const news = image.ref === before?.ref ? undefined : image.ref
  return [phases[image.phase], waitText(image), left === '' ? [] : left, news ?? []].flat().join(', ')
}

/** What of an image is worth a line of its own when it changes. */
const markOf = ({ phase, waitsFor, isStalled, ref }: MovingImage): string =>
  JSON.stringify([phases[phase], waitsFor, isStalled, ref])

/**
 * What has changed since the progress before, for an output that keeps every line: a line for each image whose phase changed, and one
 * for all where an image has come to its end. That an image waits for its first turn is no change.
 */
export const changeLines = (before: MigrationProgress | undefined, after: MigrationProgress): readonly string[] => {
  const known = new Map(before?.moving.map((one) => [one.image, one]))
  const lines = after.moving.flatMap((one) => {
    const earlier = known.get(one.image)
    const isNews = earlier === undefined ? !isWaiting(one) : markOf(one) !== markOf(earlier)
    return isNews ? [`${one.name}: ${stateOf(one, earlier)}`] : []
  })
  return before === undefined || before.toGo === after.toGo ? lines : [...lines, totalsLine(after)]
}
