import { type ChildProcess, fork } from 'node:child_process'
import { availableParallelism } from 'node:os'
import type { SeedReport } from './seed-report.ts'

/** How long a seed may take for real, in ms, before its process is taken to hang. */
const longestSeed = 120_000

const noReport = (seed: number, what: string): SeedReport => ({
  seed,
  wrong: [`end: ${what}`],
  transcript: [],
  requests: 0,
  faults: {},
  endings: {},
  imports: 0,
  importRequests: 0,
})

/** Has one process run a seed. Where it dies or hangs, that is the report. */
const runIn = (worker: ChildProcess, seed: number): Promise<SeedReport> =>
  new Promise((resolve) => {
    const end = (report: SeedReport): void => {
      clearTimeout(deadline)
      worker.off('exit', onExit)
      worker.off('message', onMessage)
      resolve(report)
    }
    const onExit = (code: number | null): void => end(noReport(seed, `its process ended with ${code ?? 'a signal'}`))
    const onMessage = (message: unknown): void => end(message as SeedReport)
    const deadline = setTimeout(() => worker.kill('SIGKILL'), longestSeed)
    worker.once('exit', onExit)
    worker.once('message', onMessage)
    worker.send(seed)
  })

/** Runs seeds in as many processes as the machine has processors, each of which takes the next one, and tells of each as it ends. */
export const runSeeds = async (
  seeds: readonly number[],
  tell: (report: SeedReport) => void,
): Promise<readonly SeedReport[]> => {
  const left = [...seeds]
  const reports: SeedReport[] = []
  const work = async (): Promise<void> => {
    let worker = start()
    for (let seed = left.shift(); seed !== undefined; seed = left.shift()) {
      if (worker.exitCode !== null || worker.signalCode !== null) worker = start()
      const report = await runIn(worker, seed)
      reports.push(report)
      tell(report)
    }
    worker.disconnect()
  }
  const start = (): ChildProcess => fork(process.argv[1] ?? '', [workerWord])
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), seeds.length) }, work))
  return [...reports].sort((a, b) => a.seed - b.seed)
}

/** What the program is called with to be one of the processes. */
export const workerWord = 'worker'
