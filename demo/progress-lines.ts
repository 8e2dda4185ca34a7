import cliTruncate from 'cli-truncate'
import type { MigrationProgress, MovingImage } from './migrate.ts'

/** How large a terminal is, in characters. */
export interface TerminalSize {
  readonly columns: number
  readonly rows: number
}

const longestName = 28

/** A duration in two words or three: `45 s`, `12 min`, `1 h 5 min`. */
export const durationText = (milliseconds: number): string => {
  const seconds = Math.max(0, Math.round(milliseconds / 1000))
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.round(seconds / 60)
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

/** Names are the providers' text: what would move a cursor is shown as a mark. Line ends stay. */
export const printable = (text: string): string => text.replace(/(?!\n)\p{Cc}/gu, '\uFFFD')

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
 * that do not fit, those under way are shown first. `sinceMs` is how long ago the progress was told, in milliseconds.
 */
export const progressLines = (
  progress: MigrationProgress,
  { columns, rows }: TerminalSize,
  sinceMs: number,
): readonly string[] => {
  const images = [...progress.moving.filter((one) => !isWaiting(one)), ...progress.moving.filter(isWaiting)]
  // The totals, the line of those that do not fit, and the one below that the cursor is on.
  const shown = images.length <= rows - 2 ? images.length : Math.max(rows - 3, 0)
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
    totalsLine(progress),
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
