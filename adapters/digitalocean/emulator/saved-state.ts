import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import type { StoredAction } from './action-body.ts'
import { problemsIn } from './problems.ts'
import { DueMoment, dropletFields, Id, imageFields, innerImageFields, Moment, volumeSnapshotFields } from './shapes.ts'
import type { Step } from './step.ts'
import type { StoredDroplet } from './stored-droplet.ts'
import type { StoredImage } from './stored-image.ts'
import type { SavedTag } from './tag-book.ts'
import type { StoredVolumeSnapshot } from './volume-snapshot.ts'

/** The present form. Another one is refused. */
export const stateFormat = 'digitalocean-emulator/1'

/** Everything that an emulator knows, as JSON. Settings, faults and the log of requests are not in it. */
export interface SavedState {
  readonly format: typeof stateFormat
  /** When it was saved, in virtual ms since the epoch. */
  readonly nowMs: number
  /** Where the source of random ids stands. */
  readonly random: number
  readonly lastIds: { readonly image: number; readonly action: number; readonly droplet: number }
  readonly images: readonly StoredImage[]
  readonly droplets: readonly StoredDroplet[]
  readonly volumeSnapshots: readonly StoredVolumeSnapshot[]
  readonly actions: readonly StoredAction[]
  readonly tags: readonly SavedTag[]
  readonly requestTimes: readonly number[]
  readonly steps: readonly Step[]
}

const { droplet, catalogue, ...certainFields } = imageFields

const Order = t.type({ image: Id, url: t.string, region: t.string, endsAtMs: DueMoment, dueMs: DueMoment })
const Snapshot = t.intersection([t.type({ action: Id, name: t.string, dueMs: DueMoment }), t.partial({ image: Id })])
const Verdict = t.intersection([
  t.type({ fileBytes: t.number }),
  t.union([t.type({ ok: t.literal(true), diskBytes: t.number }), t.type({ ok: t.literal(false), error: t.string })]),
])

const AnyStep = t.union(
  [
    t.intersection([t.type({ kind: t.keyof({ 'import-starts': null, 'import-fetches': null }) }), Order]),
    t.type({ kind: t.literal('import-ends'), image: Id, region: t.string, verdict: Verdict, dueMs: DueMoment }),
    t.type({ kind: t.literal('action-ends'), action: Id, dueMs: DueMoment }),
    t.intersection([t.type({ kind: t.keyof({ 'snapshot-ends': null, 'snapshot-listed': null }) }), Snapshot]),
  ],
  'Step',
)

const Action = t.intersection([
  t.type({
    id: Id,
    type: t.keyof({ transfer: null, convert: null, snapshot: null }),
    status: t.keyof({ 'in-progress': null, completed: null, errored: null }),
    resourceType: t.keyof({ image: null, droplet: null }),
    resourceId: Id,
    startedAtMs: Moment,
    completedAtMs: t.union([Moment, t.null]),
  }),
  t.partial({ region: t.string }),
])

const State = t.type(
  {
    format: t.literal(stateFormat),
    nowMs: Moment,
    random: t.Integer,
    lastIds: t.type({ image: Id, action: Id, droplet: Id }),
    images: t.array(t.intersection([t.type(certainFields), t.partial({ droplet, catalogue, ...innerImageFields })])),
    droplets: t.array(t.type(dropletFields)),
    volumeSnapshots: t.array(t.type(volumeSnapshotFields)),
    actions: t.array(Action),
    tags: t.array(t.intersection([t.type({ name: t.string }), t.partial({ lastTagged: Id, deleted: t.boolean })])),
    requestTimes: t.array(Moment),
    steps: t.array(AnyStep),
  },
  'State',
)

const isState = (json: unknown): json is SavedState => State.is(json)

/** A saved state from JSON. Throws an Error that names what is not as it should be. */
export const readState = (json: unknown): SavedState => {
  if (isState(json)) return json
  const decoded = State.decode(json)
  throw new Error(E.isLeft(decoded) ? problemsIn(decoded.left) : 'The state is not as it should be')
}
