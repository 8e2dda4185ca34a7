import type { Image, ImageRef, OperationRef, UnendedImport } from 'imageferry'
import type { Going } from './plan.ts'

/** An image on its way. Its name is the one that it has in the source. */
export interface MovingImage extends Omit<UnendedImport, 'index'> {
  /** The image in the source: names need not be unique. */
  readonly image: ImageRef
}

/** How far a migration is. */
export interface MigrationProgress {
  /** Every image that is being imported or waits for its turn. */
  readonly moving: readonly MovingImage[]
  /** How many of the plan have no result yet: those that are moving, and those still to be looked at or read back. */
  readonly toGo: number
  /** How many of those were not looked for at the target yet: it may be making them since an earlier run. */
  readonly notLookedAt: number
  readonly moved: number
  readonly notMoved: number
}

/** What is told of an import, as that of its image. */
export const named = (going: Going | undefined, told: Omit<UnendedImport, 'index' | 'name'>): readonly MovingImage[] =>
  going === undefined ? [] : [{ ...told, image: going.image.ref, name: going.image.name }]

/** What is known of an image before its import is in a queue. */
export const notBegun = { phase: 'waiting', ageMs: 0, phaseMs: 0, waitsFor: 'own-queue' } as const

/** What is known of an image that the target is making before its operation was looked up. `now` is milliseconds since the epoch. */
export const foundUnderWay = (
  ref: OperationRef,
  { createdAt }: Image,
  now: number,
): Omit<UnendedImport, 'index' | 'name'> => ({
  ref,
  phase: 'unknown',
  ageMs: createdAt === undefined ? 0 : Math.max(0, now - Date.parse(createdAt)),
  phaseMs: 0,
  waitsFor: 'provider',
})
