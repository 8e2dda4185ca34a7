import { BlockList, isIP } from 'node:net'

/**
 * What is no address of the public internet, or belongs to the network that asks: a provider that fetches from there comes to itself, or
 * nowhere. Source: IANA IPv4 and IPv6 Special-Purpose Address Registries; the single ones are metadata services.
 */
const refusedSubnets: readonly (readonly [network: string, prefix: number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  // Shared by carriers; Alibaba's metadata (100.100.100.200) is in it.
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  // Link-local; the metadata of most clouds (169.254.169.254) is in it.
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  // Protocol assignments; Oracle's metadata (192.0.0.192) is in it.
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  // Multicast, reserved, broadcast.
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
  // Azure's WireServer, which is public only by its looks.
  ['168.63.129.16', 32],
  // Unspecified, loopback, IPv4-compatible.
  ['::', 96],
  // IPv4-mapped and IPv4-translated.
  ['::ffff:0:0', 96],
  ['::ffff:0:0:0', 96],
  // NAT64 within one network.
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['100:0:0:1::', 64],
  // Protocol assignments: Teredo, benchmarking, ORCHID.
  ['2001::', 23],
  ['2001:db8::', 32],
  // 6to4.
  ['2002::', 16],
  ['3fff::', 20],
  ['5f00::', 16],
  // Unique local; Amazon's metadata (fd00:ec2::254) is in it.
  ['fc00::', 7],
  // Link-local, site-local, multicast.
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
]

const familyOf = (address: string): 'ipv4' | 'ipv6' => (address.includes(':') ? 'ipv6' : 'ipv4')

// One for each family: to node every IPv4 address is in the subnet of the IPv4-mapped ones, which is refused whole.
const refused = { ipv4: new BlockList(), ipv6: new BlockList() }
for (const [network, prefix] of refusedSubnets) {
  const family = familyOf(network)
  refused[family].addSubnet(network, prefix, family)
}

/** What NAT64 makes of IPv4 addresses, for networks that have none. Source: RFC 6052, section 2.1. */
const nat64 = new BlockList()
nat64.addSubnet('64:ff9b::', 96, 'ipv6')

/** The IPv4 address in the last 32 bits of an IPv6 address whose middle is zeros, however it is spelt. */
const embedded = (address: string): string => {
  const { hostname } = new URL(`http://[${address}]/`)
  const [, tail = ''] = hostname.slice(1, -1).split('::')
  const [low = 0, high = 0] = tail
    .split(':')
    .map((group) => Number.parseInt(group || '0', 16))
    .reverse()
  return [high >> 8, high & 0xff, low >> 8, low & 0xff].join('.')
}

/** Names that mean this machine or a cloud's own network wherever they are asked for. Source: RFC 6761, 6762, 8375; ICANN on .internal. */
const privateNames =
  /^(?:metadata|metadata\.goog|metadata\.tencentyun\.com|instance-data|(?:.+\.)?(?:localhost|local|internal|home\.arpa))\.?$/i

/** Whether a name is one of this machine or of a private network by its spelling, whatever it resolves to. */
export const isPrivateName = (hostname: string): boolean => privateNames.test(hostname)

/**
 * Whether an IP address is one of the public internet, or stands for one behind NAT64. `false` for what is no IP address.
 */
export const isPublicAddress = (address: string): boolean => {
  // A zone names a link of this machine.
  if (isIP(address) === 0 || address.includes('%')) return false
  const family = familyOf(address)
  if (family === 'ipv6' && nat64.check(address, family)) return isPublicAddress(embedded(address))
  return !refused[family].check(address, family)
}
