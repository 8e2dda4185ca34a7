import { ImageStoreError } from '../model/error.ts'
import { isStoreName } from '../model/ref.ts'

/** What the options of every adapter over HTTP have in common. */
export interface StoreOptions {
  readonly name: string
  readonly baseUrl: string
  /** By the name of the option, such as `token`. */
  readonly credentials: Readonly<Record<string, unknown>>
}

const refuse = (store: string, field: string, reason: string, hint?: string): ImageStoreError =>
  new ImageStoreError('invalid-argument', reason, { store, fields: { [field]: reason }, hint })

/** Whether a URL's host is this machine. */
export const isLoopback = (hostname: string): boolean => /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostname)

/** Characters that no header can carry; a token with a line break in it comes from a file read carelessly. */
const unprintable = /[^\x21-\x7e]/

/**
 * Checks options that can never work, before a store is made of them. Throws `invalid-argument`; a credential is named by
 * its option and never shown. A base URL must be https, because the credentials go there, except on this machine.
 */
export const checkStoreOptions = ({ name, baseUrl, credentials }: StoreOptions): void => {
  if (!isStoreName(name))
    throw refuse(
      name,
      'name',
      `"${name}" cannot be the name of a store`,
      'Use letters, digits, dot, dash and underscore',
    )
  for (const [option, value] of Object.entries(credentials)) {
    if (typeof value !== 'string' || value === '')
      throw refuse(name, option, `The option ${option} is missing or empty`)
    if (unprintable.test(value))
      throw refuse(name, option, `The option ${option} holds blanks or characters that no token has`)
  }
  if (!URL.canParse(baseUrl)) throw refuse(name, 'baseUrl', 'The base URL is not an absolute URL')
  const { protocol, hostname, username, password } = new URL(baseUrl)
  if (username !== '' || password !== '') throw refuse(name, 'baseUrl', 'The base URL must not hold credentials')
  if (/[?#]/.test(baseUrl)) throw refuse(name, 'baseUrl', 'The base URL must not hold a query or a fragment')
  if (protocol !== 'https:' && !(protocol === 'http:' && isLoopback(hostname)))
    throw refuse(name, 'baseUrl', 'The base URL must be https, because the credentials are sent there')
}
