import { type Agent as HttpAgent, request as httpRequest } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import type { Duplex } from 'node:stream'
import { connect as connectTls } from 'node:tls'
import { onAbort } from '../store/on-abort.ts'
import type { Departure } from './departure.ts'
import { proxyRefusal } from './proxy-refusal.ts'

/** The longest that a proxy may take to open a tunnel, in milliseconds: nothing else ends a connection that nobody waits for. */
const tunnelTimeoutMs = 30_000

const coded = (code: string): Error => Object.assign(new Error(`The proxy opened no tunnel (${code})`), { code })

const basic = ({ username, password }: URL): Readonly<Record<string, string>> => {
  if (username === '' && password === '') return {}
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  return { 'proxy-authorization': `Basic ${Buffer.from(credentials, 'utf8').toString('base64')}` }
}

/**
 * An agent that asks a proxy for a tunnel to the host of each connection (CONNECT), and speaks TLS with the host inside it: the proxy
 * learns the host's name and nothing else. What is asked for a request that ends meanwhile is asked no more. `ca` holds for the host, and for a proxy that is spoken to by https.
 */
export const tunnelAgent = (proxy: URL, ca: readonly string[] | undefined): HttpAgent => {
  const trusted = ca === undefined ? {} : { ca: [...ca] }
  const request = proxy.protocol === 'https:' ? httpsRequest : httpRequest
  const createConnection = (
    { wantedUntil, ...options }: Departure,
    done: (error: Error | null, stream?: Duplex) => void,
  ): undefined => {
    const host = `${options.host?.includes(':') === true ? `[${options.host}]` : options.host}:${options.port}`
    const asking = request({
      ...trusted,
      method: 'CONNECT',
      host: proxy.hostname.replace(/^\[|\]$/g, ''),
      port: proxy.port === '' ? undefined : proxy.port,
      path: host,
      headers: { host, ...basic(proxy) },
      agent: false,
      timeout: tunnelTimeoutMs,
    })
    const release = onAbort(wantedUntil, () => asking.destroy(coded('ECANCELED')))
    asking.once('close', release)
    asking.once('connect', ({ statusCode }, socket) => {
      release()
      if (statusCode === 200) {
        socket.setTimeout(0)
        done(null, connectTls({ ...options, host: options.host ?? '', port: undefined, path: undefined, socket }))
        return
      }
      socket.destroy()
      done(coded(`${proxyRefusal}${statusCode}`))
    })
    asking.once('timeout', () => asking.destroy(coded('ETIMEDOUT')))
    asking.once('error', (error) => done(error))
    asking.end()
  }
  return Object.assign(new HttpsAgent({ keepAlive: true, ...trusted }), { createConnection })
}
