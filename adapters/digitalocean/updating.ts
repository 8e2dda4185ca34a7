import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { HttpClient } from '../../src/http/client.ts'
import { path } from '../../src/http/path.ts'
import { type ImageStoreError, isAnswerLost } from '../../src/model/error.ts'
import type { Image } from '../../src/model/image.ts'
import { presentText } from '../../src/model/text.ts'
import { invalidFields } from '../../src/store/field-reasons.ts'
import { reconciledUpdate } from '../../src/store/lost-update.ts'
import type { Call } from '../../src/store/member.ts'
import { pause } from '../../src/store/pause.ts'
import type { ImagePatch } from '../../src/store/requests.ts'
import type { Runtime } from '../../src/store/runtime.ts'
import type { StoreTask } from '../../src/store/store-task.ts'
import { reasonAgainstKeyedName, withText } from './description.ts'
import { holdsNameTrailer } from './image.ts'
import { keepsTags, keptAsSent } from './kept-changes.ts'
import { foldTagName } from './tags.ts'
import { toUpdate, type UpdatePlan } from './update-body.ts'
import * as Wire from './wire.ts'

/** The tags of an image may lag behind what was done to it by this much, in milliseconds, before it is looked at once more. */
const tagLagMs = 5_000

/** After a lost answer a tag is made again so much later, in milliseconds. */
const tagDelayMs = 1_000

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
  /** The whole name where a trailer may be behind it, and nothing elsewhere. */
  readonly name: string | null | undefined
  /** What the image is, where it is told and not `custom`. */
  readonly otherKind: string | undefined
}

/** The whole name that an image is given: with the trailer that it has, where it may have one. */
const newName = ({ name }: Held, text: string): string => (typeof name === 'string' ? withText(name, text) : text)

/** Those two are for custom images only: elsewhere they are refused, or taken and ignored. Source: fact sheet §5. */
const ofCustomImages = ['distribution', 'description'] as const

/**
 * Why an image as it is cannot be changed like this: a field that its kind does not have, or a name that leaves no room for the key
 * that stands behind the old one.
 */
const fittingHeld = ({ body }: UpdatePlan, before: Held): E.Either<ImageStoreError, Held> => {
  const { otherKind } = before
  const foreign = otherKind === undefined ? [] : ofCustomImages.filter((field) => body[field] !== undefined)
  const reasons = {
    ...Object.fromEntries(
      foreign.map((field) => [
        field,
        `DigitalOcean keeps a ${field} of custom images only, and this is a ${otherKind}`,
      ]),
    ),
    ...(body.name === undefined ? {} : reasonAgainstKeyedName(newName(before, body.name))),
  }
  return Object.keys(reasons).length > 0 ? E.left(invalidFields(reasons)) : E.right(before)
}

/** The plan with its texts as they are sent: with the trailers that the image has. */
const asWritten = ({ body, ...plan }: UpdatePlan, before: Held): UpdatePlan => ({
  ...plan,
  body: {
    ...body,
    ...(body.description === undefined ? {} : { description: withText(before.description, body.description) }),
    ...(body.name === undefined ? {} : { name: newName(before, body.name) }),
  },
})

const otherKindOf = (type: string | null | undefined): string | undefined => {
  const told = presentText(type)?.toLowerCase()
  return told === 'custom' ? undefined : told
}

const canonicalName = ({ tag }: Wire.TagAnswer): string => ('tag' in tag ? tag.tag.name : tag.name)

