import type { ProviderError } from '../../src/http/client.ts'
import { presentText } from '../../src/model/text.ts'
import type { StoreOperation } from '../../src/store/capabilities.ts'
import { ErrorBody } from './wire.ts'

/** The least scopes of a token for each operation. Source: the `security` of each operation in the specification. */
const scopes: Partial<Readonly<Record<StoreOperation, string>>> = {
  listPage: 'image:read',
  get: 'image:read',
  importFromUrl: 'image:create, and tag:create where there are tags',
  update: 'image:update, and tag:create or tag:delete where tags change',
  delete: 'image:delete',
  getOperations: 'image:read',
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
    const hint = hintFor(status, operation)
    if (!ErrorBody.is(body)) return { hint }
    return {
      message: presentText(body.message) ?? presentText(body.error),
      requestId: presentText(body.request_id),
      hint,
    }
  }

/** What a deletion of a failed or deleted image is told. Source: terraform-provider-digitalocean, fact sheet §5. */
export const saysAlreadyDeleted = (message: string): boolean => /already deleted/i.test(message)
