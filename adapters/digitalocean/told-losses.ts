import type { Image } from '../../src/model/image.ts'
import { lossOf } from '../../src/store/losses.ts'
import type { Loss } from '../../src/store/operation.ts'
import { readTrailer } from './description.ts'
import { unkeptDistribution } from './distribution.ts'
import type { ImportBody } from './import-body.ts'
import { foldTagName } from './tags.ts'
import * as Wire from './wire.ts'

const textOf = (description: string): string => (readTrailer(description)?.text ?? description).trim()

const nameLoss = (sent: string, told: string | null | undefined): readonly Loss[] =>
  typeof told !== 'string' || told === '' || told === sent
    ? []
    : [lossOf('name', sent, `DigitalOcean took "${sent}" and made it "${told}"`, told)]

const descriptionLosses = (sent: string | undefined, told: string | null | undefined): readonly Loss[] => {
  if (sent === undefined || told === undefined) return []
  const kept = told ?? ''
  const key = readTrailer(sent)?.key
  return [
    ...(textOf(kept) === textOf(sent)
      ? []
      : [
          lossOf('description', textOf(sent), 'DigitalOcean did not keep the description as it was sent', textOf(kept)),
        ]),
    ...(key === undefined || readTrailer(kept)?.key === key
      ? []
      : [
          lossOf(
            'key',
            key,
            'DigitalOcean did not keep the operation key, which stands behind the description: a repeated call cannot find ' +
              'this import, and would begin another',
          ),
        ]),
  ]
}

const tagLosses = (sent: readonly string[] = [], told: readonly string[] | null | undefined): readonly Loss[] => {
  if (told === undefined) return []
  const kept = new Set((told ?? []).map(foldTagName))
  return sent
    .filter((name) => !kept.has(foldTagName(name)))
    .map((name) => lossOf('tags', name, `DigitalOcean did not put the tag ${name} on the image`))
}

/**
 * What the image that an import has just made lacks of what was sent for it. A field that the answer leaves out says nothing; a
 * description or tags that it has as null are empty.
 * Source: fact sheet §2 (which fields the answer has), §5.
 */
export const toldLosses = (body: ImportBody, image: Image): readonly Loss[] => {
  const { raw } = image
  return Wire.Image.is(raw)
    ? [
        ...nameLoss(body.name, raw.name),
        ...descriptionLosses(body.description, raw.description),
        ...tagLosses(body.tags, raw.tags),
        ...unkeptDistribution(body.distribution, image),
      ]
    : []
}
