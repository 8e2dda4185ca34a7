import type { DrawnFaults, Fault, FaultSelection, ScriptedFault } from './fault.ts'
import { readDrawnFaults, readScriptedFault } from './fault-json.ts'
import { identifiers } from './identifiers.ts'

/** What will go wrong. Empty at first. */
export interface FaultPlan {
  /**
   * Adds a fault for certain requests. Where several fit a request, the one that was added first takes it. Throws an Error that
   * names what is wrong with it, and adds nothing: an unknown field, a method that there is none, a header that HTTP cannot carry.
   */
  readonly script: (fault: ScriptedFault) => void
  /** Draws faults from now on for requests that no scripted one takes, in place of what was drawn from before. Throws likewise. */
  readonly draw: (faults: DrawnFaults) => void
  /** Lets everything be right from now on. */
  readonly clear: () => void
  /** What goes wrong with a request that has come; asked once for each. */
  readonly next: (request: FaultyRequest) => Fault | undefined
}

/** One of every sort. The endless answer is left out: it only shows whether a client bounds what it reads. */
export const usualFaults: readonly Fault[] = [
  { kind: 'answer', status: 429, headers: { 'retry-after': '2' } },
  { kind: 'answer', status: 429 },
  { kind: 'answer', status: 500 },
  { kind: 'answer', status: 503 },
  { kind: 'answer', status: 502, when: 'after-commit' },
  { kind: 'reset', when: 'before-commit' },
  { kind: 'reset', when: 'after-commit' },
  { kind: 'late-commit', delayMs: 20_000 },
  { kind: 'slow', delayMs: 5_000 },
  { kind: 'truncated' },
  { kind: 'html' },
  { kind: 'wrong-types' },
]

/** A request as far as faults depend on it. */
interface FaultyRequest {
  readonly method: string
  readonly path: string
}

const isSelected = (selection: FaultSelection, { method, path }: FaultyRequest): boolean =>
  (selection.method === undefined || selection.method === method) &&
  (selection.path === undefined || path.startsWith(selection.path))

/** 32 bits of a text, by the hash FNV-1a. */
const hashOf = (text: string): number => {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return hash
}

const resolution = 1_000_000

/**
 * Draws for each request by itself, from its method, its path and how many of these have come: clients that send several at a
 * time suffer the same faults in whichever order their requests arrive.
 */
const drawing = (faults: DrawnFaults) => {
  const { seed, rate, faults: from = usualFaults } = faults
  const seen = new Map<string, number>()
  return (request: FaultyRequest): Fault | undefined => {
    if (!isSelected(faults, request)) return undefined
    const name = `${request.method} ${request.path}`
    const nth = (seen.get(name) ?? 0) + 1
    seen.set(name, nth)
    const { integer } = identifiers(hashOf(`${seed} ${nth} ${name}`))
    return integer(0, resolution - 1) < rate * resolution ? from[integer(0, from.length - 1)] : undefined
  }
}

/** A plan in which nothing goes wrong yet. */
export const faultPlan = (): FaultPlan => {
  const scripted: { readonly fault: ScriptedFault; toPass: number; left: number }[] = []
  let fromSeed: ReturnType<typeof drawing> | undefined

  const fromScript = (request: FaultyRequest): Fault | undefined => {
    let taken: Fault | undefined
    for (const entry of scripted.filter(({ fault }) => isSelected(fault, request))) {
      // Each counts for itself: the 3rd POST is the 3rd, whatever became of the first two.
      if (entry.toPass > 0) entry.toPass -= 1
      else if (taken === undefined && entry.left > 0) {
        entry.left -= 1
        taken = entry.fault.fault
      }
    }
    return taken
  }

  return {
    script: (given) => {
      const fault = readScriptedFault(given)
      scripted.push({ fault, toPass: (fault.nth ?? 1) - 1, left: fault.times ?? 1 })
    },
    draw: (given) => {
      fromSeed = drawing(readDrawnFaults(given))
    },
    clear: () => {
      scripted.length = 0
      fromSeed = undefined
    },
    next: (request) => fromScript(request) ?? fromSeed?.(request),
  }
}
