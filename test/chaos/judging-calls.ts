import type { Cloud } from './cloud.ts'
import { metFault } from './met-faults.ts'
import type { CallRecord, RunRecord } from './record.ts'
import { secretsIn, signature } from './secrets.ts'

/** Fewer calls than this that nothing speaks against say nothing: each of them may have asked for what cannot be. */
const fewestCalls = 6

/** Kinds of errors with how many there are of each. */
const tally = (calls: readonly CallRecord[]): string =>
  [...new Set(calls.map(({ member, ending }) => `${member} ${ending}`))].join(', ')

/** What is wrong where of the calls that nothing spoke against, no fault and no limit, most have failed. */
const wrongInShare = (cloud: Cloud, calls: readonly CallRecord[]): readonly string[] => {
  // That there is something it can conflict with is asked of each conflict by itself.
  const isBlind = ({ ending }: CallRecord): boolean => ending === 'conflict' && !cloud.tellsKeys
  const unhindered = calls.filter(
    (call) => !call.isLimited && !isBlind(call) && !metFault(cloud, call.fromMs, call.toMs),
  )
  const failed = unhindered.filter(({ ending }) => ending !== 'ok')
  return unhindered.length >= fewestCalls && failed.length * 2 > unhindered.length
    ? [`refused: ${failed.length} of ${unhindered.length} calls failed that nothing spoke against: ${tally(failed)}`]
    : []
}

/** What is wrong with what observers were told. */
const wrongInEvents = (cloud: Cloud, { events }: RunRecord): readonly string[] => {
  const secretIn = secretsIn({ token: cloud.secret, signature })
  const telling = events.flatMap((event) => {
    const secret = secretIn(event)
    return secret === undefined ? [] : [`events: one of type ${event.type} holds the ${secret}`]
  })
  return [...new Set(telling)]
}

/** What is wrong with the calls of a provider, all of them together, and with what observers were told of them. */
export const judgeCalls = (cloud: Cloud, record: RunRecord): readonly string[] =>
  [
    ...wrongInShare(
      cloud,
      record.calls.filter((call) => call.cloud === cloud.name),
    ),
    ...wrongInEvents(cloud, record),
  ].map((what) => `${cloud.name}: ${what}`)
