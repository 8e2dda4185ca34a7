import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { HttpClient } from '../../src/http/client.ts'
import { path } from '../../src/http/path.ts'
import type { Image } from '../../src/model/image.ts'
import type { Call } from '../../src/store/member.ts'
import type { ImagePatch } from '../../src/store/requests.ts'
import type { StoreTask } from '../../src/store/store-task.ts'
import { withText } from './description.ts'
import { foldTagName } from './tags.ts'
import { toUpdate, type UpdatePlan } from './update-body.ts'
import * as Wire from './wire.ts'

/** One request of a composed update, and what it changes, for the report of an update that fails half-way. */
interface Step {
  readonly changes: readonly string[]
  readonly run: StoreTask<unknown>
}

const inOrder = (steps: readonly Step[], call: Call): StoreTask<void> => {
  const [step, ...rest] = steps
  return step === undefined
    ? TE.right(undefined)
    : pipe(
        step.run,
        TE.tapIO(() => () => call.noteCompleted(...step.changes)),
        TE.flatMap(() => inOrder(rest, call)),
      )
}

/** What an image carries before it is changed, as far as the change depends on it. */
interface Held {
  /** The tags' names, by their folded form. */
  readonly tags: ReadonlyMap<string, string>
  /** The whole text, with the trailer. */
  readonly description: string | null | undefined
}

const nothingHeld: Held = { tags: new Map(), description: undefined }

/** Tags are put and dropped by what is there, and a new description keeps the trailer of the old one. */
const dependsOnHeld = ({ put, drop, body }: UpdatePlan): boolean =>
  put.length + drop.length > 0 || body.description !== undefined

const canonicalName = ({ tag }: Wire.TagAnswer): string => ('tag' in tag ? tag.tag.name : tag.name)

/** Updates: fields by PUT, tags by the tags API, and the image read back. */
export const updating = (http: HttpClient, read: (id: string, call: Call) => StoreTask<Image>) => {
  const resources = (id: string) => ({ resources: [{ resource_id: id, resource_type: 'image' }] })

  /** Making a tag that exists succeeds and tells its canonical spelling, which alone works in a URL (fact sheet §10). */
  const put = (id: string, name: string, call: Call): StoreTask<unknown> =>
    pipe(
      http.send('POST', '/v2/tags', Wire.TagAnswer, { ...call, body: { name } }),
      TE.map(canonicalName),
      // A tag belongs to the account and stays, whatever becomes of the next request.
      TE.tapIO((canonical) => () => call.noteCompleted(`tags.create ${canonical}`)),
      TE.flatMap((canonical) =>
        http.submit('POST', path`/v2/tags/${canonical}/resources`, Wire.Nothing, { ...call, body: resources(id) }),
      ),
    )

  const drop = (id: string, canonical: string, call: Call): StoreTask<unknown> =>
    http.submit('DELETE', path`/v2/tags/${canonical}/resources`, Wire.Nothing, { ...call, body: resources(id) })

  const held = (id: string, call: Call): StoreTask<Held> =>
    pipe(
      http.get(path`/v2/images/${id}`, Wire.ImageAnswer, call),
      TE.map(({ image }) => ({
        tags: new Map((image.tags ?? []).map((name) => [foldTagName(name), name])),
        description: image.description,
      })),
    )

  const fieldSteps = (id: string, { body }: UpdatePlan, { description }: Held, call: Call): readonly Step[] => {
    const sent =
      body.description === undefined ? body : { ...body, description: withText(description, body.description) }
    return Object.keys(body).length === 0
      ? []
      : [
          {
            changes: Object.keys(body),
            run: http.submit('PUT', path`/v2/images/${id}`, Wire.AcceptedImage, { ...call, body: sent }),
          },
        ]
  }

  const tagSteps = (id: string, plan: UpdatePlan, { tags: present }: Held, call: Call): readonly Step[] => [
    ...plan.put
      .filter((name) => !present.has(foldTagName(name)))
      .map((name) => ({ changes: [`tags.put ${name}`], run: put(id, name, call) })),
    ...plan.drop.flatMap((name) => {
      const canonical = present.get(foldTagName(name))
      return canonical === undefined ? [] : [{ changes: [`tags.drop ${canonical}`], run: drop(id, canonical, call) }]
    }),
  ]

  return (id: string, patch: ImagePatch) =>
    (call: Call): StoreTask<Image> =>
      pipe(
        TE.fromEither(toUpdate(patch)),
        TE.flatMap((plan) =>
          pipe(
            // What is there is asked first: an image that does not exist is found out before anything is changed.
            dependsOnHeld(plan) ? held(id, call) : TE.right(nothingHeld),
            TE.map((before) => [...fieldSteps(id, plan, before, call), ...tagSteps(id, plan, before, call)]),
          ),
        ),
        TE.flatMap((steps) =>
          pipe(
            inOrder(steps, call),
            TE.flatMap(() => read(id, call)),
          ),
        ),
      )
}
