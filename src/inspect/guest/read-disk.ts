import { byteReader } from '../byte-reader.ts'
import type { Medium, Reading } from '../reading.ts'
import { stretchOf } from '../stretch.ts'
import { hasBootCode, startsActiveOnly } from './boot-code.ts'
import { readBootLoaders } from './boot-loaders.ts'
import type { DiskFacts, FileSystem, Partition, UnreadPart } from './disk-facts.ts'
import { readFileSystem, type VolumeFacts } from './file-system.ts'
import { protectiveTypeText } from './mbr.ts'
import { inOrderOfWorth } from './partition-order.ts'
import { type PartitionTable, partitionTableIn, tableBytes } from './partition-table.ts'

const mostPartitions = 16

/** Of partitions that are not marked as the EFI system partition so many are searched for boot loaders. */
const mostUnmarked = 2

/** What was seen in a part of the disk. */
type Seen = Pick<DiskFacts, 'bootLoaders' | 'damage' | 'unread'>

const nothing: Seen = { bootLoaders: [], damage: [], unread: [] }

/**
 * What stands on a disk: partition table, boot code, the file systems of its partitions by their superblocks, and the boot loaders in its EFI
 * system partition. Of what tells most it looks first, so that little is lost where not everything can be had. Total: any bytes give an answer.
 */
export function* readDisk(disk: Medium): Reading<DiskFacts> {
  const start = yield* disk.read(0, tableBytes)
  const table = yield* partitionTableIn(disk, start)
  if (table.partitionTable === undefined) return { ...table, bootLoaders: [] }
  const sector = byteReader(start.bytes.subarray(0, 512))
  const bootCode = hasBootCode(sector, table.partitionTable === 'none' ? 'none' : table.partitions)
  if (table.partitionTable === 'none') return withBootCode(yield* readUnpartitioned(disk, table), bootCode)
  const facts = withBootCode(yield* readParts(disk, table), bootCode)
  return bootCode === true && startsActiveOnly(sector) ? { ...facts, startsActive: true } : facts
}

const withBootCode = (facts: DiskFacts, bootCode: boolean | undefined): DiskFacts => ({
  ...facts,
  ...(bootCode !== undefined && { bootCode }),
})

function* readUnpartitioned(disk: Medium, table: PartitionTable): Reading<DiskFacts> {
  const { missing, blank: _blank, wantedBytes = 0, ...volume } = yield* readFileSystem(disk)
  const loaders = isFat(volume.fileSystem) ? yield* lookForLoaders(disk) : nothing
  const unread: readonly UnreadPart[] = missing === undefined ? [] : [{ part: 'file-system' }]
  const isCut = disk.length !== undefined && wantedBytes > disk.length
  const damage = isCut ? ['the file system of the disk is larger than the disk'] : []
  return merged({ ...table, ...volume }, [{ ...nothing, damage, unread }, loaders])
}

function* readParts(disk: Medium, table: PartitionTable): Reading<DiskFacts> {
  const worth = inOrderOfWorth(table.partitions)
  const seen: Seen[] = [{ ...nothing, damage: table.partitions.filter(leadsOut(disk)).map(leadingOut) }]
  const volumes = new Map<number, VolumeFacts>()
  for (const partition of worth.slice(0, mostPartitions)) {
    const volume = yield* readFileSystem(volumeOf(disk, partition))
    volumes.set(partition.number, volume)
    seen.push(missingIn(disk, partition, volume))
    if ((volume.wantedBytes ?? 0) > partition.bytes) seen.push({ ...nothing, damage: [largerThan(partition)] })
    if (partition.purpose === 'efi-system' && isFat(volume.fileSystem)) seen.push(yield* loadersOf(disk, partition))
  }
  const unmarked = worth.filter(
    ({ number, purpose }) => purpose !== 'efi-system' && isFat(volumes.get(number)?.fileSystem),
  )
  const hasLoaders = seen.some(({ bootLoaders }) => bootLoaders.length > 0)
  for (const partition of hasLoaders ? [] : unmarked.slice(0, mostUnmarked))
    seen.push(yield* loadersOf(disk, partition))

  const unread = worth.slice(mostPartitions).map(fileSystemOf)
  const partitions = table.partitions.map((partition) => {
    const { missing: _missing, wantedBytes: _wanted, ...held } = volumes.get(partition.number) ?? {}
    return { ...partition, ...held }
  })
  return merged({ ...table, partitions }, [...seen, { ...nothing, unread }])
}

const volumeOf = (disk: Medium, { at, bytes }: Partition): Medium => stretchOf(disk, at, bytes)

const isFat = (fileSystem: FileSystem | undefined): boolean =>
  fileSystem === 'fat12' || fileSystem === 'fat16' || fileSystem === 'fat32'

const leadingOut = ({ number }: Partition): string => `partition ${number} leads out of the disk`

const largerThan = ({ number }: Partition): string => `the file system of partition ${number} is larger than it`

/** A protective entry may span more than the disk has. */
const leadsOut =
  ({ length }: Medium) =>
  ({ type, at, bytes }: Partition): boolean =>
    length !== undefined && type !== protectiveTypeText && at + bytes > length

/** What lies within the disk and cannot be read all the same is missing in the container around it; what does not is told of already. */
const damageOf = (disk: Medium, partition: Partition): readonly string[] => {
  if (disk.length === undefined) return [leadingOut(partition)]
  return leadsOut(disk)(partition) ? [] : [`the beginning of partition ${partition.number} cannot be read`]
}

const fileSystemOf = ({ number }: Partition): UnreadPart => ({ part: 'file-system', partition: number })

const missingIn = (disk: Medium, partition: Partition, { missing }: VolumeFacts): Seen => ({
  ...nothing,
  damage: missing === 'damaged' ? damageOf(disk, partition) : [],
  unread: missing === 'unavailable' ? [fileSystemOf(partition)] : [],
})

const loadersOf = (disk: Medium, partition: Partition): Reading<Seen> =>
  lookForLoaders(volumeOf(disk, partition), partition.number)

function* lookForLoaders(volume: Medium, partition?: number): Reading<Seen> {
  const { paths, complete } = yield* readBootLoaders(volume)
  const unread: UnreadPart = { part: 'boot-loaders', ...(partition !== undefined && { partition }) }
  return { ...nothing, bootLoaders: paths, unread: complete ? [] : [unread] }
}

const merged = (facts: Omit<DiskFacts, 'bootLoaders'>, seen: readonly Seen[]): DiskFacts => ({
  ...facts,
  bootLoaders: seen.flatMap(({ bootLoaders }) => bootLoaders),
  damage: [...facts.damage, ...seen.flatMap(({ damage }) => damage)],
  unread: [...facts.unread, ...seen.flatMap(({ unread }) => unread)],
})
