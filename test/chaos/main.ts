/**
 * Runs seeds of the chaos suite: both emulators under a mixed workload with faults, and what was reported held against what is
 * there. `--seeds N` says how many (200 unless told), `--from S` which is the first, `--whole` that all of a failed seed's transcript is
 * shown. The last line says `N passed, N failed`, and the exit code is 0 only where none has failed.
 */
import { readOptions } from './options.ts'
import { tellAll, tellSeed } from './reporting.ts'
import { runSeed } from './run-seed.ts'
import { runSeeds, workerWord } from './workers.ts'

const say = (lines: readonly string[]): void => {
  for (const line of lines) process.stdout.write(`${line}\n`)
}

if (process.argv[2] === workerWord)
  process.on('message', (seed) => {
    // Never rejects; what it gives is put into the message.
    void runSeed(Number(seed)).then((report) => process.send?.(report))
  })
else {
  const { seeds, from, whole } = readOptions(process.argv.slice(2))
  const begun = performance.now()
  const reports = await runSeeds(
    Array.from({ length: seeds }, (_, index) => from + index),
    (report) => say(tellSeed(report, whole)),
  )
  say(tellAll(reports, performance.now() - begun))
  process.exitCode = reports.every(({ wrong }) => wrong.length === 0) ? 0 : 1
}
