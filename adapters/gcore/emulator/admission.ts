import type { Admission } from '../../../src/emulator/server.ts'
import { checkAuthorization } from './authorization.ts'
import { Refusal } from './refusal.ts'
import { refusalReply } from './refusal-reply.ts'
import type { RefusalStyle, Settings } from './settings.ts'

/** Who is let in, and how others are refused. */
export interface AdmissionOptions {
  readonly apiKey: string
  readonly newRequestId: () => string
  readonly style: RefusalStyle & Pick<Settings, 'schemeCase'>
}

/** Whoever has the API's own token, sent as to the API; others get its 401 from the control endpoint too. */
export const admissionOf = ({ apiKey, newRequestId, style }: AdmissionOptions): Admission => {
  const problem = (authorization: string | undefined): Refusal | undefined => {
    try {
      checkAuthorization(authorization, apiKey, style)
      return undefined
    } catch (error) {
      if (error instanceof Refusal) return error
      throw error
    }
  }
  return {
    isAdmitted: ({ headers }) => problem(headers['authorization']) === undefined,
    refusal: ({ headers }) => {
      const refused = problem(headers['authorization'])
      return refused === undefined ? { status: 401 } : refusalReply(refused, newRequestId(), style)
    },
  }
}
