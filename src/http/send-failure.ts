import { ImageStoreError } from '../model/error.ts'
import { proxyRefusal } from './proxy-refusal.ts'

/** What goes wrong where the certificate of the other side is not trusted. Source: node:tls, X509 certificate error codes. */
const untrusted = /CERT|UNABLE_TO_VERIFY_LEAF_SIGNATURE/

/** What to do about an error by which no request has left. */
const hintUnsent = (code: string): string => {
  if (code === `${proxyRefusal}407`) return 'Give the user and the password of the proxy in its URL'
  if (code.startsWith(proxyRefusal)) return 'Check the proxy, and that it lets the host of the base URL through'
  if (untrusted.test(code))
    return 'Trust the authority of the server or the proxy: the option connection.ca, or NODE_EXTRA_CA_CERTS'
  return 'Check the network, the base URL, and the proxy where there is one'
}

/** What is known of a request that has failed. */
export interface FailedRequest {
  readonly signal: AbortSignal
  /** Whether its connection stood, so that the provider may have it. What went wrong does not tell: a connection can break as it can fail. */
  readonly hasLeft: boolean
}

/**
 * The reason of a failed attempt in words of ours: axios errors hold the request with its headers, and go no further. It is `notSent`
 * where the request had not left. `canceled`, `timeout` or `unavailable`; `unauthenticated` where a proxy wants to know who asks.
 */
export const sendFailure = (error: unknown, { signal, hasLeft }: FailedRequest): ImageStoreError => {
  if (signal.aborted) return new ImageStoreError('canceled', 'The call was canceled', hasLeft ? {} : { notSent: true })
  const told = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined
  const code = typeof told === 'string' ? told : 'no code'
  // Where it has left, it may have been carried out: that is for the default hint to say.
  const details = hasLeft ? {} : { hint: hintUnsent(code), notSent: true as const }
  if (code === 'ECONNABORTED' || code === 'ETIMEDOUT')
    return new ImageStoreError('timeout', 'The provider did not answer in time', details)
  return new ImageStoreError(
    code === `${proxyRefusal}407` ? 'unauthenticated' : 'unavailable',
    `The provider could not be reached, or broke off its answer (${code})`,
    details,
  )
}
