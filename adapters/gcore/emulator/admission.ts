import { type Controlled, controlOf } from '../../../src/emulator/control.ts'
import type { EmulatorReply } from '../../../src/emulator/reply.ts'
import type { EmulatorRequest } from '../../../src/emulator/server.ts'
import { checkAuthorization } from './authorization.ts'
import { Refusal } from './refusal.ts'
import { refusalReply } from './refusal-reply.ts'
import type { RefusalStyle, Settings } from './settings.ts'

/** Who is let in, and how others are refused. */
export interface ControlDoorOptions {
  readonly apiKey: string
  readonly newRequestId: () => string
  readonly style: RefusalStyle & Pick<Settings, 'schemeCase'>
}

/** The control endpoint for whoever has the API's own token, sent as to the API; others get its 401. */
export const controlDoorOf = (
  controlled: Controlled,
  { apiKey, newRequestId, style }: ControlDoorOptions,
): ((request: EmulatorRequest) => Promise<EmulatorReply>) => {
  const control = controlOf(controlled)
  return async ({ method, path, headers, body }) => {
    try {
      checkAuthorization(headers['authorization'], apiKey, style)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      return refusalReply(error, newRequestId(), style)
    }
    return control(method, path, body)
  }
}
