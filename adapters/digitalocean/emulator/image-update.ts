import { keptDistribution } from './distribution.ts'
import { type Refusal, unprocessable } from './reply.ts'
import type { StoredImage } from './stored-image.ts'

const updatable = ['name', 'distribution', 'description'] as const

/**
 * What an update changes of an image: what is given, and the rest stays. Other fields, `tags` among them, are ignored.
 * [O:models/image_update.yml; GD:images.go]
 */
export const readUpdate = (
  fields: Readonly<Record<string, unknown>>,
  image: StoredImage,
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
  // That an empty description clears it is unconfirmed: official clients send a blank. [PD:tests/integration/test_images.py]
  return { change: { ...change, ...(distribution !== undefined && { distribution: keptDistribution(distribution) }) } }
}
