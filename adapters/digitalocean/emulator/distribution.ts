/** The distributions that can be set. [O:shared/attributes/distribution.yml] */
const settable: readonly string[] = [
  'Arch Linux',
  'CentOS',
  'CoreOS',
  'Debian',
  'Fedora',
  'Fedora Atomic',
  'FreeBSD',
  'Gentoo',
  'openSUSE',
  'RancherOS',
  'Rocky Linux',
  'Ubuntu',
  'Unknown',
]

/** What a distribution is kept as: others than the known ones are accepted and replaced. [O:shared/attributes/distribution.yml] */
export const keptDistribution = (distribution: string | undefined): string =>
  distribution !== undefined && settable.includes(distribution) ? distribution : 'Unknown'
