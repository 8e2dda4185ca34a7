import type { Image } from '../../src/model/image.ts'
import type { StoreOperation } from '../../src/store/capabilities.ts'

/** Whether an operation that works at all works with an image as it is now. Source: fact sheet §5 (writing), §7 (actions). */
export const canWith = (operation: StoreOperation, image: Image): boolean => {
  if (operation === 'get') return true
  const isOwn = image.visibility !== 'public'
  // Deleting what is deleted already is no error.
  if (operation === 'delete') return isOwn
  // A failed import is a deleted image that says why; that such a one can still be changed is not known.
  if (operation === 'update') return isOwn && image.status !== 'deleted' && image.status !== 'failed'
  if (operation === 'replicate') return isOwn && image.status === 'available' && image.kind !== 'backup'
  if (operation === 'createFromBackup') return isOwn && image.status === 'available' && image.kind === 'backup'
  // Nothing else takes an image.
  return true
}
