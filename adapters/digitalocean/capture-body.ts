import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { ImageStoreError } from '../../src/model/error.ts'
import { asksForSomething, captureFields } from '../../src/store/describing-fields.ts'
import type { FieldReasons } from '../../src/store/field-reasons.ts'
import { allowLosses, lossOf } from '../../src/store/losses.ts'
import type { Loss } from '../../src/store/operation.ts'
import { checkCaptureShape, unknownCaptureFields } from '../../src/store/request-shapes.ts'
import type { CaptureField, CaptureSpec } from '../../src/store/requests.ts'
import { captureDigest } from '../../src/store/spec-digest.ts'
import { reasonAgainstKeyedName, reasonsAgainstKey, writeDescription } from './description.ts'
import { isServerId } from './ids.ts'
import { isRegionSlug } from './regions.ts'

/** The body that begins a snapshot of a server. Source: openapi dropletActions_post.yml. */
export interface CaptureBody {
  readonly type: 'snapshot'
  readonly name: string
}

/** What a capture comes to. */
export interface CapturePlan {
  readonly body: CaptureBody
  /** What tells it from another under the same key. */
  readonly digest: string
  readonly losses: readonly Loss[]
}

/** The whole name: the key of a capture stands behind it, since a snapshot takes no description and no tags at the beginning. */
const wholeName = (spec: CaptureSpec): string =>
  writeDescription({ text: spec.name, key: spec.key, digest: captureDigest(digested(spec)), server: spec.source })

/** A server's id means the same everywhere, so the region is not part of what is asked for. */
const digested = ({ region: _region, ...spec }: CaptureSpec): CaptureSpec => spec

const reasonsAgainst = (spec: CaptureSpec): FieldReasons => {
  const againstKey = reasonsAgainstKey(spec.key)
  return {
    ...unknownCaptureFields(spec),
    ...(spec.name.trim() === '' ? { name: 'The name is empty' } : {}),
    ...(isServerId(spec.source) ? {} : { source: `"${spec.source}" is not a Droplet's id, which is a number` }),
    ...(spec.region === undefined || isRegionSlug(spec.region)
      ? {}
      : { region: `"${spec.region}" is not a region's slug, such as nyc3` }),
    ...againstKey,
    ...(Object.keys(againstKey).length === 0 ? reasonAgainstKeyedName(wholeName(spec)) : {}),
  }
}

const reasonFor = (field: CaptureField): string =>
  field === 'tags'
    ? 'DigitalOcean puts no tags on a snapshot that it makes: put them on by an update when it is there'
    : `DigitalOcean takes a snapshot as the server is, and keeps no ${field}`

const losses = (spec: CaptureSpec): readonly Loss[] =>
  captureFields
    .filter((field) => asksForSomething(spec[field]))
    .map((field) => lossOf(field, spec[field], reasonFor(field)))

const planOf = (spec: CaptureSpec): E.Either<ImageStoreError, CapturePlan> => {
  return pipe(
    allowLosses(spec, reasonsAgainst(spec))(losses(spec)),
    E.map((losses) => ({
      body: { type: 'snapshot', name: wholeName(spec) },
      digest: captureDigest(digested(spec)),
      losses,
    })),
  )
}

/** What a capture comes to. Fails with `invalid-argument` for what can never be, and for losses unless they are accepted. */
export const toCapture = (spec: CaptureSpec): E.Either<ImageStoreError, CapturePlan> =>
  pipe(checkCaptureShape(spec), E.flatMap(planOf))
