import type { OpenEnum } from './open-enum.ts'
import { presentText } from './text.ts'

/** The families that providers tell apart. */
export type OsFamily = OpenEnum<'linux' | 'windows' | 'bsd'>

/** What runs in the image, as far as it is said: every part is parsed or absent, never guessed. */
export interface OperatingSystem {
  readonly family?: OsFamily | undefined
  /**
   * The distribution in lower case with dashes, such as `ubuntu`, `debian`, `rocky` or `centos-stream` (which is not
   * `centos`). A name nobody knows is carried in the same form.
   */
  readonly distribution?: string | undefined
  /** The version as the distribution writes it: `24.04`, `12`, `9`. */
  readonly version?: string | undefined
}

/** The distributions that go by more than one name, each under the one name used here. */
const canonicalNames: Readonly<Record<string, string>> = {
  'alma-linux': 'almalinux',
  alma: 'almalinux',
  'arch-linux': 'arch',
  archlinux: 'arch',
  'rocky-linux': 'rocky',
  rockylinux: 'rocky',
  'centos-stream': 'centos-stream',
  centosstream: 'centos-stream',
  'red-hat-enterprise-linux': 'rhel',
  'fedora-coreos': 'fedora-coreos',
  'opensuse-leap': 'opensuse',
  'windows-server': 'windows',
}

const families: Readonly<Record<string, OsFamily>> = {
  almalinux: 'linux',
  alpine: 'linux',
  arch: 'linux',
  centos: 'linux',
  'centos-stream': 'linux',
  coreos: 'linux',
  debian: 'linux',
  fedora: 'linux',
  'fedora-atomic': 'linux',
  'fedora-coreos': 'linux',
  flatcar: 'linux',
  freebsd: 'bsd',
  gentoo: 'linux',
  opensuse: 'linux',
  rancheros: 'linux',
  rhel: 'linux',
  rocky: 'linux',
  sles: 'linux',
  ubuntu: 'linux',
  windows: 'windows',
}

/** Words that stand for "not known" where a distribution or a version should be. */
const notKnown = new Set(['unknown', 'unknown-os', 'none', 'other', 'n-a'])

const ownEntry = <A>(table: Readonly<Record<string, A>>, key: string): A | undefined =>
  Object.hasOwn(table, key) ? table[key] : undefined

/** A distribution's name in the form used here; absent where it is blank or says "unknown". */
export const distributionName = (text: string | null | undefined): string | undefined => {
  const present = presentText(text)
  if (present === undefined) return undefined
  const dashed = present
    .trim()
    .toLowerCase()
    .replace(/[\s_]+/g, '-')
  return notKnown.has(dashed) ? undefined : (ownEntry(canonicalNames, dashed) ?? dashed)
}

/** The family of a distribution, where the distribution is one we know. */
export const distributionFamily = (distribution: string | undefined): OsFamily | undefined =>
  distribution === undefined ? undefined : ownEntry(families, distribution)

/**
 * An operating system from what is known of it; absent where nothing is. The family follows from a distribution that is
 * known, where the provider does not say it itself. A version that says `stream` makes CentOS into CentOS Stream.
 */
export const operatingSystem = (parts: {
  readonly family?: string | null | undefined
  readonly distribution?: string | null | undefined
  readonly version?: string | null | undefined
}): OperatingSystem | undefined => {
  const told = presentText(parts.version)?.trim()
  const version = told === undefined || notKnown.has(told.toLowerCase()) ? undefined : told
  const stream = version === undefined ? null : /^(?:stream[\s-]*(\d+)|(\d+)[\s-]*stream)$/i.exec(version)
  const named = distributionName(parts.distribution)
  const isStream = stream !== null && named === 'centos'
  const distribution = isStream ? 'centos-stream' : named
  const family = presentText(parts.family)?.trim().toLowerCase() ?? distributionFamily(distribution)
  const plainVersion = isStream ? (stream[1] ?? stream[2]) : version
  return family === undefined && distribution === undefined && plainVersion === undefined
    ? undefined
    : { family, distribution, version: plainVersion }
}

/** The operating system as people write it, such as `ubuntu 24.04`; absent where neither part is known. */
export const showOperatingSystem = (os: OperatingSystem | undefined): string | undefined => {
  const parts = [os?.distribution ?? os?.family, os?.version].filter((part) => part !== undefined)
  return parts.length === 0 ? undefined : parts.join(' ')
}
