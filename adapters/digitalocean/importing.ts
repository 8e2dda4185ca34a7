import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { HttpClient } from '../../src/http/client.ts'
import { isAnswerLost } from '../../src/model/error.ts'
import { formatImageRef } from '../../src/model/ref.ts'
import { type AcceptedSearch, clockSkewMs, findAccepted, lookForAccepted } from '../../src/store/accepted.ts'
import { beginOnFreshLook } from '../../src/store/begin-on-fresh-look.ts'
import type { Change } from '../../src/store/change.ts'
import type { KeysInDoubt } from '../../src/store/keys-in-doubt.ts'
import { reconciled } from '../../src/store/lost-answer.ts'
import type { Call } from '../../src/store/member.ts'
import type { Operation } from '../../src/store/operation.ts'
import type { ImportSpec } from '../../src/store/requests.ts'
import type { Runtime } from '../../src/store/runtime.ts'
import { specDigest } from '../../src/store/spec-digest.ts'
import type { StoreTask } from '../../src/store/store-task.ts'
import type { begunUnderKeys } from './begun-under-keys.ts'
import { canBeOf } from './can-be-of.ts'
import { unkeptDistribution } from './distribution.ts'
import type { freshImages } from './fresh-images.ts'
import { toImage } from './image.ts'
import { type ImportBody, toImport } from './import-body.ts'
import type { Begun, keyedOperations } from './keys.ts'
import type { listings } from './listing.ts'
import { momentOf, secondOf } from './moments.ts'
import { importOf } from './operations.ts'
import { allRows } from './pages.ts'
import { toldLosses } from './told-losses.ts'
import * as Wire from './wire.ts'

/** An import that is wanted, and since when, in milliseconds since the epoch. */
interface Wanted {
  readonly spec: ImportSpec
  readonly body: ImportBody
  readonly call: Call
  readonly since: number
}

/** One that its key finds again. */
interface Keyed extends Wanted {
  readonly key: string
  readonly digest: string
}

/** What an attempt has come to: the image that its answer names, if it does, or what was found after it was lost. */
interface Attempted {
  readonly row?: Wire.Image | undefined
  readonly found?: Begun | undefined
}

const whatOf = ({ name }: ImportSpec): string => `The import of "${name}"`

