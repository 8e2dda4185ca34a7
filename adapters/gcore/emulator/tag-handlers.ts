import type { ApiHandler, ApiRequest } from './api-request.ts'
import { pathText } from './api-request.ts'
import { checkMayChange } from './deletions.ts'
import { bodyFields, refuseIfAny } from './fields.ts'
import { invalidFields, notFound } from './refusal.ts'
import { regionsOfRequests } from './region-request.ts'
import type { StoredImage, StoredTag } from './stored-image.ts'
import { isNewTags, patchTags } from './tag-rules.ts'
import type { World } from './world.ts'
import { imageOf } from './world.ts'

/** The older routes of an image's tags, which still work and are deprecated. [SPEC: facts 2] */
export interface TagHandlers {
  readonly list: ApiHandler
  /** Sets tags and keeps the others. */
  readonly put: ApiHandler
  /** Sets tags in place of all that the user has. */
  readonly replace: ApiHandler
  readonly get: ApiHandler
  readonly remove: ApiHandler
}

/** The handlers over a world. */
export const tagHandlers = (world: World): TagHandlers => {
  const region = regionsOfRequests(world)
  const image = (request: ApiRequest): StoredImage => imageOf(world, region(request).id, pathText(request, 'id'))

  const keyOf = ({ query }: ApiRequest): string => {
    const key = query.get('key')
    if (key === null || key === '') throw invalidFields({ key: ['Field required'] })
    return key
  }

  const tag = (request: ApiRequest): StoredTag => {
    const key = keyOf(request)
    const found = image(request).tags.find((one) => one.key === key)
    if (found === undefined) throw notFound('Tag', key)
    return found
  }

  const write = (request: ApiRequest, kept: (tags: readonly StoredTag[]) => readonly StoredTag[]): undefined => {
    const found = image(request)
    const tags = bodyFields(request.body)
    const problem = isNewTags(world.settings)(tags)
    refuseIfAny(problem === undefined ? {} : { tags: [problem] })
    checkMayChange(world, found)
    // They are texts, as was just seen.
    found.tags = patchTags(kept(found.tags), tags as Readonly<Record<string, string>>)
    found.updatedAtMs = world.clock.now()
  }

  return {
    list: (request) => {
      const { tags } = image(request)
      return { count: tags.length, results: tags }
    },
    put: (request) => write(request, (tags) => tags),
    replace: (request) => write(request, (tags) => tags.filter((one) => one.read_only)),
    get: tag,
    remove: (request) => {
      const { key } = tag(request)
      const found = image(request)
      checkMayChange(world, found)
      found.tags = patchTags(found.tags, { [key]: null })
      return undefined
    },
  }
}
