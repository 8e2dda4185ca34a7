import { ImageStoreError } from '../../src/model/error.ts'
import type { Image } from '../../src/model/image.ts'
import type { StoreOperation } from '../../src/store/capabilities.ts'

const changing: readonly StoreOperation[] = ['update', 'delete', 'replicate', 'createFromBackup']

const notAvailable = ({ ref, status }: Image): ImageStoreError =>
  new ImageStoreError('conflict', `${ref} is ${status}, and only an available image will do`)

/**
 * Why an operation that works at all does not work with an image as it is now; absent where it does. `can` and the members
 * ask the same question here, so that they agree.
 */
export const reasonAgainst = (operation: StoreOperation, image: Image): ImageStoreError | undefined => {
  const { ref, status, visibility, kind, lockedBy } = image
  if (!changing.includes(operation)) return undefined
  if (visibility === 'public')
    return new ImageStoreError('permission-denied', `${ref} is a public image, which is not the account's to change`)
  // Deleting what is gone already is no error.
  if (status === 'deleted')
    return operation === 'delete' ? undefined : new ImageStoreError('not-found', `${ref} has been deleted`)
  if (lockedBy !== undefined)
    return new ImageStoreError('locked', `${ref} is held by ${lockedBy}`, { hint: `Wait for ${lockedBy} first` })
  if (status === 'deleting') return new ImageStoreError('locked', `${ref} is being deleted`)
  if (operation === 'createFromBackup' && kind !== 'backup')
    return new ImageStoreError('invalid-argument', `${ref} is ${kind ?? 'an image'}, not a backup`)
  return (operation === 'replicate' || operation === 'createFromBackup') && status !== 'available'
    ? notAvailable(image)
    : undefined
}