/** Imports by URL. One with a key is begun only where the key has begun none yet that has not failed. */
export const importing = (
  store: string,
  http: HttpClient,
  lists: ReturnType<typeof listings>,
  keys: ReturnType<typeof keyedOperations>,
  fresh: ReturnType<typeof freshImages>,
  begun: ReturnType<typeof begunUnderKeys>,
  inDoubt: KeysInDoubt,
  runtime: Runtime,
) => {
  /** What a request can have made: nothing of it says otherwise, and it is not known to be another request's. */
  const candidates = (
    spec: ImportSpec,
    body: ImportBody,
    since: number,
    rows: readonly Wire.Image[],
  ): readonly Wire.Image[] =>
    rows.filter(
      (row) =>
        !fresh.isKnown(row) &&
        canBeOf(body, row) &&
        toImage(store, row).provenance?.key === spec.key &&
        (momentOf(row.created_at) ?? since) >= since - clockSkewMs,
    )

  /** What finds an import whose answer names no image. */
  const search = ({ spec, body, call, since }: Wanted): AcceptedSearch<Wire.Image> => ({
    runtime,
    call,
    what: whatOf(spec),
    look: pipe(
      allRows(lists.ownRows(call)),
      TE.map((rows) => candidates(spec, body, since, rows)),
    ),
    show: ({ id }) => formatImageRef(store, String(id)),
    isLater: ({ created_at }) => (momentOf(created_at) ?? since) >= secondOf(since),
  })

  const changeOf = ({ spec }: Wanted): Change => ({
    change: `the import of "${spec.name}"`,
    key: spec.key,
    makesSomething: true,
  })

  /** Asks for an import once. Nothing where it was accepted without naming the image. */
  const send = (wanted: Wanted): StoreTask<Wire.Image | undefined> => {
    const { spec, body, call } = wanted
    return pipe(
      http.submit('POST', '/v2/images', Wire.AcceptedImage, { ...call, body, change: changeOf(wanted) }),
      TE.mapLeft((error) => {
        inDoubt.noteFailed(spec.key, error)
        if (spec.key !== undefined && (isAnswerLost(error) || error.kind === 'canceled')) begun.noteLost(spec.key)
        return error
      }),
      TE.map((answer) => (Wire.ImageAnswer.is(answer) ? answer.image : undefined)),
      TE.tapIO((row) => () => {
        if (row === undefined) call.noteCompleted(`the import of "${spec.name}" was accepted`)
      }),
    )
  }

  const noteMade = ({ call }: Wanted, row: Wire.Image): void => {
    fresh.note(row)
    call.noteCompleted(importOf(store, toImage(store, row)).ref)
  }

  const asMade = ({ body }: Wanted, row: Wire.Image): Operation => {
    const image = toImage(store, row)
    return importOf(store, image, toldLosses(body, image))
  }

  /** What was begun before may have been changed since; only what was asked for and cannot be seen is certain to be lost. */
  const asFound = ({ body }: Wanted, found: Begun): Begun => ({
    ...found,
    operation: {
      ...found.operation,
      losses: found.image === undefined ? [] : unkeptDistribution(body.distribution, found.image),
    },
  })

  /** Begins an import that nothing would tell from another one: after a lost answer it is looked for, and never sent again. */
  const beginOnce = (wanted: Wanted): StoreTask<Operation> =>
    pipe(
      reconciled<Wire.Image | undefined>({
        runtime,
        call: wanted.call,
        change: changeOf(wanted),
        attempt: send(wanted),
        look: lookForAccepted(search(wanted)),
        mayRepeat: false,
      }),
      TE.flatMap((row) => (row === undefined ? findAccepted(search(wanted)) : TE.right(row))),
      TE.map((row) => {
        noteMade(wanted, row)
        return asMade(wanted, row)
      }),
    )

  /** The list does not show what is there: another call with the key is not to take that for nothing. */
  const noteUnlisted = (key: string): void => {
    begun.noteLagging(key)
    inDoubt.noteUnlisted(key)
  }

  /**
   * The import that a key has begun, now that there is one of this call's own. That it is there is not called a failure where its key
   * cannot be looked up: then that is done when it ends.
   */
  const settledBeside = (wanted: Keyed, row: Wire.Image): StoreTask<Operation> => {
    const { key, digest, call } = wanted
    return pipe(
      keys.settledBeside(key, { row, digest })(call),
      TE.map((settled): Begun => {
        if (!settled.isListed) noteUnlisted(key)
        if (!settled.isOwn) return asFound(wanted, settled)
        const { duplicates } = settled.operation
        return {
          ...settled,
          operation: { ...asMade(wanted, row), ...(duplicates === undefined ? {} : { duplicates }) },
        }
      }),
      TE.orElse((error) => {
        if (error.kind === 'conflict') return TE.left(error)
        noteUnlisted(key)
        return TE.right({ operation: asMade(wanted, row) })
      }),
      TE.map((kept) => begun.noted(key, digest, kept, toImage(store, row).ref)),
    )
  }

  /** An import that was accepted without naming its image: whatever is found by the key is the key's. */
  const unnamed = (wanted: Keyed): StoreTask<Begun> => {
    const { key, digest, spec, call } = wanted
    begun.noteLost(key)
    inDoubt.noteUnlisted(key)
    return pipe(
      findAccepted<Begun>({
        runtime,
        call,
        what: whatOf(spec),
        look: pipe(
          keys.begunBefore(key, digest)(call),
          TE.map((found) => (found === undefined ? [] : [found])),
        ),
        show: ({ operation }) => operation.ref,
        isLater: () => true,
      }),
      TE.map((found) => asFound(wanted, found)),
    )
  }

  /** Begins an import that its key finds again: after a lost answer it is looked for, and where it is not there, sent again. */
  const beginKeyed = (wanted: Keyed): StoreTask<Operation> => {
    const { key, digest, call } = wanted
    return pipe(
      reconciled<Attempted>({
        runtime,
        call,
        change: changeOf(wanted),
        attempt: pipe(
          send(wanted),
          TE.map((row) => ({ row })),
        ),
        look: pipe(
          keys.begunBefore(key, digest)(call),
          TE.map((found) => (found === undefined ? undefined : { found })),
        ),
        mayRepeat: true,
      }),
      TE.flatMap(({ row, found }) => {
        if (row !== undefined) {
          noteMade(wanted, row)
          return settledBeside(wanted, row)
        }
        return pipe(
          found === undefined ? unnamed(wanted) : TE.right(asFound(wanted, found)),
          TE.map((kept) => {
            call.noteCompleted(kept.operation.ref)
            return begun.noted(key, digest, kept)
          }),
        )
      }),
    )
  }

  const unlessBegun = (wanted: Keyed): StoreTask<Operation> =>
    beginOnFreshLook<Begun | undefined, Operation>({
      runtime,
      call: wanted.call,
      look: inDoubt.lookBefore(wanted.key, {
        call: wanted.call,
        look: keys.begunBefore(wanted.key, wanted.digest)(wanted.call),
      }),
      begin: (found, call) =>
        found === undefined
          ? beginKeyed({ ...wanted, call })
          : TE.right(begun.noted(wanted.key, wanted.digest, asFound(wanted, found))),
    })

  return (spec: ImportSpec) =>
    (call: Call): StoreTask<Operation> =>
      pipe(
        TE.fromEither(toImport(spec)),
        TE.flatMap(({ body, losses }) => {
          const wanted = { spec, body, call, since: runtime.now() }
          const { key } = spec
          return pipe(
            key === undefined ? beginOnce(wanted) : unlessBegun({ ...wanted, key, digest: specDigest(spec) }),
            TE.map((operation) => ({ ...operation, losses: [...losses, ...operation.losses] })),
          )
        }),
      )
}
