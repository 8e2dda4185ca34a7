import { keptDistribution } from './distribution.ts'
import { type Refusal, unprocessable } from './reply.ts'
import type { Settings } from './settings.ts'
import type { StoredImage } from './stored-image.ts'

/** Whether a name is longer than the account may have them. That there is such a limit is unconfirmed. [facts 6] */
export const isTooLong = (name: string, { nameLimit }: Settings): boolean =>
  nameLimit !== undefined && name.length > nameLimit

const updatable = ['name', 'distribution', 'description'] as const

/**
 * What an update changes of an image: what is given, and the rest stays. Other fields, `tags` among them, are ignored.
 * [O:models/image_update.yml; GD:images.go]
 */
export const readUpdate = (
  fields: Readonly<Record<string, unknown>>,
  image: StoredImage,
  settings: Settings,
): { readonly change: Partial<StoredImage> } | Refusal => {
  const given = updatable.filter((name) => fields[name] !== undefined)
  const notText = given.find((name) => typeof fields[name] !== 'string')
  if (notText !== undefined) return unprocessable(`${notText} is not a string`)
  const onlyCustom = given.find((name) => name !== 'name')
  // That they are for custom images only is documented, that others are refused is not. [O:images_update.yml]
  if (onlyCustom !== undefined && image.type !== 'custom') {
    return unprocessable(`${onlyCustom} can be changed for custom images only`)
  }
  const change = Object.fromEntries(given.map((name) => [name, String(fields[name])]))
  const { name, distribution } = change
  if (name !== undefined && name.trim() === '') return unprocessable('name is empty')
  if (name !== undefined && isTooLong(name, settings)) return unprocessable('name is too long')
  // That an empty description clears it is unconfirmed: official clients send a blank. [PD:tests/integration/test_images.py]
  if (change['description'] === '' && settings.emptyDescription === 'refused')
    return unprocessable('description is empty')
  if (change['description'] === '' && settings.emptyDescription === 'ignored') delete change['description']
  return { change: { ...change, ...(distribution !== undefined && { distribution: keptDistribution(distribution) }) } }
}
