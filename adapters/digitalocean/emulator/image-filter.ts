import { type Refusal, unprocessable } from './reply.ts'
import type { StoredImage } from './stored-image.ts'

const catalogues: readonly string[] = ['distribution', 'application'] satisfies StoredImage['catalogue'][]

/** Public images by ascending id and then one's own: the order that was seen; none is documented. [facts 4] */
const inSeenOrder = (a: StoredImage, b: StoredImage): number =>
  a.public === b.public ? a.id - b.id : Number(b.public) - Number(a.public)

/**
 * The images of GET /v2/images. Deleted and failed ones are in no list; those still being imported are.
 * [O:images_list.yml; TF:resource_custom_image.go Read; I:coreos/fedora-coreos-tracker#1586]
 *
 * Unconfirmed: that filters can be combined, and do as their names say; that `tag_name` wants the canonical case, as URLs do;
 * that another `type` is refused.
 */
export const filterImages = (
  images: Iterable<StoredImage>,
  query: URLSearchParams,
): { readonly images: readonly StoredImage[] } | Refusal => {
  const type = query.get('type')
  const tag = query.get('tag_name')
  const own = query.get('private') === 'true'
  if (type !== null && !catalogues.includes(type)) return unprocessable('type must be distribution or application')
  return {
    images: [...images]
      .filter((image) => image.status !== 'deleted')
      .filter((image) => type === null || image.catalogue === type)
      .filter((image) => tag === null || image.tags.includes(tag))
      .filter((image) => !own || !image.public)
      .sort(inSeenOrder),
  }
}
