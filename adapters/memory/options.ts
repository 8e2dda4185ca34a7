import type { Image } from '../../src/model/image.ts'
import type { Capabilities } from '../../src/store/capabilities.ts'
import type { Runtime } from '../../src/store/runtime.ts'
import type { Source } from './source.ts'

/** A server or a volume, of which an image can be made. */
export interface MemoryMachine {
  /** What a capture names it by. */
  readonly id: string
  /** The region it is in; the first one unless told. */
  readonly region?: string | undefined
  /** How large its image becomes, in bytes; a mebibyte unless told. */
  readonly bytes?: number | undefined
}

/** What a store in memory is made from. All of it can be left out. */
export interface MemoryOptions {
  /** The name of the store in refs; `memory` unless told. */
  readonly name?: string | undefined
  /** The regions that exist; one called `here` unless told. */
  readonly regions?: readonly string[] | undefined
  /** What the store shall be able to do, to try how code copes with less; everything unless told. */
  readonly capabilities?: Capabilities | undefined
  /** What there is at a source URL; a mebibyte at every one unless told. */
  readonly source?: Source | undefined
  /** How long an import takes, and a capture, a copy or a conversion as well, in milliseconds; no time at all unless told. */
  readonly importDurationMs?: number | undefined
  /** How many images a page holds; 50 unless told. */
  readonly pageSize?: number | undefined
  /** Images that are there from the start, backups among them. Their refs must be of this store. */
  readonly images?: readonly Image[] | undefined
  /** The servers that `createFromServer` knows; none unless told. */
  readonly servers?: readonly MemoryMachine[] | undefined
  /** The volumes that `createFromVolume` knows; none unless told. */
  readonly volumes?: readonly MemoryMachine[] | undefined
  /** How many images a region may hold, by the region; as many as there are to be where it says nothing. */
  readonly imageLimits?: Readonly<Record<string, number>> | undefined
  readonly runtime?: Runtime | undefined
}
