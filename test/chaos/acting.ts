import type { Runtime } from 'imageferry'
import { ask } from './asking.ts'
import { calling } from './calling.ts'
import { remove, replicate, update } from './changing.ts'
import type { Cloud } from './cloud.ts'
import { importSeveral } from './importing-all.ts'
import { find, list, read } from './reading.ts'
import type { Pursuit, RunRecord } from './record.ts'
import type { Doing, Scene } from './scene.ts'
import { secure, wait } from './waiting.ts'
import type { Caller, Step } from './workload.ts'

/** What the callers of one provider share. */
export interface Stage {
  readonly cloud: Cloud
  readonly runtime: Runtime
  readonly record: RunRecord
  readonly pursuits: readonly Pursuit[]
  readonly urlOf: Scene['urlOf']
}

const act = async (doing: Doing, pursuits: readonly Pursuit[], step: Step): Promise<void> => {
  if (step.kind === 'list') return list(doing)
  if (step.kind === 'import-all') {
    const several = step.several.flatMap((wanted) => pursuits[wanted] ?? [])
    return importSeveral(doing, several, step.concurrency)
  }
  const pursuit = pursuits[step.wanted]
  if (pursuit === undefined) return
  const pursuing = { ...doing, pursuit }
  if (step.kind === 'import') return ask({ ...pursuing, pauseMs: step.pauseMs })
  if (step.kind === 'secure') return secure(pursuing)
  if (step.kind === 'wait') return wait(pursuing)
  if (step.kind === 'find') return find(pursuing)
  const { image } = pursuit
  if (image === undefined) return
  const changing = { ...pursuing, image }
  if (step.kind === 'get') return read(changing)
  if (step.kind === 'update') return update(changing, step)
  if (step.kind === 'replicate') return replicate(changing, step.regions)
  return remove(changing)
}

/** Does one thing after the other, and holds what each call says against the server at the moment at which it says so. */
export const acting =
  ({ cloud, runtime, record, pursuits, urlOf }: Stage) =>
  async ({ name, steps }: Caller): Promise<void> => {
    for (const step of steps) {
      await runtime.sleep(step.pauseMs)
      const store = cloud.stores[step.store]
      const who = 'wanted' in step ? `${name} on ${pursuits[step.wanted]?.wanted.id}` : name
      const call = calling(who, cloud, runtime, record)
      const wrong = (what: string): void => void record.wrong.push(`${who}: ${what}`)
      if (store !== undefined) await act({ cloud, runtime, call, wrong, urlOf, store, limits: step }, pursuits, step)
    }
  }
