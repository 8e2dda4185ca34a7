import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { cursor, type Image, type ImageRef, type ImageStore, ImageStoreError, type Tag, tagEquals } from 'imageferry'
import { bytesPerGibibyte } from '../../src/model/size.ts'
import { type Mutant, mapped, recovered, withImages } from './mutant.ts'

/** An image of which nothing is told. */
const emptyImage = (ref: ImageRef): Image => ({
  ref,
  provider: '',
  name: '',
  status: 'unknown',
  providerStatus: '',
  regions: [],
  tags: [],
  raw: undefined,
})

/** A store that compares tags in a way of its own. */
const withTagFilter = (store: ImageStore, answers: (wanted: readonly Tag[], image: Image) => boolean): ImageStore => ({
  ...store,
  listPage: ({ tags: wanted = [], ...query } = {}, at, options) =>
    mapped(store.listPage(query, at, options), (page) => ({
      ...page,
      images: wanted.length === 0 ? page.images : page.images.filter((image) => answers(wanted, image)),
    })),
})

/** Bugs of what is listed and read. */
export const readingMutants: readonly Mutant[] = [
  {
    name: 'the first page is the list',
    of: 'pkgcloud, fog#3777, nanovms ops GetImages',
    by: 'following `next` visits every image once',
    on: ['memory', 'digitalocean', 'gcore'],
    with: (store) => ({
      ...store,
      listPage: (query, at, options) =>
        mapped(store.listPage(query, at, options), (page) => ({ ...page, next: undefined, ahead: [] })),
    }),
  },
  {
    name: 'pages come again and again',
    of: 'vagrant-digitalocean#137: `?page=3?page=3` without end',
    by: 'following `next` visits every image once',
    with: (store) => ({
      ...store,
      listPage: (query, at, options) =>
        mapped(store.listPage(query, at, options), (page) =>
          page.next === undefined && at !== undefined && !at.startsWith('0') && page.images.length > 0
            ? { ...page, next: cursor('0'), ahead: [cursor('0')] }
            : page,
        ),
    }),
  },
  {
    name: 'what the listing promises ahead is not what comes',
    of: 'doctl pagination.go: pages that fail are left out',
    by: '`ahead` begins with `next`',
    with: (store) => ({
      ...store,
      listPage: (query, at, options) =>
        mapped(store.listPage(query, at, options), (page) => ({ ...page, ahead: page.ahead.slice(1) })),
    }),
  },
  {
    name: 'the query is not applied',
    of: 'libcloud list_images takes no filter',
    by: 'every part of a query narrows',
    with: (store) => ({ ...store, listPage: ({ scope } = {}, at, options) => store.listPage({ scope }, at, options) }),
  },
  {
    name: 'one tag of several is enough',
    of: 'lists whose filter repeats a parameter, of which any may match',
    by: 'tags in a query mean all of them',
    on: ['memory', 'digitalocean'],
    with: (store) =>
      withTagFilter(store, (wanted, image) => wanted.some((tag) => image.tags.some((one) => tagEquals(one, tag)))),
  },
  {
    name: "a tag's value is not looked at",
    of: 'lists that filter by the keys of tags',
    by: 'tags in a query mean all of them',
    with: (store) =>
      withTagFilter(store, (wanted, image) => wanted.every(({ key }) => image.tags.some((tag) => tag.key === key))),
  },
  {
    name: 'a missing image is an empty one',
    of: 'pkgcloud getImage: every field is undefined',
    by: '`get` of an image that does not exist',
    with: (store) => ({
      ...store,
      get: (ref, options) =>
        recovered(store.get(ref, options), (error) =>
          error.kind === 'not-found' ? E.right(emptyImage(ref)) : E.left(error),
        ),
    }),
  },
  {
    name: 'lists drop what `get` has',
    of: 'libcloud _to_image: no status, tags, size',
    by: 'is listed as `get` reads it',
    with: (store) => ({
      ...store,
      listPage: (query, at, options) =>
        mapped(store.listPage(query, at, options), (page) => ({
          ...page,
          images: page.images.map((image) => ({ ...image, tags: [], size: undefined })),
        })),
    }),
  },
  {
    name: 'sizes are gibibytes',
    of: 'libcloud, godo: `size_gigabytes` as it comes',
    by: 'what is read of an import is complete',
    on: ['memory', 'digitalocean', 'gcore'],
    with: (store) =>
      withImages(store, (image) => ({
        ...image,
        size: image.size && { ...image.size, bytes: image.size.bytes / bytesPerGibibyte },
      })),
  },
  {
    name: 'nobody knows when an image was made',
    of: 'clients whose images have no time',
    by: 'what is read of an import is complete',
    with: (store) => withImages(store, (image) => ({ ...image, createdAt: undefined })),
  },
  {
    name: 'what the provider sent is thrown away',
    of: 'clients that keep what their model has a name for',
    by: 'what is read of an import is complete',
    on: ['digitalocean', 'gcore'],
    with: (store) => withImages(store, (image) => ({ ...image, raw: undefined })),
  },
  {
    name: 'images do not say whose they are',
    of: 'clients for several clouds that leave it to the caller',
    by: 'what is read of an import is complete',
    with: (store) => withImages(store, (image) => ({ ...image, provider: '' })),
  },
  {
    name: 'there is one region',
    of: 'clients that know the region they were told',
    by: 'all regions of the account are among them',
    on: ['memory', 'digitalocean', 'gcore'],
    with: (store) => ({
      ...store,
      listRegions: (options) => mapped(store.listRegions(options), (regions) => regions.slice(0, 1)),
    }),
  },
  {
    name: 'an unknown status is thrown',
    of: 'terraform-provider-openstack, gophercloud#3522: a state that the list of pending ones lacks',
    by: 'words that nobody knows',
    with: (store) => ({
      ...store,
      get: (ref, options) =>
        pipe(
          store.get(ref, options),
          TE.filterOrElse(
            ({ status }) => status !== 'unknown',
            () => new ImageStoreError('unexpected-response', 'unexpected state'),
          ),
        ),
    }),
  },
  {
    name: 'an unknown status is available',
    of: '@digitalocean/dots: words outside the enumeration vanish',
    by: 'words that nobody knows',
    on: ['memory', 'digitalocean'],
    with: (store) =>
      withImages(store, (image) => (image.status === 'unknown' ? { ...image, status: 'available' } : image)),
  },
  {
    name: "a region's failure is hidden",
    of: 'talos#7513, doctl: what fails is skipped',
    by: 'a region that does not answer',
    on: ['gcore'],
    with: (store) => ({
      ...store,
      listPage: (query, at, options) =>
        mapped(store.listPage({ ...query, onRegionFailure: 'report' }, at, options), (page) => ({
          ...page,
          failures: [],
        })),
    }),
  },
  {
    name: 'a quota stands still',
    of: 'clients that read the quota once and keep it',
    by: 'a quota counts what there is',
    with: (store) => ({
      ...store,
      quota: (region, options) =>
        mapped(store.quota(region, options), (quota) => ({
          ...quota,
          images: quota.images && { ...quota.images, used: 0 },
        })),
    }),
  },
]
