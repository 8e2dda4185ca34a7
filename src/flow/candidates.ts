import type { Image } from '../model/image.ts'

/** A message that lists more than this many images helps nobody and fills the log. */
const mostShown = 20

const show = ({ ref, status, createdAt }: Image): string =>
  `${ref} (${status}, ${createdAt === undefined ? 'of unknown age' : `created ${createdAt}`})`

/** Images among which a choice has to be made, as text for a message: ref, status and age of each. */
export const showCandidates = (images: readonly Image[]): string =>
  [
    ...images.slice(0, mostShown).map(show),
    ...(images.length > mostShown ? [`and ${images.length - mostShown} more`] : []),
  ].join(', ')
