import { presentText } from '../../src/model/text.ts'
import type { ImportBody } from './import-body.ts'
import { foldTagName } from './tags.ts'
import type * as Wire from './wire.ts'

const saysSameText = (sent: string | undefined, told: string | null | undefined): boolean =>
  sent === undefined || told === undefined || (told ?? '').trim() === sent.trim()

const hasTags = (sent: readonly string[] = [], told: readonly string[] | null | undefined): boolean => {
  if (told === undefined) return true
  const held = new Set((told ?? []).map(foldTagName))
  return sent.every((name) => held.has(foldTagName(name)))
}

/** An image that is not made yet has no regions. Source: fact sheet §2. */
const isIn = (region: string, told: readonly string[] | null | undefined): boolean =>
  told === null || told === undefined || told.length === 0 || told.includes(region)

/**
 * Whether an image can be what an import makes that was sent like this: what is told of it agrees. The URL is not kept, so that it
 * cannot tell; what an image does not say of itself does not count against it.
 */
export const canBeOf = ({ name, description, tags, region }: ImportBody, row: Wire.Image): boolean =>
  row.name === name &&
  (presentText(row.type)?.toLowerCase() ?? 'custom') === 'custom' &&
  row.public !== true &&
  saysSameText(description, row.description) &&
  hasTags(tags, row.tags) &&
  isIn(region, row.regions)
