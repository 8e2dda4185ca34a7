import { allScopes, type DigitalOceanScope } from './scopes.ts'
import { checkSwitches, type Switches, usualSwitches } from './switches.ts'

/** How this emulator behaves beside its switches. Durations are in virtual ms. */
export interface Measures {
  /** The token to accept. By default a fixed one that is plainly not real. */
  readonly token: string
  /** What the token may do. Everything by default. Without a scope that a request needs it is answered with 403. */
  readonly scopes: readonly DigitalOceanScope[]
  /** How long an import takes, in virtual ms: the first 10 s of it NEW, then pending. 300 000 by default. */
  readonly importDuration: number
  /** How long a transfer or a conversion takes, in virtual ms. 120 000 by default. */
  readonly actionDuration: number
  /** How long a snapshot of a Droplet takes, in virtual ms. 180 000 by default. */
  readonly snapshotDuration: number
  /** How long after its end a snapshot is in no list yet, in virtual ms. 0 by default; that it can be more is unconfirmed. */
  readonly snapshotListedAfter: number
  /** How long a new custom image is in no list yet, in virtual ms. 0 by default; that it can be more is unconfirmed. */
  readonly imageListedAfter: number
  /** How long a new custom image is 404 by its id, for reads and changes alike, in virtual ms. 0 by default; that it can be more is unconfirmed. [facts 5] */
  readonly imageReadableAfter: number
  /** How long a new action is 404 by its id, in virtual ms. 0 by default; a client allows for more. [TF:digitalocean/util/wait.go] */
  readonly actionReadableAfter: number
  /** How long an image that is `deleted` can be read, in virtual ms; for ever by default. Unconfirmed. [facts 3] */
  readonly deletedReadableFor: number | undefined
  /** The most rows that a page may have: 200 by default, as the API has it. [O:shared/parameters.yml] */
  readonly perPageMaximum: number
  /** How many custom images the account may have; without end by default. Unconfirmed. [facts 6] */
  readonly customImageLimit: number | undefined
  /** How long a name may be, in characters; without end by default. Unconfirmed. [facts 6] */
  readonly nameLimit: number | undefined
  /** How many resources one request may tag; without end by default. Unconfirmed. [facts 10] */
  readonly tagBatchLimit: number | undefined
  /** The UUIDs of other teams for which the token's user may accept an account transfer: one to them is accepted at once. None by default. */
  readonly furtherTeams: readonly string[]
  /** The slugs of the regions that the account is shown; all by default. [facts 13] */
  readonly shownRegions: readonly string[] | undefined
}

/** How this emulator behaves, with nothing left open. */
export type Settings = Measures & Switches

/** What may be told of it. */
export type GivenSettings = { readonly [Name in keyof Settings]?: Settings[Name] | undefined }

const usualMeasures: Measures = {
  token: `dop_v1_${'not-a-real-token-'.repeat(3)}emulator`,
  scopes: allScopes,
  importDuration: 300_000,
  actionDuration: 120_000,
  snapshotDuration: 180_000,
  snapshotListedAfter: 0,
  imageListedAfter: 0,
  imageReadableAfter: 0,
  actionReadableAfter: 0,
  deletedReadableFor: undefined,
  perPageMaximum: 200,
  customImageLimit: undefined,
  nameLimit: undefined,
  tagBatchLimit: undefined,
  furtherTeams: [],
  shownRegions: undefined,
}

/** What is told, over what is usual. Throws a RangeError for a switch's value that there is not. */
export const settingsFrom = (given: GivenSettings): Settings => {
  checkSwitches(given)
  const usual: Settings = { ...usualMeasures, ...usualSwitches }
  const isTold = ([name, value]: readonly [string, unknown]): boolean =>
    value !== undefined && Object.hasOwn(usual, name)
  const told: Partial<Settings> = Object.fromEntries(Object.entries(given).filter(isTold))
  return { ...usual, ...told }
}
