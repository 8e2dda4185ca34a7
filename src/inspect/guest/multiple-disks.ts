import type { Conclusions, DiskFacts, FileSystem } from './disk-facts.ts'
import { isReadWhole } from './read-whole.ts'

const names = { lvm: 'an LVM group', 'md-raid': 'a RAID', btrfs: 'a btrfs' } as const

type Joint = keyof typeof names

const isJoint = (fileSystem: FileSystem | undefined): fileSystem is Joint =>
  fileSystem !== undefined && fileSystem in names

/** Whether something on the disk has more members than the disk has of that kind, so that others must lie elsewhere. */
export const multipleDisksOf = (disk: DiskFacts): Conclusions['multipleDisks'] => {
  const volumes = [
    { where: 'the disk', fileSystem: disk.fileSystem, members: disk.members },
    ...disk.partitions.map(({ number, fileSystem, members }) => ({
      where: `partition ${number}`,
      fileSystem,
      members,
    })),
  ]
  const joint = volumes.flatMap(({ where, fileSystem, members }) =>
    isJoint(fileSystem) ? [{ where, fileSystem, members }] : [],
  )
  const here = (fileSystem: Joint): number => joint.filter((volume) => volume.fileSystem === fileSystem).length
  const wanting = joint.filter(({ fileSystem, members }) => members !== undefined && members > here(fileSystem))
  if (wanting.length > 0) {
    return {
      value: true,
      evidence: wanting.map(
        ({ where, fileSystem, members }) => `${where} is one of ${members} of ${names[fileSystem]}`,
      ),
    }
  }
  const isAlone = joint.every(({ members }) => members === 1) && !volumes.some(({ fileSystem }) => fileSystem === 'zfs')
  return isAlone && isReadWhole(disk)
    ? { value: false, evidence: ['nothing on the disk is one of several of an LVM group, a RAID or a btrfs'] }
    : undefined
}
