import type { DigitalOceanScope } from './scopes.ts'

/**
 * How `links` is sent where there is one page only: `always` with `pages` empty, left out, or empty itself. All three are
 * documented; live answers have it. [O:description.yml; LV branch ci main.js; facts 4]
 */
export type LinksStyle = 'always' | 'omitted-when-one-page' | 'empty-object'

/** How a status is spelled: `NEW` today, and lower-case `new` as it has been. [oc:8f35504c #517; TF 7e13a6f6 #931] */
export type StatusCase = 'upper' | 'lower'

/** How this emulator behaves, with nothing left open. Durations are in virtual ms. */
export interface Settings {
  readonly token: string
  readonly scopes: readonly DigitalOceanScope[]
  readonly importDuration: number
  readonly actionDuration: number
  readonly snapshotDuration: number
  readonly snapshotListedAfter: number
  readonly perPageMaximum: number
  readonly perPageAbove: 'refused' | 'cut'
  readonly links: LinksStyle
  readonly statusCase: StatusCase
  readonly rateLimit: 'enforced' | 'headers-only'
  readonly deletedAnswers: '404' | 'deleted'
}
