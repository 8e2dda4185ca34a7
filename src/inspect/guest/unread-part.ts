import type { DiskFacts, Partition, UnreadPart } from './disk-facts.ts'

/** Whether a partition was not looked into far enough to tell its file system. */
export const isFileSystemUnread = ({ unread }: Pick<DiskFacts, 'unread'>, { number }: Partition): boolean =>
  unread.some((one) => one.part === 'file-system' && one.partition === number)

const where = (partition: number | undefined): string =>
  partition === undefined ? 'the disk' : `partition ${partition}`

/** A part that was not looked at, in words. */
export const unreadInWords = (one: UnreadPart): string => {
  switch (one.part) {
    case 'partition-table':
      return 'the partition table'
    case 'gpt-entries':
      return `GPT entries from number ${one.from} on`
    case 'logical-partitions':
      return `logical partitions after the first ${one.after}`
    case 'file-system':
      return `the file system of ${where(one.partition)}`
    case 'boot-loaders':
      return `some of the boot loaders ${one.partition === undefined ? 'on' : 'in'} ${where(one.partition)}`
  }
}
