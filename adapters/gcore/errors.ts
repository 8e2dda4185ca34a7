import { errorText } from '../../src/http/error-body.ts'
import type { ProviderError } from '../../src/http/rejection.ts'
import type { ImageStoreErrorKind } from '../../src/model/error.ts'
import type { StoreOperation } from '../../src/store/capabilities.ts'
import { ErrorBody } from './wire.ts'

/**
 * What the provider's own class says more exactly than the HTTP status. The status of a quota error is not published (400
 * or 403), so the class decides. Source: fact sheet §5.
 */
const kinds: Readonly<Record<string, ImageStoreErrorKind>> = {
  QuotaLimitExceed: 'quota-exceeded',
  ValidationError: 'invalid-argument',
  NotFoundError: 'not-found',
  not_authenticated: 'unauthenticated',
  token_not_valid: 'unauthenticated',
}

const hintFor = (
  kind: ImageStoreErrorKind | undefined,
  status: number,
  operation: StoreOperation,
  message = '',
): string | undefined => {
  if (kind === 'quota-exceeded') return 'Delete images in that region, ask for a larger quota, or choose another region'
  if (status === 401) return 'Check the API key; one with a $ in it is cut by a shell when it stands in double quotes'
  // A ForbiddenError for want of room is "not a permissions error". Source: fact sheet §5 (PD:error-handling).
  if (/has reached the limit/i.test(message)) return 'Choose another region, or try again later: this one is full'
  if (status === 403 && operation === 'delete') return "An image that is not the project's own cannot be deleted"
  // API keys have no scopes to name: what they may do is a role's in the project (fact sheet §1, §5).
  if (status === 403)
    return "The API key's role may lack the right to do this in the project; a key has no scopes of its own"
  if (status === 404) return 'A wrong project or region is answered like a missing image'
  return undefined
}

const showField = (reasons: unknown): string =>
  (Array.isArray(reasons) ? reasons : [reasons])
    .map((reason) => (typeof reason === 'string' ? reason : JSON.stringify(reason)))
    .join('; ')

const fieldsOf = (invalidFields: Readonly<Record<string, unknown>> | null | undefined) =>
  invalidFields === null || invalidFields === undefined
    ? undefined
    : Object.fromEntries(Object.entries(invalidFields).map(([field, reasons]) => [field, showField(reasons)]))

/** Reads an error's body: `{exception_class, message, request_id, invalid_fields, info}`, or none of JSON at all. */
export const readError =
  (operation: StoreOperation) =>
  (status: number, body: unknown): ProviderError => {
    const name = errorText(body, 'exception_class') ?? ''
    const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined
    const message = errorText(body, 'message') ?? errorText(body, 'detail')
    return {
      kind,
      message,
      requestId: errorText(body, 'request_id'),
      hint: hintFor(kind, status, operation, message),
      fields: ErrorBody.is(body) ? fieldsOf(body.invalid_fields) : undefined,
    }
  }
