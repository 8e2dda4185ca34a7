/** How many names of an archive's files are told at the most. */
export const mostEntries = 20

/** How much is read for a name, in bytes: more than any file system takes. */
export const mostNameBytes = 4096

/** A name in an archive from its bytes, given as a Latin-1 string: UTF-8, which all but old archives are. */
export const entryName = (latin1: string): string =>
  Buffer.from(latin1.slice(0, mostNameBytes), 'latin1').toString('utf8')
