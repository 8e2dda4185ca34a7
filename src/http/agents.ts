/// <reference path="./proxy-from-env.d.ts" />
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import tls from 'node:tls'
import { ImageStoreError } from '../model/error.ts'
import { isLoopback } from '../store/adapter-options.ts'
import { remember } from '../store/remember.ts'
import { type Connection, isProxyUrl } from './connection.ts'
import { tunnelAgent } from './proxy-tunnel.ts'

/** The agents of one way out of this machine, each with its pool of connections that are kept alive. */
export interface Agents {
  readonly http: HttpAgent
  readonly https: HttpAgent
}

/** How many ways out a process may use before that of the one used least lately is forgotten. */
const mostPools = 100

/** The pools by a digest of the setting that they are for, which may hold a password: stores that are connected alike share theirs. */
const pools = new Map<string, Agents>()

/** What `NODE_EXTRA_CA_CERTS` adds: node itself leaves it out as soon as authorities are named. */
const extraCertificates = (): readonly string[] => {
  const file = process.env['NODE_EXTRA_CA_CERTS']
  try {
    return file === undefined || file === '' ? [] : [readFileSync(file, 'utf8')]
  } catch {
    return []
  }
}

const tellsCertificates = (
  node: object,
): node is { readonly getCACertificates: (type: 'default') => readonly string[] } => 'getCACertificates' in node

/**
 * The authorities that node trusts when none are named. Where it can tell them (from 22.15), those of `--use-system-ca` are among them;
 * before there is no such option, and those that it is built with are all. Those of `--use-openssl-ca` it never tells. Source: node:tls,
 * `getCACertificates`.
 */
const defaultCertificates = (): readonly string[] =>
  tellsCertificates(tls) ? tls.getCACertificates('default') : tls.rootCertificates

const trustedWith = (ca: Connection['ca']): readonly string[] | undefined =>
  ca === undefined
    ? undefined
    : [...defaultCertificates(), ...extraCertificates(), ...(typeof ca === 'string' ? [ca] : ca)]

const digestOf = (setting: unknown): string => createHash('sha256').update(JSON.stringify(setting)).digest('base64')

/** The digests of the authorities of connections: they can be long, and a store asks for its agents at every request. */
const authorities = new WeakMap<Connection, string>()

const authoritiesOf = (connection: Connection): string => {
  const digest = authorities.get(connection) ?? digestOf(connection.ca ?? null)
  authorities.set(connection, digest)
  return digest
}

const made = (ca: readonly string[] | undefined, proxy: string | undefined): Agents => ({
  http: new HttpAgent({ keepAlive: true }),
  https:
    proxy === undefined
      ? new HttpsAgent({ keepAlive: true, ...(ca === undefined ? {} : { ca: [...ca] }) })
      : tunnelAgent(new URL(proxy), ca),
})

/** What names the proxy for an https URL, as `proxy-from-env` goes by it. */
const variables = ['https_proxy', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY']

/** The proxy that the environment names, as it is spelt there but for its scheme: without one it is http, as for every other tool. */
const namedProxy = (): string => {
  const named = variables.map((name) => process.env[name] ?? '').find((proxy) => proxy !== '') ?? ''
  return named.includes('://') ? named : `http://${named}`
}

const proxyOfEnvironment = async (url: string): Promise<string | undefined> => {
  const { getProxyForUrl } = await import('proxy-from-env')
  // It is asked whether there is one. To one without a scheme it gives that of the URL, and would have TLS spoken to a proxy that has none.
  if (getProxyForUrl(url) === '') return undefined
  const proxy = namedProxy()
  if (isProxyUrl(proxy)) return proxy
  throw new ImageStoreError('invalid-argument', 'The proxy that the environment names is no http or https URL', {
    hint: 'Set HTTPS_PROXY to a URL such as http://proxy.example:3128, or give the option connection.proxy',
  })
}

/** The proxy for a URL; absent where the request goes there directly, as it always does on this machine. */
const proxyFor = async ({ proxy }: Connection, url: string): Promise<string | undefined> => {
  if (proxy === false || isLoopback(new URL(url).hostname)) return undefined
  return proxy ?? (await proxyOfEnvironment(url))
}

/**
 * The agents that carry a request to a URL. Rejects with `invalid-argument` where the environment names a proxy that is none: a request
 * that was to be tunnelled goes out in no other way.
 */
export const agentsFor = async (connection: Connection, url: string): Promise<Agents> => {
  const { agent, ca } = connection
  if (agent !== undefined) return { http: agent, https: agent }
  const proxy = await proxyFor(connection, url)
  const setting = digestOf([authoritiesOf(connection), proxy ?? null])
  const pool = pools.get(setting) ?? made(trustedWith(ca), proxy)
  pools.delete(setting)
  remember(pools, setting, pool, mostPools)
  return pool
}
