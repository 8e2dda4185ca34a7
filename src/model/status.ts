/**
 * What state an image is in, the same for every provider. The provider's own word is kept beside it
 * (`Image.providerStatus`), and a word nobody knows is `unknown`, never an error.
 */
export type ImageStatus =
  | 'queued'
  | 'importing'
  | 'available'
  | 'retired'
  | 'deactivated'
  | 'failed'
  | 'deleting'
  | 'deleted'
  | 'unknown'

/** What a status means for code that asks. */
export interface StatusMeaning {
  /** The image can be used to create servers now. */
  readonly ready: boolean
  /** Nothing more will happen to it unless somebody asks for it. */
  readonly settled: boolean
  /** It did not become an image. */
  readonly failed: boolean
}

/** The meaning of every status. The predicates read this table; there is no other place that knows. */
export const statusMeanings: Readonly<Record<ImageStatus, StatusMeaning>> = {
  queued: { ready: false, settled: false, failed: false },
  importing: { ready: false, settled: false, failed: false },
  available: { ready: true, settled: true, failed: false },
  retired: { ready: false, settled: true, failed: false },
  deactivated: { ready: false, settled: true, failed: false },
  failed: { ready: false, settled: true, failed: true },
  deleting: { ready: false, settled: false, failed: false },
  deleted: { ready: false, settled: true, failed: false },
  unknown: { ready: false, settled: false, failed: false },
}

/** Whether the image can be used to create servers now. */
export const isReady = (image: { readonly status: ImageStatus }): boolean => statusMeanings[image.status].ready

/** Whether nothing more will happen to the image unless somebody asks for it. */
export const isSettled = (image: { readonly status: ImageStatus }): boolean => statusMeanings[image.status].settled

/** Whether the image did not become one. */
export const isFailed = (image: { readonly status: ImageStatus }): boolean => statusMeanings[image.status].failed
