import type { Image } from '../../src/model/image.ts'
import { distributionName, type OperatingSystem, operatingSystem } from '../../src/model/operating-system.ts'
import { presentText } from '../../src/model/text.ts'
import { lossOf } from '../../src/store/losses.ts'
import type { Loss } from '../../src/store/operation.ts'
import * as Wire from './wire.ts'

/**
 * The distributions that an import or an update keeps, by our names. Anything else is accepted by the API and replaced
 * by `Unknown`. Source: openapi distribution.yml. (AlmaLinux is not among them, though public images carry it.)
 */
const settable: Readonly<Record<string, string>> = {
  arch: 'Arch Linux',
  centos: 'CentOS',
  coreos: 'CoreOS',
  debian: 'Debian',
  fedora: 'Fedora',
  'fedora-atomic': 'Fedora Atomic',
  freebsd: 'FreeBSD',
  gentoo: 'Gentoo',
  opensuse: 'openSUSE',
  rancheros: 'RancherOS',
  rocky: 'Rocky Linux',
  ubuntu: 'Ubuntu',
}

/** What the API itself says where a distribution is not known; it can be set like the others. Source: openapi distribution.yml. */
const unknown = 'Unknown'

const saysUnknown = (distribution: string): boolean => /^unknown( os)?$/i.test(distribution.trim())

/**
 * The word to send for a distribution, by our name or the provider's own word; absent where the API would replace it by
 * `Unknown`.
 */
export const distributionWord = (distribution: string): string | undefined => {
  if (saysUnknown(distribution)) return unknown
  const name = distributionName(distribution)
  return name !== undefined && Object.hasOwn(settable, name) ? settable[name] : undefined
}

/** What is read of an image's distribution; absent where the answer says nothing of it. */
const toldDistribution = ({ raw }: Image): string | undefined =>
  Wire.Image.is(raw) ? presentText(raw.distribution) : undefined

/**
 * The distribution that an image was given after all, as a loss, where another was sent: one that is known here and not, or no
 * longer, to the provider reads `Unknown OS` in the answer to an import, and `Unknown` later (fact sheet §6).
 */
export const unkeptDistribution = (sent: string | undefined, image: Image): readonly Loss[] => {
  const told = toldDistribution(image)
  return sent === undefined ||
    told === undefined ||
    told.toLowerCase() === sent.toLowerCase() ||
    (sent === unknown && saysUnknown(told))
    ? []
    : [lossOf('os', sent, `DigitalOcean took "${sent}" and made it ${told}`, told)]
}

/**
 * The names of public distribution images: a version, with or without the distribution itself before it, `Stream` for
 * CentOS Stream, `(LTS)` and `x64`. Nothing else is a version: an application's name holds the application's.
 */
const publicName = /^(?:([A-Za-z ]+) )?(\d+(?:\.\d+)*)( Stream)?(?: \(LTS\))?(?: x64)?$/

/** Distributions read before: few words, many images, and what they make is immutable. */
const known = new Map<string, OperatingSystem | undefined>()
const mostKnown = 200

/** The operating system of an image whose name is its owner's and says nothing. */
export const privateOs = (distribution: string): OperatingSystem | undefined => {
  if (known.has(distribution)) return known.get(distribution)
  const os = operatingSystem({ distribution })
  if (known.size < mostKnown) known.set(distribution, os)
  return os
}

/** The operating system of a public image, whose name carries the version where it is a distribution. */
export const publicOs = (distribution: string | undefined, name: string): OperatingSystem | undefined => {
  const [, before, number, stream] = publicName.exec(name) ?? []
  const isItsOwn = before === undefined || before.toLowerCase() === distribution?.toLowerCase()
  const version = isItsOwn ? number : undefined
  return operatingSystem({
    distribution,
    version: stream === undefined || version === undefined ? version : `${version}-stream`,
  })
}

/** Whether a public image's name or slug says that it is for 64-bit x86; nothing else about the processor is ever said. */
export const saysX64 = (name: string, slug: string | undefined): boolean =>
  name.endsWith(' x64') || slug?.endsWith('-x64') === true
