import type { ProviderError } from '../../src/http/client.ts'
import { errorText } from '../../src/http/error-body.ts'
import type { StoreOperation } from '../../src/store/capabilities.ts'

/** The least scopes of a token for each operation. Source: the `security` of each operation in the specification. */
const scopes: Partial<Readonly<Record<StoreOperation, string>>> = {
  listPage: 'image:read',
  get: 'image:read',
  importFromUrl: 'image:create, image:read where there is a key, and tag:create where there are tags',
  findOperations: 'image:read',
  update: 'image:update, and tag:create or tag:delete where tags change',
  replicate: 'image:read and image:update',
  delete: 'image:delete',
  createFromBackup: 'image:read and image:update',
  getOperations: 'image:read, and actions:read for the transfers and conversions of images that have gone',
  listRegions: 'regions:read',
}

const hintFor = (status: number, operation: StoreOperation): string | undefined => {
  if (status === 401) return 'Check the token: it may be mistyped, revoked or expired'
  if (status === 403 && scopes[operation] !== undefined)
    return `The token needs the scope ${scopes[operation]}; an image that is not the account's own cannot be changed`
  return undefined
}

/** Reads an error's body: `{id, message, request_id}`, the tags service's `{error, root_causes}`, or none of JSON at all. */
export const readError =
  (operation: StoreOperation) =>
  (status: number, body: unknown): ProviderError => {
    return {
      message: errorText(body, 'message') ?? errorText(body, 'error'),
      requestId: errorText(body, 'request_id'),
      hint: hintFor(status, operation),
    }
  }

/** What a deletion of a failed or deleted image is told. Source: terraform-provider-digitalocean, fact sheet §5. */
export const saysAlreadyDeleted = (message: string): boolean => /already deleted/i.test(message)
