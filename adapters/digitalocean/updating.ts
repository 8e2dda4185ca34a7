import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { HttpClient } from '../../src/http/client.ts'
import { path } from '../../src/http/path.ts'
import { withDetails } from '../../src/model/error.ts'
import type { Image } from '../../src/model/image.ts'
import type { Call } from '../../src/store/member.ts'
import type { ImagePatch } from '../../src/store/requests.ts'
import type { StoreTask } from '../../src/store/store-task.ts'
import { foldTagName } from './tags.ts'
import { toUpdate, type UpdatePlan } from './update-body.ts'
import * as Wire from './wire.ts'

/** One request of a composed update, and what it changes, for the report of an update that fails half-way. */
interface Step {
  readonly changes: readonly string[]
  readonly run: StoreTask<unknown>
}

const inOrder = (steps: readonly Step[], completed: readonly string[] = []): StoreTask<void> => {
  const [step, ...rest] = steps
  return step === undefined
    ? TE.right(undefined)
    : pipe(
        step.run,
        TE.mapLeft((error) => (completed.length === 0 ? error : withDetails(error, { completed }))),
        TE.flatMap(() => inOrder(rest, [...completed, ...step.changes])),
      )
}

const canonicalName = ({ tag }: Wire.TagAnswer): string => ('tag' in tag ? tag.tag.name : tag.name)

/** Updates: fields by PUT, tags by the tags API, and the image read back. */
export const updating = (http: HttpClient, read: (id: string, call: Call) => StoreTask<Image>) => {
  const resources = (id: string) => ({ resources: [{ resource_id: id, resource_type: 'image' }] })

  /** Making a tag that exists succeeds and tells its canonical spelling, which alone works in a URL (fact sheet §10). */
  const put = (id: string, name: string, call: Call): StoreTask<unknown> =>
    pipe(
      http.send('POST', '/v2/tags', Wire.TagAnswer, { ...call, body: { name } }),
      TE.flatMap((answer) =>
        http.send('POST', path`/v2/tags/${canonicalName(answer)}/resources`, Wire.Nothing, {
          ...call,
          body: resources(id),
        }),
      ),
    )

  const drop = (id: string, canonical: string, call: Call): StoreTask<unknown> =>
    http.send('DELETE', path`/v2/tags/${canonical}/resources`, Wire.Nothing, { ...call, body: resources(id) })

  /** The tags' names as the image carries them now, by their folded form. */
  const namesOn = (id: string, call: Call): StoreTask<ReadonlyMap<string, string>> =>
    pipe(
      http.get(path`/v2/images/${id}`, Wire.ImageAnswer, call),
      TE.map(({ image }) => new Map((image.tags ?? []).map((name) => [foldTagName(name), name]))),
    )

  const fieldSteps = (id: string, { body }: UpdatePlan, call: Call): readonly Step[] =>
    Object.keys(body).length === 0
      ? []
      : [
          {
            changes: Object.keys(body),
            run: http.send('PUT', path`/v2/images/${id}`, Wire.AcceptedImage, { ...call, body }),
          },
        ]

  const tagSteps = (
    id: string,
    plan: UpdatePlan,
    present: ReadonlyMap<string, string>,
    call: Call,
  ): readonly Step[] => [
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
            // Which tags are there is asked first: an image that does not exist is found out before anything is changed.
            plan.put.length + plan.drop.length === 0 ? TE.right(new Map<string, string>()) : namesOn(id, call),
            TE.map((present) => [...fieldSteps(id, plan, call), ...tagSteps(id, plan, present, call)]),
          ),
        ),
        TE.flatMap((steps) =>
          pipe(
            inOrder(steps),
            TE.flatMap(() =>
              pipe(
                read(id, call),
                TE.mapLeft((error) =>
                  steps.length === 0
                    ? error
                    : withDetails(error, { completed: steps.flatMap(({ changes }) => changes) }),
                ),
              ),
            ),
          ),
        ),
      )
}
