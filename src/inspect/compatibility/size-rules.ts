import type { Allowance } from '../../store/quota.ts'
import type { ImageFacts } from '../facts.ts'
import { amount, exactAmount } from './amount.ts'
import { diskSize, unpackedLength } from './disk-size.ts'
import type { Finding } from './finding.ts'
import { isNoImage, kindOf, type Rule, sourceOf, targetOf } from './rule.ts'

const size: Rule = (facts, capabilities, intended) => {
  const limit = capabilities.import.maximumBytes
  if (limit === undefined || isNoImage(facts)) return []
  const disk = diskSize(facts)
  const source = sourceOf(capabilities, 'maximumBytes')
  if (disk !== undefined && disk.bytes >= limit) {
    return [
      {
        code: 'too-large',
        severity: 'blocks',
        message: `${targetOf(intended)} takes images of less than ${amount(limit)} after decompression`,
        evidence: `${kindOf(facts)}, ${disk.atLeast ? 'at least ' : ''}${exactAmount(disk.bytes)}`,
        remedy:
          'Make the file systems and partitions in it smaller, then the disk: qemu-img resize --shrink. What it cuts off is lost',
        source,
      },
    ]
  }
  return disk === undefined || disk.atLeast
    ? [
        {
          code: 'size-unknown',
          severity: 'unknown',
          message: `${targetOf(intended)} takes images of less than ${amount(limit)}, and the size of this one is not known`,
          evidence:
            disk === undefined
              ? `${kindOf(facts)}, which tells no size`
              : `${kindOf(facts)}, which announces ${exactAmount(disk.bytes)} or any multiple of 4 GiB more`,
          remedy: 'Look at the whole file, which counts what is in it',
          source,
        },
      ]
    : []
}

const left = ({ limit, used }: Allowance): number => limit - used

const imageQuota: Rule = (_, capabilities, intended) => {
  const allowance = intended.quota?.images
  return allowance === undefined || left(allowance) >= 1
    ? []
    : [
        {
          code: 'quota',
          severity: 'blocks',
          message: 'The account may have no further image in this region',
          evidence: `${allowance.used} of ${allowance.limit} images are there`,
          remedy: 'Delete an image, or ask the provider for a larger quota',
          source: sourceOf(capabilities, 'quota'),
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

/** What there is to say of the size. */
export const sizeRules: readonly Rule[] = [size, imageQuota, byteQuota]
