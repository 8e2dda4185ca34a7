import { keptDistribution } from './distribution.ts'
import { isTooLong } from './image-update.ts'
import { regionBySlug, takesImages } from './regions.ts'
import type { ApiReply, ApiRequest } from './reply.ts'
import { badRequest, bodyFields, unprocessable } from './reply.ts'
import type { Settings } from './settings.ts'
import { isTagName } from './tag-book.ts'
import { badTag } from './tag-refusal.ts'

/** What POST /v2/images asks for, checked. [O:resources/images/models/image_new_custom.yml] */
export interface ImportRequest {
  readonly ok: true
  readonly name: string
  readonly url: string
  readonly region: string
  readonly distribution: string
  readonly description: string
  /** As they were sent. */
  readonly tags: readonly string[]
}

/** A request that is not met, and how it is answered. */
interface Refused {
  readonly ok: false
  readonly reply: ApiReply
}

const refused = (reply: ApiReply): Refused => ({ ok: false, reply })

const isPresent = (value: unknown): value is string => typeof value === 'string' && value.trim() !== ''

const isTextOrAbsent = (value: unknown): value is string | undefined => value === undefined || typeof value === 'string'

const isSource = (url: string): boolean => URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)

/** Reads and checks the body. The texts of the 422 answers are unconfirmed, and so is which is told first. */
export const readImportRequest = (request: ApiRequest, settings: Settings): ImportRequest | Refused => {
  const fields = bodyFields(request)
  if (fields === undefined) return refused(badRequest)
  const { name, url, region, distribution, description, tags = [] } = fields
  if (!isPresent(name)) return refused(unprocessable('name is required'))
  if (isTooLong(name, settings)) return refused(unprocessable('name is too long'))
  if (!isPresent(url)) return refused(unprocessable('url is required'))
  if (!isSource(url)) return refused(unprocessable('url is not a URL of http or https'))
  if (!isPresent(region)) return refused(unprocessable('region is required'))
  if (regionBySlug(region) === undefined) return refused(unprocessable('region is not a valid region'))
  if (!takesImages(settings, region)) return refused(unprocessable('region does not take custom images'))
  if (!isTextOrAbsent(distribution)) return refused(unprocessable('distribution is not a string'))
  if (!isTextOrAbsent(description)) return refused(unprocessable('description is not a string'))
  // The specification's schema lets tags be null. [O:shared/attributes/tags_array.yml]
  const names: readonly unknown[] | undefined = tags === null ? [] : Array.isArray(tags) ? tags : undefined
  if (names === undefined) return refused(unprocessable('tags is not a list'))
  const bad = names.findIndex((tag) => !isTagName(tag))
  if (bad !== -1) return refused(badTag(names[bad]))
  return {
    ok: true,
    name,
    url,
    region,
    distribution: keptDistribution(distribution),
    description: description ?? '',
    tags: names.filter(isTagName),
  }
}
