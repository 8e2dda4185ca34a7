import type { ImageStoreErrorKind } from '../model/error.ts'

/** What to do about an error of each kind, where the adapter knows nothing better. */
export const defaultHints: Readonly<Record<ImageStoreErrorKind, string>> = {
  'not-found': 'Check the ref: a listing shows what there is. Ids of public images change when they are refreshed',
  'already-exists': 'Use the one that is there, or delete it first',
  'invalid-argument': "Change what the message names; the store's capabilities and listRegions say what it takes",
  unauthenticated: 'Check the credentials: they may be mistyped, revoked or expired',
  'permission-denied': "The credentials need a further right, or the image is not the account's own",
  'rate-limited': 'Wait before the next call, as long as retryAfterSeconds says where it is given',
  'quota-exceeded': 'Delete images that are not needed, or ask the provider for a larger quota',
  'in-use': 'Delete what was made from the image first',
  locked: 'Wait for the operation that holds the image, then try again',
  conflict: 'Read the present state, and decide again',
  unavailable: 'Try again later; after a write, look first whether it was carried out',
  timeout: 'What was sent before may still be carried out; look it up before repeating it',
  canceled: 'What was sent before may still be carried out; look it up before repeating it',
  unsupported: "See the store's capabilities for what it can do",
  'unexpected-response': 'The provider may have changed its API, or something on the way answered in its place',
  'import-failed':
    'Check that the file can be fetched by HEAD and GET without credentials and is of a format the provider takes',
  'operation-failed': 'Read the present state of the image, and decide again',
}
