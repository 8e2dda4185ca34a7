import { badRequest, notFound, type Refusal, unprocessable } from './reply.ts'
import type { Settings } from './settings.ts'

const refusal = unprocessable('Image Can not delete an already deleted image.')

/** The refusal to delete what is `deleted`: its text is the provider's, its status is not known. [TF:resource_custom_image.go Delete] */
export const deletedAgain = ({ deletedAgain: status }: Settings): Refusal => {
  if (status === '404') return notFound
  return status === '422' ? refusal : { status: 400, error: { ...refusal.error, id: badRequest.error.id } }
}
