import { readFile } from 'node:fs/promises'
import * as E from 'fp-ts/lib/Either.js'
import { type ImageRef, parseImageRef } from 'imageferry'
import * as t from 'io-ts'
import { failure } from 'io-ts/lib/PathReporter.js'

const ImageRefText = new t.Type<ImageRef, string>(
  'ImageRef',
  (value): value is ImageRef => typeof value === 'string' && E.isRight(parseImageRef(value)),
  (value, context) => {
    const ref = typeof value === 'string' ? parseImageRef(value) : undefined
    return ref !== undefined && E.isRight(ref) ? t.success(ref.right) : t.failure(value, context)
  },
  String,
)

const Entry = t.readonly(
  t.intersection([
    t.type({
      /** The image in the source cloud. */
      image: ImageRefText,
      /** The region of the target cloud. */
      region: t.string,
    }),
    t.partial({
      /** Where its file is. The source cloud does not tell, and gives no bytes out. */
      url: t.string,
      architecture: t.string,
      /** The version of the operating system, which DigitalOcean keeps for no image of one's own. */
      osVersion: t.string,
      firmware: t.string,
      /** The name in the target, where the image's own does not fit or shall not stay. */
      name: t.string,
      /** What the mapping expects: `moved` unless told. `refused` is for images that are known not to go. */
      expect: t.keyof({ moved: null, refused: null }),
    }),
  ]),
  'Entry',
)

/** What the mapping says of one image: what the source cloud does not. */
export type MappingEntry = t.TypeOf<typeof Entry>

const Mapping = t.readonly(t.type({ images: t.readonlyArray(Entry) }), 'Mapping')

/** A mapping from images to the files they were made from. */
export type Mapping = t.TypeOf<typeof Mapping>

/** Reads a mapping file. Throws an error that names what is wrong with it. */
export const readMapping = async (path: string): Promise<Mapping> => {
  const content: unknown = JSON.parse(await readFile(path, 'utf8'))
  const mapping = Mapping.decode(content)
  if (E.isLeft(mapping)) throw new Error(`${path} is no mapping:\n  ${failure(mapping.left).join('\n  ')}`)
  return mapping.right
}
