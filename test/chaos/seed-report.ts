import type { Cloud } from './cloud.ts'
import type { Pursuit, RunRecord } from './record.ts'

/** A line of a transcript, at a moment in virtual ms since the epoch. */
interface Line {
  readonly at: number
  readonly text: string
}

/** What came of a seed. */
export interface SeedReport {
  readonly seed: number
  /** What was wrong; empty where the seed has passed. */
  readonly wrong: readonly string[]
  /** How each provider behaves, every request with its answer, and every call with its ending, in the order of virtual time. */
  readonly transcript: readonly string[]
  readonly requests: number
  /** How many requests went wrong, by the kind of fault. */
  readonly faults: Readonly<{ [kind: string]: number }>
  /** How many calls ended how: `ok`, or the kind of the error. */
  readonly endings: Readonly<{ [ending: string]: number }>
  /** How many files were asked for with success. */
  readonly imports: number
  /** How many requests asked for a file to be imported, whatever came of them. */
  readonly importRequests: number
}

/** Where imports are asked for. */
const importPath = /^\/v2\/images$|^\/cloud\/v1\/downloadimage\//

const transcriptOf = (clouds: readonly Cloud[], { notes }: RunRecord, startMs: number): readonly string[] =>
  [
    ...clouds.map(({ name, manner }): Line => ({ at: startMs, text: `${name} behaves as ${JSON.stringify(manner)}` })),
    ...clouds.flatMap(({ name, requests }) =>
      requests.map(
        ({ at, method, path, status, fault }): Line => ({
          at,
          text: `${name} ${method} ${path} ${status}${fault === undefined ? '' : ` (${fault})`}`,
        }),
      ),
    ),
    ...notes,
  ]
    .sort((a, b) => a.at - b.at)
    .map(({ at, text }) => `${((at - startMs) / 1000).toFixed(3)} ${text}`)

const counted = (words: readonly string[]): Readonly<{ [word: string]: number }> => {
  const counts = new Map<string, number>()
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1)
  return Object.fromEntries(counts)
}

/** What a run comes to that began at a moment in virtual ms since the epoch. */
export const reportOf = (
  seed: number,
  clouds: readonly Cloud[],
  pursuits: readonly Pursuit[],
  record: RunRecord,
  startMs: number,
): SeedReport => {
  const requests = clouds.flatMap((cloud) => cloud.requests)
  return {
    seed,
    wrong: record.wrong,
    transcript: transcriptOf(clouds, record, startMs),
    requests: requests.length,
    faults: counted(requests.flatMap(({ fault }) => fault ?? [])),
    endings: counted(record.calls.map(({ ending }) => ending)),
    imports: pursuits.filter(({ wanted, asked }) => wanted.file !== undefined && asked.some((ended) => 'ref' in ended))
      .length,
    importRequests: requests.filter(({ method, path }) => method === 'POST' && importPath.test(path)).length,
  }
}
