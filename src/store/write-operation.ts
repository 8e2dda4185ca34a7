import type { StoreOperation } from './capabilities.ts'

/** The members of the port that change something at the provider. The others read. */
export const writeOperations = [
  'importFromUrl',
  'update',
  'replicate',
  'delete',
  'createFromServer',
  'createFromVolume',
  'createFromBackup',
] as const satisfies readonly StoreOperation[]

/** A member of the port that changes something at the provider. */
export type WriteOperation = (typeof writeOperations)[number]
