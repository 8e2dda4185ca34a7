import { presentText } from '../model/text.ts'

/**
 * A field of an error's body as text; absent where it is missing, blank, or no text or number. Error bodies come from
 * gateways as well as from the provider, so each field is read by itself: one that is odd must not hide the others.
 */
export const errorText = (body: unknown, field: string): string | undefined => {
  if (typeof body !== 'object' || body === null || !Object.hasOwn(body, field)) return undefined
  const value: unknown = (body as Readonly<Record<string, unknown>>)[field]
  return typeof value === 'string' || typeof value === 'number' ? presentText(String(value)) : undefined
}
