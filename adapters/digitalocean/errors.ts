import { errorText } from '../../src/http/error-body.ts'
import type { ProviderError } from '../../src/http/rejection.ts'
import type { ImageStoreError } from '../../src/model/error.ts'
import type { StoreOperation } from '../../src/store/capabilities.ts'
import { scopesInWords } from './scopes.ts'

/** What to do about a refusal that is known by its words. [EX:real.errors; I:digitalocean/api-v2#126] */
const hintsByText: readonly (readonly [RegExp, string])[] = [
  [
    /backups can not be transfer/i,
    'Convert it first: createFromBackup makes it a snapshot, which costs money until it is deleted',
  ],
]

const hintFor = (status: number, operation: StoreOperation, message = ''): string | undefined => {
  const known = hintsByText.find(([text]) => text.test(message))
  if (known !== undefined) return known[1]
  if (status === 401) return 'Check the token: it may be mistyped, revoked or expired'
  const scopes = scopesInWords(operation)
  return status === 403 && scopes !== undefined
    ? `The token needs ${scopes}; an image that is not the account's own cannot be changed`
    : undefined
}

/** Reads an error's body: `{id, message, request_id}`, the tags service's `{error, root_causes}`, or none of JSON at all. */
export const readError =
  (operation: StoreOperation) =>
  (status: number, body: unknown): ProviderError => {
    const message = errorText(body, 'message') ?? errorText(body, 'error')
    return { message, requestId: errorText(body, 'request_id'), hint: hintFor(status, operation, message) }
  }

/**
 * What a deletion of a failed or deleted image is told. The status is not published: any of those that refuse what was asked will
 * do, and none that says nothing of the image. Source: terraform-provider-digitalocean, fact sheet §5.
 */
export const saysAlreadyDeleted = ({ status, message }: ImageStoreError): boolean =>
  (status === 404 || status === 409 || status === 422) && /already deleted/i.test(message)
