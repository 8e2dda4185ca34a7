import { createHash } from 'node:crypto'
import { remember } from './remember.ts'
import { type RequestBudget, type RequestBudgetOptions, requestBudget } from './request-budget.ts'
import type { Runtime } from './runtime.ts'

/** How many credentials a process may use before the budget of the one used least lately is forgotten. */
const most = 1000

const budgets = new WeakMap<Runtime, Map<string, RequestBudget>>()

/** The budget that a store is given: the caller's own, one that lets everything through, or that of its credential. */
export const budgetOf = (
  given: RequestBudget | 'unlimited' | undefined,
  baseUrl: string,
  credential: string,
  runtime: Runtime,
  limits: Pick<RequestBudgetOptions, 'requests' | 'perSeconds'>,
): RequestBudget => {
  if (given === 'unlimited') return requestBudget({ unanswered: Number.POSITIVE_INFINITY, runtime })
  return given ?? sharedBudget(new URL(baseUrl).origin, credential, runtime, limits)
}

/**
 * The budget of a credential at a provider: the same one for all stores of this process that use it, on the same runtime. The
 * credential itself is not kept.
 */
const sharedBudget = (
  origin: string,
  credential: string,
  runtime: Runtime,
  limits: Pick<RequestBudgetOptions, 'requests' | 'perSeconds'>,
): RequestBudget => {
  const known = budgets.get(runtime) ?? new Map<string, RequestBudget>()
  budgets.set(runtime, known)
  const whose = createHash('sha256')
    .update(JSON.stringify([origin, credential]))
    .digest('base64')
  const budget = known.get(whose) ?? requestBudget({ ...limits, runtime })
  known.delete(whose)
  remember(known, whose, budget, most)
  return budget
}
