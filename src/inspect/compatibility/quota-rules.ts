import type { Capabilities } from '../../store/capabilities.ts'
import type { Allowance } from '../../store/quota.ts'
import type { ImageFacts } from '../facts.ts'
import { amount, exactAmount } from './amount.ts'
import { unpackedLength } from './disk-size.ts'
import type { Finding } from './finding.ts'
import { type Rule, sourceOf } from './rule.ts'

const left = ({ limit, used }: Allowance): number => limit - used

const quotaFound = (evidence: string, remedy: string, capabilities: Capabilities): Omit<Finding, 'message'> => ({
  code: 'quota',
  severity: 'blocks',
  evidence,
  remedy,
  source: sourceOf(capabilities, 'quota'),
})

/** A region in which nothing may be: no deletion makes room there. */
const closedRegion: Rule = (_, capabilities, { quota }) => {
  const closed = [
    ...(quota?.images?.limit === 0 ? ['images'] : []),
    ...(quota?.bytes?.limit === 0 ? ['bytes of images'] : []),
  ]
  const remedy = 'Import into another region, or ask for a quota'
  return closed.length === 0
    ? []
    : [
        {
          ...quotaFound(`The quota is 0 ${closed.join(' and 0 ')}`, remedy, capabilities),
          message: 'The account may have no image in this region',
        },
      ]
}

const imageQuota: Rule = (_, capabilities, intended) => {
  const allowance = intended.quota?.images
  const remedy = 'Delete an image, or ask the provider for a larger quota'
  return allowance === undefined || left(allowance) >= 1
    ? []
    : [
        {
          ...quotaFound(`${allowance.used} of ${allowance.limit} images are there`, remedy, capabilities),
          message: 'The account may have no further image in this region',
        },
      ]
}

/** Each amount that a provider may count, with its name. Which of them counts, no source says. */
const countable = (facts: ImageFacts): readonly (readonly [name: string, bytes: number])[] => {
  const unpacked = unpackedLength(facts)
  const all: readonly (readonly [string, number | undefined])[] = [
    ['the file', facts.fullPass?.bytes ?? facts.bytes],
    ['the file unpacked', facts.compressions.length === 0 || unpacked?.atLeast === true ? undefined : unpacked?.bytes],
    ['the disk', facts.virtualBytes],
  ]
  return all.flatMap(([name, bytes]) => (bytes === undefined ? [] : [[name, bytes] as const]))
}

const byteQuotaFinding = (facts: ImageFacts, room: number, source: string): Finding | undefined => {
  const counted = countable(facts)
  const evidence = [
    `${exactAmount(Math.max(0, room))} left`,
    ...counted.map(([name, bytes]) => `${name} ${amount(bytes)}`),
  ]
  const found = { code: 'quota', evidence: evidence.join(', '), source } as const
  if (counted.length === 0 && room > 0) {
    return { ...found, severity: 'unknown', message: 'Whether the quota of the region has room for it is not known' }
  }
  if (counted.every(([, bytes]) => bytes > room) && (room <= 0 || counted.length > 1)) {
    return { ...found, severity: 'blocks', message: 'The quota of the region has no room for it' }
  }
  return counted.some(([, bytes]) => bytes > room)
    ? {
        ...found,
        severity: 'likely-fails',
        message: 'The quota of the region has no room for all that may be counted, and no source says what is',
      }
    : undefined
}

const byteQuota: Rule = (facts, capabilities, intended) => {
  const allowance = intended.quota?.bytes
  if (allowance === undefined) return []
  const found = byteQuotaFinding(facts, left(allowance), sourceOf(capabilities, 'quota'))
  const remedy = 'Delete images, or ask the provider for a larger quota'
  return found === undefined ? [] : [{ ...found, remedy }]
}

const quota: Rule = (facts, capabilities, intended) => {
  const closed = closedRegion(facts, capabilities, intended)
  return closed.length > 0 ? closed : [imageQuota, byteQuota].flatMap((rule) => rule(facts, capabilities, intended))
}

/** What there is to say of what the account may have. */
export const quotaRules: readonly Rule[] = [quota]