/** Updates: fields by PUT, tags by the tags API, and the image read back. After a lost answer the image tells whether it was done. */
export const updating = (http: HttpClient, read: (id: string, call: Call) => StoreTask<Image>, runtime: Runtime) => {
  const resources = (id: string) => ({ resources: [{ resource_id: id, resource_type: 'image' }] })

  /** One request that changes the image, after which it is as the plan says. */
  const change = (id: string, what: string, plan: UpdatePlan, attempt: StoreTask<unknown>, call: Call) =>
    reconciledUpdate({
      runtime,
      call,
      change: { change: what },
      attempt,
      look: pipe(
        read(id, call),
        TE.map((image) => (keepsTags(plan, image) && E.isRight(keptAsSent(plan, image)) ? true : undefined)),
      ),
    })

  /**
   * Making a tag that exists succeeds and tells its canonical spelling, which alone works in a URL (fact sheet §10). After a lost
   * answer it is simply made again: one that is carried out late finds it there.
   */
  const make = (name: string, call: Call, attemptsLeft = 3): StoreTask<string> =>
    pipe(
      http.submit('POST', '/v2/tags', Wire.TagAnswer, {
        ...call,
        body: { name },
        change: { change: `tags.create ${name}` },
      }),
      // An answer that cannot be read leaves the spelling that was sent: where it is not the account's, the next request says so.
      TE.map((answer) => (answer === undefined ? name : canonicalName(answer))),
      TE.orElse((error) =>
        isAnswerLost(error) && attemptsLeft > 1
          ? pipe(
              pause(runtime, tagDelayMs, call),
              TE.flatMap(() => make(name, call, attemptsLeft - 1)),
            )
          : TE.left(error),
      ),
    )

  const put = (id: string, name: string, call: Call): StoreTask<unknown> =>
    pipe(
      make(name, call),
      // A tag belongs to the account and stays, whatever becomes of the next request.
      TE.tapIO((canonical) => () => call.noteCompleted(`tags.create ${canonical}`)),
      TE.flatMap((canonical) => {
        const what = `tags.put ${canonical}`
        const attempt = http.submit('POST', path`/v2/tags/${canonical}/resources`, Wire.Nothing, {
          ...call,
          body: resources(id),
          change: { change: what },
        })
        return change(id, what, { body: {}, put: [canonical], drop: [] }, attempt, call)
      }),
    )

  const drop = (id: string, canonical: string, call: Call): StoreTask<unknown> => {
    const what = `tags.drop ${canonical}`
    const attempt = http.submit('DELETE', path`/v2/tags/${canonical}/resources`, Wire.Nothing, {
      ...call,
      body: resources(id),
      change: { change: what },
    })
    return change(id, what, { body: {}, put: [], drop: [canonical] }, attempt, call)
  }

  const held = (id: string, call: Call): StoreTask<Held> =>
    pipe(
      http.get(path`/v2/images/${id}`, Wire.ImageAnswer, call),
      TE.map(({ image }) => ({
        tags: new Map((image.tags ?? []).map((name) => [foldTagName(name), name])),
        description: image.description,
        name: holdsNameTrailer(image) ? image.name : undefined,
        otherKind: otherKindOf(image.type),
      })),
    )

  const fieldSteps = (id: string, { body }: UpdatePlan, call: Call): readonly Step[] => {
    const changes = Object.keys(body)
    if (changes.length === 0) return []
    const what = changes.join(', ')
    const attempt = http.submit('PUT', path`/v2/images/${id}`, Wire.AcceptedImage, {
      ...call,
      body,
      change: { change: what },
    })
    return [{ changes, run: change(id, what, { body, put: [], drop: [] }, attempt, call) }]
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

  const lookAgain = (id: string, call: Call): StoreTask<Image> =>
    pipe(
      pause(runtime, tagLagMs, call),
      TE.flatMap(() => read(id, call)),
    )

  const readBack = (id: string, plan: UpdatePlan, call: Call): StoreTask<Image> =>
    pipe(
      read(id, call),
      TE.flatMap((image) => (keepsTags(plan, image) ? TE.right(image) : lookAgain(id, call))),
      TE.flatMapEither((image) => keptAsSent(plan, image)),
    )

  return (id: string, patch: ImagePatch) =>
    (call: Call): StoreTask<Image> =>
      pipe(
        TE.fromEither(toUpdate(patch)),
        TE.flatMap((plan) =>
          pipe(
            // What is there is asked first: an image that does not exist is found out before anything is changed.
            held(id, call),
            TE.flatMapEither((before) => fittingHeld(plan, before)),
            TE.map((before) => ({ before, plan: asWritten(plan, before) })),
          ),
        ),
        TE.flatMap(({ before, plan }) =>
          pipe(
            inOrder([...fieldSteps(id, plan, call), ...tagSteps(id, plan, before, call)], call),
            TE.flatMap(() => readBack(id, plan, call)),
          ),
        ),
      )
}
