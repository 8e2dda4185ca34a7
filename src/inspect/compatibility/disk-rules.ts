import type { ImageFacts } from '../facts.ts'
import type { DiskFacts } from '../guest/disk-facts.ts'
import { unreadForBooting } from '../guest/read-whole.ts'
import { staleGpt } from '../guest/stale-gpt.ts'
import { unannouncedGpt } from '../guest/unannounced-gpt.ts'
import type { Finding } from './finding.ts'
import { notLookedAt } from './not-looked-at.ts'
import { inferred, isNoImage, kindOf, type Rule, sourceOf, targetOf } from './rule.ts'
import { shownList } from './shown.ts'
import { isSizeUnknown } from './size-rules.ts'

const plainWithoutTable = (found: Omit<Finding, 'code' | 'evidence'>, fileSystem: string): Finding => ({
  code: 'partition-table',
  evidence: `${fileSystem} stands on the disk without partitions`,
  remedy: 'Put the file system into a partition of a disk with a partition table, and a boot loader before it',
  ...found,
})

const partitionTable: Rule = (facts, capabilities, intended) => {
  const { format, disk } = facts
  if (isNoImage(facts) || disk?.partitionTable !== 'none' || disk.fileSystem === undefined || format === 'iso')
    return []
  const isNeeded = capabilities.import.guest?.partitionTable === true
  const source = isNeeded ? sourceOf(capabilities, 'partitionTable') : inferred
  if (format === undefined) {
    return [
      isNeeded
        ? plainWithoutTable(
            {
              severity: 'blocks',
              message: `${targetOf(intended)} takes a plain disk with a partition table only`,
              source,
            },
            disk.fileSystem,
          )
        : plainWithoutTable(
            {
              severity: 'unknown',
              message: 'Whether a disk without a partition table is taken, no source says',
              source,
            },
            disk.fileSystem,
          ),
    ]
  }
  const message = 'The disk has no partition table, which is known to be refused of plain disks alone'
  return isNeeded ? [plainWithoutTable({ severity: 'unknown', message, source }, disk.fileSystem)] : []
}

const areAll = (disk: DiskFacts, damage: string): boolean => disk.damage.every((one) => one === damage)

const remedyOf = (disk: DiskFacts): Pick<Finding, 'remedy'> => {
  if (areAll(disk, staleGpt))
    return { remedy: 'Remove both headers of the GPT from the disk, and leave the MBR in place' }
  return areAll(disk, unannouncedGpt)
    ? { remedy: 'Write the GPT anew with an MBR that announces it, as sgdisk does by its option -e' }
    : {}
}

// Of a file that was cut short no contradiction need have been in the whole one. A disc starts without its partitions.
const damage: Rule = ({ disk, format, truncated }) => {
  if (disk === undefined || disk.damage.length === 0 || truncated === true || format === 'iso') return []
  const isStale = areAll(disk, staleGpt)
  return [
    {
      code: 'partition-table',
      severity: isStale ? 'unknown' : 'likely-fails',
      message: isStale
        ? 'An older partition table was left on the disk, which does not count, and which not every program knows of'
        : 'What stands at the beginning of the disk contradicts itself',
      evidence: shownList(disk.damage),
      ...remedyOf(disk),
      source: inferred,
    },
  ]
}

const usualSectorBytes = 512

const sectors: Rule = ({ disk, format }) =>
  disk?.sectorBytes === undefined || disk.sectorBytes === usualSectorBytes || format === 'iso'
    ? []
    : [
        {
          code: 'partition-table',
          severity: 'likely-fails',
          message: 'Servers whose disks have sectors of 512 bytes do not find its partitions',
          evidence: `the partition table counts sectors of ${disk.sectorBytes} bytes`,
          remedy: 'Make the image on a disk that has sectors of 512 bytes',
          source: inferred,
        },
      ]

const isBlank = ({ format, disk, conclusions }: ImageFacts): boolean =>
  format !== undefined &&
  format !== 'iso' &&
  conclusions.firmware === undefined &&
  disk?.partitionTable === 'none' &&
  disk.fileSystem === undefined &&
  disk.bootCode !== true &&
  disk.unread.length === 0

const notBootable: Rule = (facts) => {
  const { firmware } = facts.conclusions
  if (firmware?.value !== 'none' && !isBlank(facts)) return []
  return [
    {
      code: 'not-bootable',
      severity: 'likely-fails',
      message: 'Nothing on the disk was found that a server could start from',
      evidence:
        firmware === undefined ? `${kindOf(facts)}: the disk holds nothing known` : shownList(firmware.evidence),
      source: inferred,
    },
  ]
}

const holdsDisk = ({ format }: ImageFacts): boolean => format !== undefined && !['iso', 'ari', 'aki'].includes(format)

const unread: Rule = (facts, capabilities) => {
  const nothingOfDisk = facts.disk === undefined && holdsDisk(facts) ? ['what stands on the disk'] : []
  const all = [...notLookedAt(facts, isSizeUnknown(facts, capabilities)), ...nothingOfDisk]
  return all.length === 0
    ? []
    : [
        {
          code: 'unread',
          severity: 'unknown',
          message: 'Not everything could be looked at',
          evidence: all.slice(0, 10).join('; '),
          source: inferred,
        },
      ]
}

const wasStartSeen = ({ disk, conclusions }: ImageFacts): boolean =>
  disk?.partitionTable !== undefined && (conclusions.firmware !== undefined || unreadForBooting(disk).length === 0)

/**
 * Whether enough was seen to call the image one that is taken: its format, and of a disk whether it has partitions, and what it starts by.
 * Kernels, ramdisks and installation media have none to see.
 */
export const wasSeen = (facts: ImageFacts): boolean =>
  facts.format !== undefined && (!holdsDisk(facts) || wasStartSeen(facts))

/** What there is to say of the disk itself, and of what of it could be seen. */
export const diskRules: readonly Rule[] = [partitionTable, damage, sectors, notBootable, unread]
