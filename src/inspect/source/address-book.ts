import dns from 'node:dns/promises'
import { isIP, type LookupFunction } from 'node:net'
import { codeOf, InspectError } from '../inspect-error.ts'
import { isPrivateName, isPublicAddress } from './addresses.ts'
import type { Lookup, SourceOptions } from './source-options.ts'

/** The hosts that may be asked, with their addresses. */
export interface AddressBook {
  /**
   * Comes when a host, as a URL has it, may be asked: every address that it has was checked. Rejects with `private-address` where one of
   * them is not public, and with `unreachable` where it has none. A name is resolved once.
   */
  readonly admit: (hostname: string) => Promise<void>
  /** For agents: gives the addresses that were checked, and none for any other name. */
  readonly lookup: LookupFunction
}

const systemLookup: Lookup = (hostname) => dns.lookup(hostname, { all: true, verbatim: true })

const privateAddress = (hostname: string): InspectError =>
  new InspectError('private-address', `${hostname} is no address of the public internet`, {
    hint: 'A provider could not reach it either: put the file where anybody can fetch it (to look at it all the same, allow private addresses)',
  })

const noName = (hostname: string, code: string): InspectError =>
  new InspectError('unreachable', `The name ${hostname} cannot be resolved (${code})`, {
    hint: 'Check the host of the URL, and the network',
  })

const isAddress = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'address' in value && typeof value.address === 'string'

/** An address book that asks `lookup` for the addresses of names, and admits any of them where `allowPrivate` says so. */
export const addressBook = ({
  lookup = systemLookup,
  allowPrivate = false,
}: Pick<SourceOptions, 'lookup' | 'allowPrivate'>): AddressBook => {
  const known = new Map<string, Awaited<ReturnType<Lookup>>>()

  /** A look-up of the caller's own may do anything. */
  const found: Lookup = async (hostname) => {
    try {
      const addresses = await lookup(hostname)
      if (Array.isArray(addresses) && addresses.every(isAddress)) return addresses
    } catch (error) {
      throw noName(hostname, codeOf(error))
    }
    throw noName(hostname, 'no list of addresses')
  }

  const admit = async (hostname: string): Promise<void> => {
    if (known.has(hostname)) return
    const literal = hostname.replace(/^\[|\]$/g, '')
    if (isIP(literal) !== 0) {
      if (!allowPrivate && !isPublicAddress(literal)) throw privateAddress(literal)
      return
    }
    if (!allowPrivate && isPrivateName(hostname)) throw privateAddress(hostname)
    const addresses = await found(hostname)
    if (addresses.length === 0) throw noName(hostname, 'no address')
    // One among several is enough: which one a provider would take is chance.
    if (!allowPrivate && !addresses.every(({ address }) => isPublicAddress(address))) throw privateAddress(hostname)
    known.set(hostname, addresses)
  }

  return {
    admit,
    lookup: (hostname, { all }, done) => {
      const addresses = known.get(hostname) ?? []
      const [first] = addresses
      if (first === undefined) done(Object.assign(new Error('Not resolved'), { code: 'ENOTFOUND' }), '')
      else if (all === true) done(null, [...addresses])
      else done(null, first.address, first.family)
    },
  }
}
