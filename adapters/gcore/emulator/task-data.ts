import type { World } from './world.ts'

/** The `data` of a task that makes an image, as much of the request as this emulator is to tell. Unconfirmed. [facts 10] */
export const taskData = (
  { settings }: World,
  fields: Readonly<Record<string, unknown>>,
  nameAndSource: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> | null => {
  switch (settings.taskData) {
    case 'full':
      return fields
    case 'name-and-url':
      return nameAndSource
    case 'none':
      return null
  }
}
