import type { SeedReport } from './seed-report.ts'

/** How much of a failed seed's transcript is shown at the most, in lines. */
const tailLines = 24

/** Words by which lines of a transcript are found: a provider's ids, in refs and in paths, and what images are called in a seed. */
const idWords = /\b(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d{6,}|c\d[wa]\d|shared|keyed|plain)\b/g

const wordsOf = (text: string): readonly string[] => [...new Set(text.match(idWords) ?? [])]

/**
 * The lines of a transcript that tell of what was wrong, the last ones: those of the same provider with an id that the finding names, or
 * that a call has named which was on the same image. Where the finding names nothing, the last of all.
 */
const linesAbout = (what: string, transcript: readonly string[]): readonly string[] => {
  const [provider = ''] = what.split(/[ :]/)
  const named = wordsOf(what)
  const has = (line: string, words: readonly string[]): boolean => words.some((word) => line.includes(word))
  const own = transcript.filter((line) => line.includes(` ${provider} `))
  const calls = own.filter((line) => / on \S+ \w+ ends: /.test(line) && has(line, named))
  const all = [...new Set([...named, ...calls.flatMap(wordsOf)])]
  return (named.length === 0 ? transcript : own.filter((line) => has(line, all))).slice(-tailLines)
}

/** What is told of a seed: nothing where it has passed. */
export const tellSeed = ({ seed, wrong, transcript }: SeedReport, whole: boolean): readonly string[] =>
  wrong.length === 0
    ? []
    : [
        `FAILED ${seed}: ${wrong[0]}`,
        ...wrong.slice(1).map((what) => `    and ${what}`),
        ...(whole ? transcript : linesAbout(wrong[0] ?? '', transcript)).map((line) => `      ${line}`),
        `    replay: npm run chaos -- --seeds 1 --from ${seed} --whole`,
      ]

const summed = (parts: readonly { readonly [name: string]: number }[]): string => {
  const sums = new Map<string, number>()
  for (const [name, count] of parts.flatMap((part) => Object.entries(part)))
    sums.set(name, (sums.get(name) ?? 0) + count)
  return [...sums]
    .sort(([, a], [, b]) => b - a)
    .map(([name, count]) => `${count} ${name}`)
    .join(', ')
}

const total = (reports: readonly SeedReport[], part: 'requests' | 'imports' | 'importRequests'): number =>
  reports.reduce((sum, report) => sum + report[part], 0)

const ratio = (of: number, to: number): string => (to === 0 ? 'no' : (of / to).toFixed(2))

/** What is told in the end; the last line says how many have passed and failed. */
export const tellAll = (reports: readonly SeedReport[], milliseconds: number): readonly string[] => {
  const failed = reports.filter(({ wrong }) => wrong.length > 0).length
  const [requests, imports] = [total(reports, 'requests'), total(reports, 'imports')]
  return [
    `${reports.length} seeds in ${(milliseconds / 1000).toFixed(1)} s`,
    `requests: ${requests}, of which went wrong: ${summed(reports.map(({ faults }) => faults))}`,
    `calls: ${summed(reports.map(({ endings }) => endings))}`,
    `imports: ${imports} succeeded, each with ${ratio(total(reports, 'importRequests'), imports)} requests to begin it (lost ones and those of failed calls counted), and ${ratio(requests, imports)} requests of all sorts`,
    `${reports.length - failed} passed, ${failed} failed`,
  ]
}
