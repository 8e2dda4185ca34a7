import type { Capabilities } from '../../store/capabilities.ts'
import type { ImageFacts } from '../facts.ts'
import { amount, exactAmount } from './amount.ts'
import { type Amount, diskSize, unpackedLength } from './disk-size.ts'
import { toShrink } from './remedy.ts'
import { isNoImage, kindOf, type Rule, sourceOf, targetOf } from './rule.ts'

/** Whether there is a limit, and nothing tells whether the disk keeps to it. */
export const isSizeUnknown = (facts: ImageFacts, { import: { maximumBytes } }: Capabilities): boolean => {
  const disk = diskSize(facts)
  return (
    maximumBytes !== undefined &&
    !isNoImage(facts) &&
    (disk === undefined || (disk.atLeast && disk.bytes < maximumBytes))
  )
}

const unknownSize = (facts: ImageFacts, disk: Amount | undefined): string => {
  if (disk === undefined) return `${kindOf(facts)}, which tells no size`
  const unpacked = unpackedLength(facts)
  if (unpacked === undefined) return `${kindOf(facts)}, whose partitions end at ${exactAmount(disk.bytes)}`
  const verb = unpacked.bytes === disk.bytes ? 'announces' : 'is'
  return `${kindOf(facts)}, which ${verb} ${exactAmount(disk.bytes)} or any multiple of 4 GiB more`
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
        remedy: toShrink(facts, capabilities.import, limit),
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
          remedy: 'Look at the whole file, which counts what is in it',
          source,
        },
      ]
    : []
}

/** What there is to say of the size. */
export const sizeRules: readonly Rule[] = [size]
