import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { ImageStoreError } from '../model/error.ts'
import type { Architecture, Image, ImageKind } from '../model/image.ts'
import { distributionName, type OsFamily } from '../model/operating-system.ts'
import type { RegionId } from '../model/region.ts'
import { isReady } from '../model/status.ts'
import type { ImageStore } from '../store/image-store.ts'
import type { CallOptions, StoreTask } from '../store/store-task.ts'
import { showCandidates } from './candidates.ts'
import { collect, type ListQuery } from './list.ts'
import { compareVersions, isVersion } from './os-version.ts'

/** What {@link latest} shall be the newest of. Every part but the distribution is free unless given. */
export interface LatestQuery {
  /** Such as `ubuntu`; other spellings of a known name (`Rocky Linux`) are read as it. */
  readonly distribution: string
  /** `24.04` is that version and no other; `24` is every 24.x. */
  readonly version?: string | undefined
  /** Where it is not given, images for several processors compete with each other. */
  readonly architecture?: Architecture | undefined
  readonly family?: OsFamily | undefined
  /**
   * Such as `base`, to leave applications out where the provider tells them apart. Images for other servers than plain virtual
   * ones (`bare-metal`, `gpu-virtual`, `gpu-bare-metal`) are looked at only where their kind is asked for.
   */
  readonly kind?: ImageKind | undefined
  /** The region it has to be usable in. */
  readonly region?: RegionId | string | undefined
  /** The provider's catalogue (`public`) unless told. */
  readonly scope?: ListQuery['scope']
}

/** -1, 0 or 1, as the first moment is earlier, the same or later; absent where one is not known. */
const compareTimes = (a: string | undefined, b: string | undefined): -1 | 0 | 1 | undefined => {
  if (a === undefined || b === undefined) return undefined
  const difference = Date.parse(a) - Date.parse(b)
  return difference < 0 ? -1 : difference > 0 ? 1 : 0
}

/** Whether one image is known to be newer than the other: by its version, and by its age where they are of one version. */
const isNewer = (image: Image, other: Image): boolean => {
  const [version, otherVersion] = [image.os?.version, other.os?.version]
  // A version that is told goes before none: applications and special builds tell none, and would win by their age.
  if (version === undefined || otherVersion === undefined)
    return version === otherVersion ? compareTimes(image.createdAt, other.createdAt) === 1 : version !== undefined
  const order = compareVersions(version, otherVersion)
  return order === 0 ? compareTimes(image.createdAt, other.createdAt) === 1 : order === 1
}

/** A virtual server would not start from these. */
const kindsForOtherServers: readonly ImageKind[] = ['bare-metal', 'gpu-virtual', 'gpu-bare-metal']

const isForOtherServers = ({ kind }: Image): boolean => kind !== undefined && kindsForOtherServers.includes(kind)

const answersTo =
  ({ version, family, kind }: LatestQuery) =>
  (image: Image): boolean =>
    isReady(image) &&
    (kind !== undefined || !isForOtherServers(image)) &&
    (family === undefined || image.os?.family === family) &&
    (version === undefined || (image.os?.version !== undefined && isVersion(version, image.os.version)))

/** What was asked for, in words: `ubuntu 24.04 for x86_64 in nyc3`. */
const show = ({ distribution, version, architecture, region }: LatestQuery): string =>
  [
    distribution,
    version ?? [],
    architecture === undefined ? [] : `for ${architecture}`,
    region === undefined ? [] : `in ${region}`,
  ]
    .flat()
    .join(' ')

const notFound = (store: ImageStore, query: LatestQuery): ImageStoreError =>
  new ImageStoreError('not-found', `There is no usable image of ${show(query)} in ${store.name}`, {
    store: store.name,
    operation: 'listPage',
    hint: `It was looked for with scope "${query.scope ?? 'public'}". What a provider does not say of an image is absent, and does not answer to a query`,
  })

const undecided = (store: ImageStore, query: LatestQuery, images: readonly Image[]): ImageStoreError =>
  new ImageStoreError(
    'conflict',
    `It cannot be told which image of ${show(query)} is the newest in ${store.name}: ${showCandidates(images)}`,
    {
      store: store.name,
      operation: 'listPage',
      hint: 'Go on with one of these refs, or narrow the query by version, architecture, kind or region',
    },
  )

/**
 * The newest usable image of a distribution: of the highest version, compared as numbers, and of these the one created
 * last. An image whose version the provider does not tell counts only where no image tells one. Fails with `not-found`
 * where there is none, and with `conflict` where it cannot be told which is newer (versions that are words, no age, the
 * same age): the message lists the candidates. Nothing is ever chosen by chance or by the order of a list.
 */
export const latest = (
  store: ImageStore,
  query: LatestQuery,
  options?: Pick<CallOptions, 'signal'>,
): StoreTask<Image> =>
  pipe(
    collect(
      store,
      {
        scope: query.scope ?? 'public',
        distribution: distributionName(query.distribution) ?? query.distribution,
        architecture: query.architecture,
        ...(query.kind === undefined ? {} : { kinds: [query.kind] }),
        ...(query.region === undefined ? {} : { regions: [query.region] }),
      },
      options,
    ),
    TE.map((images) => images.filter(answersTo(query))),
    TE.flatMap((images) => {
      const newest = images.filter((image) => !images.some((other) => isNewer(other, image)))
      const [first, ...others] = newest
      if (first === undefined) return TE.left(notFound(store, query))
      return others.length === 0 ? TE.right(first) : TE.left(undecided(store, query, newest))
    }),
  )
