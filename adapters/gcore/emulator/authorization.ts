import { Refusal } from './refusal.ts'
import type { Settings } from './settings.ts'

const documented: readonly string[] = ['APIKey', 'apikey']

/** Permanent tokens are a number and hexadecimal digits around `$` or `_`. [SEED, SPEC, TF0 docs] */
export const tokenShape = /^\d+[$_][0-9a-f]+$/i

const unauthenticated = (exceptionClass: 'not_authenticated' | 'token_not_valid', message: string): Refusal =>
  // The messages are the provider's; that the body has the shape of its other errors is unconfirmed. [PD:error-handling]
  new Refusal(401, { exception_class: exceptionClass, message })

/**
 * Lets `Authorization: APIKey <token>` pass, with the scheme in any case or as the documentation writes it (`APIKey` and
 * `apikey`; what the server makes of others is unconfirmed), and refuses everything else with 401. A permanent token sent as `Bearer` has its own message. [PD:authentication]
 */
export const checkAuthorization = (
  header: string | undefined,
  apiKey: string,
  { schemeCase }: Pick<Settings, 'schemeCase'>,
): void => {
  const [, scheme = '', token = ''] = /^\s*(\S+)\s+(.*?)\s*$/.exec(header ?? '') ?? []
  if (scheme.toLowerCase() === 'bearer') {
    throw unauthenticated('token_not_valid', 'Given token not valid for any token type')
  }
  const isScheme = schemeCase === 'any' ? scheme.toLowerCase() === 'apikey' : documented.includes(scheme)
  if (!isScheme || token === '') {
    throw unauthenticated('not_authenticated', 'Authentication credentials were not provided.')
  }
  // The usual cause is a shell that took the part from `$` on for a variable.
  if (!tokenShape.test(token)) throw unauthenticated('token_not_valid', `Bad permanent token: ${token}`)
  if (token !== apiKey) throw unauthenticated('token_not_valid', 'Token is invalid or expired')
}
