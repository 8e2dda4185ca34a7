import { existsSync } from 'node:fs'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { diskSizeOf } from './disk-size.ts'
import type { FullPass, ImageFacts } from './facts.ts'
import { unreadInWords } from './guest/unread-part.ts'
import { asInspectError, type InspectError } from './inspect-error.ts'
import { look, type Seen, type SeenInBytes } from './look.ts'
import type { NotKnown } from './not-known.ts'
import { checkInspectOptions, type InspectOptions } from './options.ts'
import { perform } from './perform.ts'
import { placeOf } from './place.ts'
import { wholeFile } from './reading.ts'
import { openFile } from './source/file-source.ts'
import type { ImageSource } from './source/image-source.ts'
import { openUrl } from './source/url-source.ts'
import { unpacker } from './unpack.ts'
import { type FileLength, type Wholeness, wholenessOf } from './wholeness.ts'

const open = (place: string | URL, options: InspectOptions): Promise<ImageSource> => {
  const { kind, text } = placeOf(place, existsSync)
  return kind === 'url' ? openUrl(text, options) : openFile(text, options)
}

const whyNotWhole = ({ compressions: [compression] }: SeenInBytes, fullPass: FullPass | undefined): string => {
  if (fullPass === undefined) return 'only all of it would tell'
  return compression === undefined || fullPass.unpackedBytes !== undefined
    ? 'its tables could not be looked at'
    : `a full pass does not unpack ${compression}`
}

const unknownOf = (
  seen: SeenInBytes,
  { truncated }: Wholeness,
  fullPass: FullPass | undefined,
): readonly NotKnown[] => [
  ...(seen.disk?.unread ?? []).map(
    (part): NotKnown => ({ about: 'disk', what: unreadInWords(part), reason: 'not looked at' }),
  ),
  ...(seen.format !== undefined && truncated === undefined
    ? [{ about: 'wholeness' as const, what: 'whether the file is whole', reason: whyNotWhole(seen, fullPass) }]
    : []),
]

const joined = ({ facts, clues }: Seen, length: FileLength): Omit<ImageFacts, 'source' | 'cost'> => {
  const { fullPass } = length
  const bytes = fullPass?.bytes ?? length.bytes
  const wholeness = wholenessOf(facts, clues, length)
  return {
    ...(bytes !== undefined && { bytes }),
    ...facts,
    ...diskSizeOf(facts, clues, length),
    ...(fullPass?.unpackedBytes !== undefined && {
      unpackedBytes: fullPass.unpackedBytes,
      unpackedBytesAre: 'exact' as const,
    }),
    ...wholeness,
    unknown: unknownOf(facts, wholeness, fullPass),
    ...(fullPass !== undefined && { fullPass }),
  }
}

const factsOf = async (source: ImageSource, { fullPass }: InspectOptions): Promise<ImageFacts> => {
  const unpacking = unpacker()
  const seen = await perform(look(wholeFile(source.length)), {
    read: source.read,
    unpack: (packing, packed, most) => source.within((signal) => unpacking.unpack(packing, packed, most, signal)),
  })
  const whole =
    fullPass === undefined || fullPass === false
      ? undefined
      : await source.fullPass(fullPass === true ? undefined : fullPass.onProgress)
  const place = source.facts()
  // What a server told of the length is no length where it gave less.
  const isBroken = place.kind === 'url' && place.brokenOff === true
  const facts = joined(seen, { bytes: isBroken ? undefined : source.length, fullPass: whole })
  return {
    source: place,
    ...facts,
    unknown: [...facts.unknown, ...source.unavailable(), ...unpacking.unavailable()],
    cost: source.cost(),
  }
}

const inspected = async (place: string | URL, options: InspectOptions): Promise<ImageFacts> => {
  checkInspectOptions(options)
  const source = await open(place, options)
  try {
    return await factsOf(source, options)
  } finally {
    await source.close()
  }
}

/**
 * {@link inspect} as a task, which does nothing until it is run. Its left side is an {@link InspectError}.
 */
export const inspectTask =
  (place: string | URL, options: InspectOptions = {}): TaskEither<InspectError, ImageFacts> =>
  () =>
    inspected(place, options).then(E.right, (error: unknown) => E.left(asInspectError(error)))

/**
 * Looks at an image file: at a URL as a provider's importer would come to it, without credentials, or on this machine. It reads little,
 * whatever the size: at most 12 requests and 1 MiB, unless a full pass is asked for. Nothing is executed, mounted or written.
 *
 * Rejects with an {@link InspectError}: `invalid-argument` (neither a URL nor a path, options that are none), `private-address`,
 * `unreachable` (also where GET is answered by an error), `too-many-redirects`, `changed` (the file is another one than at the beginning),
 * `unreadable` (a file here), `timeout`, `canceled`.
 */
export const inspect = async (place: string | URL, options: InspectOptions = {}): Promise<ImageFacts> => {
  const result = await inspectTask(place, options)()
  if (E.isLeft(result)) throw result.left
  return result.right
}
