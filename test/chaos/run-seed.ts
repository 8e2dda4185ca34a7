import type { ImageStore, Runtime } from 'imageferry'
import { qcow2Disk } from '../../demo/disk-images.ts'
import { serveFiles } from '../../demo/file-server.ts'
import { type SimulatedTime, simulatedTime } from '../simulated-time.ts'
import { warmUp } from '../warm-up.ts'
import { acting } from './acting.ts'
import type { Cloud } from './cloud.ts'
import { digitalOceanCloud } from './digitalocean-cloud.ts'
import { workloadOf } from './drawn-workload.ts'
import { draws } from './draws.ts'
import { gcoreCloud } from './gcore-cloud.ts'
import { judge } from './judging.ts'
import { judgeCalls } from './judging-calls.ts'
import { listenersLeft, watchProcess } from './leftovers.ts'
import { newRecord, type Pursuit, type RunRecord } from './record.ts'
import { signed } from './secrets.ts'
import { reportOf, type SeedReport } from './seed-report.ts'
import type { CloudPlan, Workload } from './workload.ts'

/** What may be changed about a seed, to try the suite itself. */
export interface SeedChanges {
  /** In place of what the seed gives. */
  readonly workload?: (workload: Workload) => Workload
  /** In place of every store; with the time that it lives in. */
  readonly decorate?: (store: ImageStore, runtime: Runtime) => ImageStore
}

const hour = 3_600_000

/** The longest that all calls of a seed may take together, in virtual ms: a day. */
const longestRun = 24 * hour

/** How long it takes until everything that was to come has, in virtual ms. */
const aftermath = 3 * hour

const disk = qcow2Disk({ label: 'chaos' })
const page = new TextEncoder().encode('<!DOCTYPE html><html><body>Not found</body></html>')
const files: Readonly<{ [name: string]: Uint8Array | undefined }> = { 'good.qcow2': disk, 'page.qcow2': page }

const starters = { digitalocean: digitalOceanCloud, gcore: gcoreCloud } as const

const pursuitsOf = ({ wanted }: CloudPlan, { addMachine }: Cloud): readonly Pursuit[] =>
  wanted.map((one) => ({
    wanted: one,
    asked: [],
    claims: [],
    image: undefined,
    secured: [],
    machine: one.file === undefined ? addMachine(one.region) : undefined,
  }))

/** Lets callers work until they have ended, and everything come that is to come; then nothing of the clients may be left. */
const perform = async (time: SimulatedTime, record: RunRecord, callers: readonly Promise<void>[]): Promise<void> => {
  await time.run(Promise.all(callers), longestRun)
  if (time.outstanding() > 0) record.wrong.push(`left: ${time.outstanding()} sleeps or timers of the clients`)
  const listeners = listenersLeft(record.signals)
  if (listeners > 0) record.wrong.push(`left: ${listeners} listeners on signals`)
}

/** Runs a seed. Never rejects: what is wrong is in the report. */
export const runSeed = async (
  seed: number,
  { workload: change = (workload) => workload, decorate = (store) => store }: SeedChanges = {},
): Promise<SeedReport> => {
  await warmUp()
  const workload = change(workloadOf(seed))
  const processWatch = watchProcess()
  const time = simulatedTime(seed)
  const { clock, runtime } = time
  const startMs = clock.now()
  const record = newRecord()
  const server = await serveFiles(async (name) => files[name])
  const clouds: { readonly cloud: Cloud; readonly plan: CloudPlan; readonly pursuits: readonly Pursuit[] }[] = []
  try {
    for (const [index, plan] of workload.clouds.entries()) {
      const started = await starters[plan.name](draws(seed + 1_000_003 * (index + 1)), {
        clock,
        runtime,
        stores: plan.stores,
        observer: (event) => void record.events.push(event),
      })
      const cloud = { ...started, stores: started.stores.map((store) => decorate(store, runtime)) }
      cloud.faults.draw({ seed: seed * 2 + index, rate: workload.rate, faults: workload.faults })
      clouds.push({ cloud, plan, pursuits: pursuitsOf(plan, cloud) })
    }
    const callers = clouds.flatMap(({ cloud, plan, pursuits }) =>
      plan.callers.map(
        acting({ cloud, runtime, record, pursuits, urlOf: (file) => signed(server.urlOf(file), runtime.now()) }),
      ),
    )
    await perform(time, record, callers)
    for (const { cloud } of clouds) cloud.faults.clear()
    await clock.advance(aftermath)
    for (const { cloud, pursuits } of clouds) record.wrong.push(...judge(cloud, pursuits), ...judgeCalls(cloud, record))
  } catch (error) {
    record.wrong.push(`end: ${error instanceof Error ? error.message : String(error)}`)
  }
  const report = reportOf(
    seed,
    clouds.map(({ cloud }) => cloud),
    clouds.flatMap(({ pursuits }) => pursuits),
    record,
    startMs,
  )
  try {
    await time.run(Promise.all([server.close(), ...clouds.map(({ cloud }) => cloud.close())]), hour)
    if (time.connections() > 0) record.wrong.push(`left: ${time.connections()} open connections`)
  } catch (error) {
    record.wrong.push(`end: closing: ${error instanceof Error ? error.message : String(error)}`)
  } finally {
    time.stop()
    record.wrong.push(...processWatch.stop())
  }
  return report
}
