/// <reference path="./proxy-from-env.d.ts" />
import { readFileSync } from 'node:fs'
import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import { rootCertificates } from 'node:tls'
import { ImageStoreError } from '../model/error.ts'
import { isLoopback } from '../store/adapter-options.ts'
import { type Connection, isProxyUrl } from './connection.ts'
import { tunnelAgent } from './proxy-tunnel.ts'

/** The agents of one way out of this machine, each with its pool of connections that are kept alive. */
export interface Agents {
  readonly http: HttpAgent
  readonly https: HttpAgent
}

/** The pools by the setting that they are for: stores that are connected alike share theirs. */
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

const trustedWith = (ca: Connection['ca']): readonly string[] | undefined =>
  ca === undefined ? undefined : [...rootCertificates, ...extraCertificates(), ...(typeof ca === 'string' ? [ca] : ca)]

const made = (ca: readonly string[] | undefined, proxy: string | undefined): Agents => ({
  http: new HttpAgent({ keepAlive: true }),
  https:
    proxy === undefined
      ? new HttpsAgent({ keepAlive: true, ...(ca === undefined ? {} : { ca: [...ca] }) })
      : tunnelAgent(new URL(proxy), ca),
})

const proxyOfEnvironment = async (url: string): Promise<string | undefined> => {
  const { getProxyForUrl } = await import('proxy-from-env')
  const proxy = getProxyForUrl(url)
  if (proxy === '') return undefined
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
  const setting = JSON.stringify([ca ?? null, proxy ?? null])
  const pool = pools.get(setting) ?? made(trustedWith(ca), proxy)
  pools.set(setting, pool)
  return pool
}
