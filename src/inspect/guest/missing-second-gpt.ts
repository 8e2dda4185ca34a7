import type { DiskFacts } from './disk-facts.ts'

/**
 * What {@link DiskFacts.damage} says of a GPT whose second header lies behind the end of the disk, which has room for everything else: systems
 * go by the first one then.
 */
export const missingSecondGpt = 'the second GPT header is missing'

/** Whether that is all that is wrong. */
export const lacksSecondGptOnly = ({ damage }: DiskFacts): boolean =>
  damage.length > 0 && damage.every((one) => one === missingSecondGpt)
