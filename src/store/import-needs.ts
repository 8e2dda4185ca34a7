import type { Architecture, Firmware } from '../model/image.ts'
import type { OsFamily } from '../model/operating-system.ts'

/** What an importer asks of the address that it fetches from. What no source states is absent. */
export interface SourceNeeds {
  /** The importer sends HEAD before it fetches, so that a server which refuses HEAD, or answers it otherwise than GET, fails it. */
  readonly head?: true | undefined
  /**
   * What the last segment of the URL's path has to look like: `pattern` is a regular expression for all of it, in small letters, `rule`
   * says it in words. Names that are known to work; of others nothing but the importer knows.
   */
  readonly fileName?: { readonly pattern: string; readonly rule: string } | undefined
  /** `uncertain`: sources disagree on whether a URL with a query, such as a signed one, is taken. */
  readonly query?: 'uncertain' | undefined
}

/** What must be on the disk for a server to start from it, and to be of use. What no source states is absent. */
export interface GuestNeeds {
  /** A plain disk must have a partition table. */
  readonly partitionTable?: true | undefined
  /** Families of operating systems that are taken; others are refused. */
  readonly families?: readonly OsFamily[] | undefined
  /** Families that an image can be said to be of. Another one is taken for the one that `ImportDefaults` name. */
  readonly toldFamilies?: readonly OsFamily[] | undefined
  /** Processors that servers have. */
  readonly architectures?: readonly Architecture[] | undefined
  /** Firmwares that servers boot by, where not every one can be had. */
  readonly firmware?:
    | { readonly virtual?: readonly Firmware[] | undefined; readonly bareMetal?: readonly Firmware[] | undefined }
    | undefined
  /** File systems that the root may have, by the names that `mkfs` has for them. */
  readonly rootFileSystems?: readonly string[] | undefined
  /** What has to be installed, one of them, to set a new server up. */
  readonly agents?: readonly string[] | undefined
  /** What has to be there besides, each in words. */
  readonly furtherNeeds?: readonly string[] | undefined
}

/** What an image is taken for where the import says nothing. */
export interface ImportDefaults {
  readonly osFamily?: OsFamily | undefined
  readonly architecture?: Architecture | undefined
  readonly firmware?: Firmware | undefined
}

/** A statement of {@link ImportNeeds} or of the other capabilities that judges a file, for {@link ImportNeeds.sources}. */
export type ImportRule =
  | 'formats'
  | 'uncertainFormats'
  | 'compressions'
  | 'uncertainCompressions'
  | 'oneFile'
  | 'maximumBytes'
  | 'quota'
  | 'head'
  | 'credentials'
  | 'fileName'
  | 'query'
  | 'partitionTable'
  | 'families'
  | 'toldFamilies'
  | 'architectures'
  | 'firmware'
  | 'rootFileSystems'
  | 'agents'
  | 'defaults'
  | 'defaultFirmware'
  | 'names'
  | 'minimumDisk'

/**
 * What an import needs beside a format that is taken: for those who look at an image before they import it. All of it may be absent,
 * which says that nothing is known and not that nothing is needed.
 */
export interface ImportNeeds {
  readonly source?: SourceNeeds | undefined
  readonly guest?: GuestNeeds | undefined
  readonly defaults?: ImportDefaults | undefined
  /**
   * What the least disk of a server made from the image is: `from-image` where it follows from the image, `unset` where none can be
   * asked for and no source says what it comes to.
   */
  readonly minimumDisk?: 'from-image' | 'unset' | undefined
  /** Where each rule comes from, by the keys of docs/sources.md; `(inferred)` where it follows from a source and none states it. */
  readonly sources?: Readonly<Partial<Record<ImportRule, string>>> | undefined
}
