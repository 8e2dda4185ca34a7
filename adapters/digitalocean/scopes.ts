import type { StoreOperation, TokenScope } from '../../src/store/capabilities.ts'
import { capabilities } from './capabilities.ts'

const shown = ({ scope, when }: TokenScope): string => (when === undefined ? scope : `${scope} (${when})`)

const joined = (texts: readonly string[]): string =>
  [texts.slice(0, -1).join(', '), ...texts.slice(-1)].filter((text) => text !== '').join(' and ')

/**
 * The scopes that a token needs for an operation, as a sentence has them: `the scopes image:read and image:update`. Absent
 * where it does not work at all.
 */
export const scopesInWords = (operation: StoreOperation): string | undefined => {
  const support = capabilities.operations[operation]
  if (!support.supported) return undefined
  return `the ${support.scopes.length === 1 ? 'scope' : 'scopes'} ${joined(support.scopes.map(shown))}`
}
