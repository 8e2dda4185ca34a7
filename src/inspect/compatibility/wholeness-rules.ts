import type { ImageFacts } from '../facts.ts'
import { lacksSecondGptOnly } from '../guest/missing-second-gpt.ts'
import { exactAmount } from './amount.ts'
import { unpackedLength } from './disk-size.ts'
import { toFetchAgain } from './remedy.ts'
import { inferred, kindOf, type Rule } from './rule.ts'
import { shown } from './shown.ts'

const lengthEvidence = (facts: ImageFacts): string => {
  const length = unpackedLength(facts)
  const there = length === undefined || length.atLeast ? undefined : `it has ${exactAmount(length.bytes)}`
  const promised =
    facts.promisedBytes === undefined ? undefined : `it needs at least ${exactAmount(facts.promisedBytes)}`
  return [kindOf(facts), there, promised ?? 'its end is missing'].filter((part) => part !== undefined).join(', ')
}

/** Of a plain disk that ends a little too early nothing is missing that a system needs to start. */
const isCutAtEnd = ({ format, disk, fullPass }: ImageFacts): boolean =>
  format === 'raw' && fullPass?.damaged !== true && disk !== undefined && lacksSecondGptOnly(disk)

const truncated: Rule = (facts) => {
  if (facts.truncated !== true) return []
  if (isCutAtEnd(facts)) {
    return [
      {
        code: 'truncated',
        severity: 'likely-fails',
        message: 'The end of the disk is missing, in which the second header of its partition table lies',
        evidence: lengthEvidence(facts),
        remedy: toFetchAgain(facts),
        source: inferred,
      },
    ]
  }
  const isDamaged = facts.fullPass?.damaged === true
  return [
    {
      code: 'truncated',
      severity: 'blocks',
      message: isDamaged ? 'The file does not unpack to its end' : 'A part of the file is missing',
      evidence: isDamaged
        ? `${kindOf(facts)}, of which all was read: it is damaged, or a part is missing`
        : lengthEvidence(facts),
      remedy: isDamaged ? toFetchAgain(facts) : 'Copy the file anew from where it was whole, and compare the lengths',
      source: inferred,
    },
  ]
}

/** Against a length that is only unusual speaks no table of the image, and where none is announced the disk may have been grown. */
const isOnlyUnusual = ({ format, promisedBytes, unpackedBytes }: ImageFacts): boolean =>
  unpackedBytes === undefined || (format === 'qcow2' && (promisedBytes === undefined || unpackedBytes >= promisedBytes))

const perhapsTruncated: Rule = (facts) => {
  if (facts.truncated === true || facts.truncationSuspected === undefined) return []
  const isUnusual = isOnlyUnusual(facts)
  return [
    {
      code: 'truncated',
      severity: isUnusual ? 'unknown' : 'likely-fails',
      message: isUnusual ? 'Whether the file was cut short cannot be told' : 'The file is probably cut short',
      evidence: shown(facts.truncationSuspected),
      remedy: toFetchAgain(facts),
      source: inferred,
    },
  ]
}

const brokenOff: Rule = ({ source, bytes }) =>
  source.kind === 'file' || source.brokenOff !== true
    ? []
    : [
        {
          code: 'broken-off',
          severity: 'likely-fails',
          message:
            'The server ended an answer before all was there that it had told of, and may do so with an importer',
          evidence:
            bytes === undefined
              ? 'An answer ended early'
              : `An answer ended early, of a file that is told to have ${exactAmount(bytes)}`,
          remedy: 'See that the file is whole where it lies, and offer it at a server that sends all of it',
          source: inferred,
        },
      ]

/** What there is to say of whether all of the file is there, and comes. */
export const wholenessRules: readonly Rule[] = [truncated, perhapsTruncated, brokenOff]
