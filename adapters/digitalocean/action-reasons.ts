import { ImageStoreError } from '../../src/model/error.ts'
import type { Image } from '../../src/model/image.ts'
import { isSettled } from '../../src/model/status.ts'
import { invalidFields } from '../../src/store/field-reasons.ts'
import { isRegionSlug } from './regions.ts'

const notReady = ({ ref, status }: Image, what: string): ImageStoreError =>
  new ImageStoreError('conflict', `${ref} is ${status}, and only an available image can be ${what}`, {
    hint: isSettled({ status }) ? undefined : 'Wait until it is available first',
  })

/** Why an image cannot be copied to a further region. Source: fact sheet §7 (api-v2#126, terraform's distributeImageToRegions). */
export const reasonAgainstTransfer = (image: Image): ImageStoreError | undefined => {
  const { ref, visibility, kind, status } = image
  if (visibility === 'public')
    return new ImageStoreError(
      'invalid-argument',
      `${ref} is a public image, whose regions are not the account's to choose`,
    )
  if (kind === 'backup')
    return new ImageStoreError('invalid-argument', `${ref} is a backup, and DigitalOcean transfers no backups`, {
      hint: 'Convert it first: createFromBackup makes it a snapshot, which costs money until it is deleted',
    })
  return status === 'available' ? undefined : notReady(image, 'transferred')
}

/** Why an image cannot be converted. Source: openapi imageActions_post.yml. */
export const reasonAgainstConversion = (image: Image): ImageStoreError | undefined => {
  // An image that is read by itself need not tell its kind (fact sheet §2): then the provider is asked, and refuses what is no backup.
  if (image.kind !== undefined && image.kind !== 'backup')
    return new ImageStoreError('invalid-argument', `${image.ref} is ${image.kind}, not a backup`, {
      hint: 'Only a backup can be converted; other images stay until they are deleted anyway',
    })
  return image.status === 'available' ? undefined : notReady(image, 'converted')
}

/** Why regions cannot be asked for: they are no slugs. */
export const reasonAgainstRegions = (regions: readonly string[]): ImageStoreError | undefined => {
  const wrong = regions.filter((region) => !isRegionSlug(region))
  return wrong.length === 0
    ? undefined
    : invalidFields({
        regions: wrong.map((region) => `${JSON.stringify(region)} is not a region's slug, such as nyc3`).join('; '),
      })
}
