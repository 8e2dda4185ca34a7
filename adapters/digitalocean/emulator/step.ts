import type { Verdict } from './file-rules.ts'

/** What the importer has to go on with. */
export interface ImportOrder {
  readonly image: number
  readonly url: string
  readonly region: string
  /** When the import ends unless it fails soon, in virtual ms since the epoch. */
  readonly endsAtMs: number
}

/** What of a snapshot of a Droplet is not in its action. */
export interface SnapshotOrder {
  readonly action: number
  readonly name: string
  /** The image, where it is there before its time. */
  readonly image?: number | undefined
}

/** What the importer made of a file, of which nothing else is kept. */
export type FileVerdict = Verdict & { /** In bytes. */ readonly fileBytes: number }

/** Something that the emulator will do at a moment, in virtual ms since the epoch. Plain data, so that it can be saved. */
export type Step = { readonly dueMs: number } & (
  | ({ readonly kind: 'import-starts' } & ImportOrder)
  | ({ readonly kind: 'import-fetches' } & ImportOrder)
  | { readonly kind: 'import-ends'; readonly image: number; readonly region: string; readonly verdict: FileVerdict }
  | { readonly kind: 'action-ends'; readonly action: number }
  | ({ readonly kind: 'snapshot-ends' } & SnapshotOrder)
  | ({ readonly kind: 'snapshot-listed' } & SnapshotOrder)
)

/** The steps of imports, which have an image to begin with. */
export type ImportStep = Extract<Step, { readonly region: string }>

/** Tells the steps of imports from those of actions. */
export const isOfImport = (step: Step): step is ImportStep => 'region' in step
