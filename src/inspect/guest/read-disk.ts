import { byteReader } from '../byte-reader.ts'
import type { Medium, Reading } from '../reading.ts'
import { stretchOf } from '../stretch.ts'
import { hasBootCode } from './boot-code.ts'
import { readBootLoaders } from './boot-loaders.ts'
import type { DiskFacts, FileSystem, Partition } from './disk-facts.ts'
import { readFileSystem, type VolumeFacts } from './file-system.ts'
import { inOrderOfWorth } from './partition-order.ts'
import { type PartitionTable, partitionTableIn, tableBytes } from './partition-table.ts'
import { unreadFileSystem } from './unread-file-system.ts'

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
  const facts = table.partitionTable === 'none' ? yield* readUnpartitioned(disk, table) : yield* readParts(disk, table)
  return { ...facts, ...(bootCode !== undefined && { bootCode }) }
}

function* readUnpartitioned(disk: Medium, table: PartitionTable): Reading<DiskFacts> {
  const { missing, blank: _blank, ...volume } = yield* readFileSystem(disk)
  const loaders = isFat(volume.fileSystem) ? yield* lookForLoaders(disk, 'on the disk') : nothing
  const unread = missing === undefined ? [] : ['the file system of the disk']
  return merged({ ...table, ...volume }, [{ ...nothing, unread }, loaders])
}

function* readParts(disk: Medium, table: PartitionTable): Reading<DiskFacts> {
  const worth = inOrderOfWorth(table.partitions)
  const seen: Seen[] = []
  const volumes = new Map<number, VolumeFacts>()
  for (const partition of worth.slice(0, mostPartitions)) {
    const volume = yield* readFileSystem(volumeOf(disk, partition))
    volumes.set(partition.number, volume)
    seen.push(missingIn(disk, partition, volume))
    if (partition.purpose === 'efi-system' && isFat(volume.fileSystem)) seen.push(yield* loadersOf(disk, partition))
  }
  const unmarked = worth.filter(
    ({ number, purpose }) => purpose !== 'efi-system' && isFat(volumes.get(number)?.fileSystem),
  )
  const hasLoaders = seen.some(({ bootLoaders }) => bootLoaders.length > 0)
  for (const partition of hasLoaders ? [] : unmarked.slice(0, mostUnmarked))
    seen.push(yield* loadersOf(disk, partition))

  const unread = worth.slice(mostPartitions).map(unreadFileSystem)
  const partitions = table.partitions.map((partition) => {
    const { missing: _missing, ...held } = volumes.get(partition.number) ?? {}
    return { ...partition, ...held }
  })
  return merged({ ...table, partitions }, [...seen, { ...nothing, unread }])
}

const volumeOf = (disk: Medium, { at, bytes }: Partition): Medium => stretchOf(disk, at, bytes)

const isFat = (fileSystem: FileSystem | undefined): boolean =>
  fileSystem === 'fat12' || fileSystem === 'fat16' || fileSystem === 'fat32'

// What lies within the disk and cannot be read all the same is missing in the container around it.
const damageOf = ({ length }: Medium, { number, at, bytes }: Partition): string =>
  length !== undefined && at + bytes <= length
    ? `the beginning of partition ${number} cannot be read`
    : `partition ${number} leads out of the disk`

const missingIn = (disk: Medium, partition: Partition, { missing }: VolumeFacts): Seen => ({
  ...nothing,
  damage: missing === 'damaged' ? [damageOf(disk, partition)] : [],
  unread: missing === 'unavailable' ? [unreadFileSystem(partition)] : [],
})

const loadersOf = (disk: Medium, partition: Partition): Reading<Seen> =>
  lookForLoaders(volumeOf(disk, partition), `in partition ${partition.number}`)

function* lookForLoaders(volume: Medium, where: string): Reading<Seen> {
  const { paths, complete } = yield* readBootLoaders(volume)
  return { ...nothing, bootLoaders: paths, unread: complete ? [] : [`some of the boot loaders ${where}`] }
}

const merged = (facts: Omit<DiskFacts, 'bootLoaders'>, seen: readonly Seen[]): DiskFacts => ({
  ...facts,
  bootLoaders: seen.flatMap(({ bootLoaders }) => bootLoaders),
  damage: [...facts.damage, ...seen.flatMap(({ damage }) => damage)],
  unread: [...facts.unread, ...seen.flatMap(({ unread }) => unread)],
})
