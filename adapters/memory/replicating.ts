import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { ImageStoreError } from '../../src/model/error.ts'
import { type RegionId, regionId } from '../../src/model/region.ts'
import { invalidFields } from '../../src/store/field-reasons.ts'
import type { Operation } from '../../src/store/operation.ts'
import type { HeldImage } from './held.ts'
import type { Surroundings } from './making.ts'
import { conversionOperation, copyOperation } from './operations.ts'
import type { Span } from './state.ts'

/** Copies to further regions, and conversions of backups. */
export const replicating = ({ store, state, now, durationMs, checkRoom }: Surroundings, regions: readonly string[]) => {
  const spanFromNow = (): Span => ({ begunAt: now(), endsAt: now() + durationMs })

  const begin = (id: string, region: RegionId): Span => {
    const span = spanFromNow()
    state.copies.set(id, new Map(state.copies.get(id)).set(region, span))
    return span
  }

  /** The copy to one region: what has been begun or is there already, or a new one. */
  const copyTo = ({ id, image }: HeldImage, region: RegionId): E.Either<ImageStoreError, Operation> => {
    const span = state.copies.get(id)?.get(region)
    const operation = (of: Span | undefined): Operation =>
      copyOperation(store, id, image, { region, span: of, now: now() })
    if (span !== undefined || image.regions.includes(region)) return E.right(operation(span))
    return regions.includes(region)
      ? pipe(
          checkRoom(region),
          E.map(() => operation(begin(id, region))),
        )
      : E.left(invalidFields({ regions: `There is no region "${region}"` }))
  }

  return {
    /** One after the other; `note` is told of each that was begun, so that a later failure does not lose them. */
    replicate: (
      held: HeldImage,
      wanted: readonly string[],
      note: (ref: string) => void,
    ): E.Either<ImageStoreError, readonly Operation[]> =>
      pipe(
        wanted,
        E.traverseArray((region) =>
          pipe(
            copyTo(held, regionId(region)),
            E.tap((operation) => {
              note(operation.ref)
              return E.right(operation)
            }),
          ),
        ),
      ),

    /** The conversion of a backup: the one that is under way, or a new one. */
    convert: ({ id, image }: HeldImage): Operation => {
      const span = state.conversions.get(id) ?? spanFromNow()
      state.conversions.set(id, span)
      return conversionOperation(store, id, image, span, now())
    },
  }
}
