import { X509Certificate } from 'node:crypto'
import type { Agent } from 'node:http'
import { ImageStoreError } from '../model/error.ts'

/** How the requests of a store leave this machine, where that is not by the machine's own settings. */
export interface Connection {
  /**
   * The agent that carries all requests, of node:https (of node:http for a base URL on this machine). It is used as it is: it has to
   * know its certificates and its proxy itself.
   */
  readonly agent?: Agent | undefined
  /**
   * Further authorities that are trusted beside node's own, those of `--use-system-ca` (from node 22.15) and those of
   * `NODE_EXTRA_CA_CERTS`: certificates as PEM texts. Not beside those of `--use-openssl-ca`, which node does not tell: give an agent then.
   */
  readonly ca?: string | readonly string[] | undefined
  /**
   * The proxy that all requests go through, such as `http://user:password@proxy.example:3128`, or `false` for none. Unless told it is
   * the one that `HTTPS_PROXY` or `ALL_PROXY` names for the base URL, with `NO_PROXY`; named without a scheme there, it is an http one. It
   * carries a tunnel and sees no request. A base URL on this machine goes through none.
   */
  readonly proxy?: string | false | undefined
}

const fields: ReadonlySet<string> = new Set(['agent', 'ca', 'proxy'])

const certificates = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g

const isCertificate = (pem: string): boolean => {
  try {
    new X509Certificate(pem)
    return true
  } catch {
    return false
  }
}

const isAuthority = (text: unknown): boolean => {
  const blocks = typeof text === 'string' ? (text.match(certificates) ?? []) : []
  return blocks.length > 0 && blocks.every(isCertificate)
}

const decodes = (text: string): boolean => {
  try {
    decodeURIComponent(text)
    return true
  } catch {
    return false
  }
}

/** Whether a text is the URL of a proxy that can be asked for a tunnel: http or https, with a host. */
export const isProxyUrl = (text: unknown): boolean => {
  if (typeof text !== 'string' || !URL.canParse(text)) return false
  const { protocol, username, password } = new URL(text)
  return (protocol === 'http:' || protocol === 'https:') && decodes(username) && decodes(password)
}

/** The agent's own way to take a request, which every kind of agent has, also those that are no subclass of node's. */
const isAgent = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'addRequest' in value && typeof value.addRequest === 'function'

/**
 * Whether node would refuse to make a request by an agent: one for http carries no https. An agent that tells its protocol by a member of
 * its class may carry both, and tells nothing before there is a request.
 */
const isForAnother = (agent: object | undefined, baseUrl: string): boolean => {
  const protocol: unknown = agent === undefined ? undefined : Object.getOwnPropertyDescriptor(agent, 'protocol')?.value
  return typeof protocol === 'string' && protocol !== new URL(baseUrl).protocol
}

/** What is wrong with the option, field by field. A proxy's URL may hold a password and is in no text. */
const reasonsAgainst = (connection: Connection, baseUrl: string): Readonly<Record<string, string>> => {
  const { agent, ca, proxy } = connection
  const unknown = Object.keys(connection).filter((name) => !fields.has(name))
  const authorities: readonly unknown[] = ca === undefined ? [] : Array.isArray(ca) ? ca : [ca]
  return {
    ...Object.fromEntries(
      unknown.map((name) => [`connection.${name}`, 'There is no such field; the fields are agent, ca and proxy']),
    ),
    ...(agent === undefined || isAgent(agent)
      ? {}
      : { 'connection.agent': 'It is no agent of node:http or node:https' }),
    ...(isAgent(agent) && isForAnother(agent, baseUrl)
      ? { 'connection.agent': `It is no agent for ${new URL(baseUrl).protocol}//, which the base URL needs` }
      : {}),
    ...(authorities.every(isAuthority)
      ? {}
      : { 'connection.ca': 'It is no certificate, or list of them, as PEM text' }),
    ...(proxy === undefined || proxy === false || isProxyUrl(proxy)
      ? {}
      : { 'connection.proxy': 'It is no http or https URL of a proxy, nor false' }),
    ...(agent !== undefined && (ca !== undefined || proxy !== undefined)
      ? { connection: 'An agent is used as it is: give it its certificates and its proxy itself' }
      : {}),
  }
}

/** Checks how a store at a base URL is to be connected, before it is made. Throws `invalid-argument`, which names every field at fault. */
export const checkConnection = (store: string, baseUrl: string, connection: unknown): void => {
  if (connection === undefined) return
  const reasons =
    typeof connection === 'object' && connection !== null && !Array.isArray(connection)
      ? reasonsAgainst(connection, baseUrl)
      : { connection: 'It is no object' }
  const [first] = Object.entries(reasons)
  if (first === undefined) return
  throw new ImageStoreError('invalid-argument', `The option ${first[0]} cannot work: ${first[1]}`, {
    store,
    fields: reasons,
  })
}
