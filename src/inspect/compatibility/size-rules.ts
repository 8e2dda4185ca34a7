import type { Capabilities } from '../../store/capabilities.ts'
import type { ImageFacts } from '../facts.ts'
import { amount, exactAmount } from './amount.ts'
import { type Amount, diskSize, isDiskItself, unpackedLength } from './disk-size.ts'
import { toCount, toShrink } from './remedy.ts'
import { isNoImage, kindOf, mayHoldSystem, type Rule, sourceOf, targetOf } from './rule.ts'

/** Whether there is a limit, and nothing proves that the disk keeps to it. */
export const isSizeUnknown = (facts: ImageFacts, { import: { maximumBytes } }: Capabilities): boolean => {
  if (maximumBytes === undefined || isNoImage(facts)) return false
  const disk = diskSize(facts)
  const mostBytes = isDiskItself(facts) ? facts.unpackedBytesAtMost : undefined
  const isBelow = mostBytes !== undefined && mostBytes < maximumBytes
  return disk === undefined ? !isBelow : disk.atLeast && disk.bytes < maximumBytes && !isBelow
}

const unknownSize = (facts: ImageFacts, disk: Amount | undefined): string => {
  if (disk === undefined) return `${kindOf(facts)}, which tells no size`
  const end = facts.disk?.endBytes
  const unpacked = unpackedLength(facts)
  if (facts.unpackedBytesAre === 'modulo' && unpacked?.atLeast === true) {
    const announced = `${kindOf(facts)}, which announces ${exactAmount(unpacked.bytes)} or any multiple of 4 GiB more`
    return end === undefined ? announced : `${announced}, and whose partition table ends at ${exactAmount(end)}`
  }
  return `${kindOf(facts)}, at least ${exactAmount(disk.bytes)}${end === disk.bytes ? ' by its partition table' : ''}`
}

/** Only gzip is unpacked by a full pass. */
const toCountAll = (facts: ImageFacts): string | undefined => {
  if (!isDiskItself(facts)) return undefined
  return facts.compressions.every((one) => one === 'gzip') && facts.compressions.length <= 1
    ? 'Look at the whole file, which counts what is in it'
    : toCount(facts)
}

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
        // What is no known image has no disk that could be made smaller.
        remedy: mayHoldSystem(facts) ? toShrink(facts, capabilities.import, limit) : undefined,
        source,
      },
    ]
  }
  return isSizeUnknown(facts, capabilities)
    ? [
        {
          code: 'size-unknown',
          severity: 'unknown',
          message: `${targetOf(intended)} takes images of less than ${amount(limit)}, and the size of this one is not known`,
          evidence: unknownSize(facts, disk),
          remedy: toCountAll(facts),
          source,
        },
      ]
    : []
}

/** What there is to say of the size. */
export const sizeRules: readonly Rule[] = [size]
