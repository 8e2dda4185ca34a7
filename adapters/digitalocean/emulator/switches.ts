/**
 * Everything that DigitalOcean does in more than one way, or may do: eras of the API, shapes that were both seen, and readings
 * of what no source states ("unconfirmed"). The first value of each is what it does today, or most likely does.
 */
export const switchValues = {
  /** How `NEW` is spelled. Lower-case `new` was returned until 2023. [oc:8f35504c #517; TF 7e13a6f6 #931] */
  statusCase: ['upper', 'lower'],
  /**
   * How `links` is sent where there is one page only: with `pages` empty, left out, or empty itself. All three are documented;
   * live answers have it. [O:description.yml; LV branch ci main.js; facts 4]
   */
  links: ['always', 'omitted-when-one-page', 'empty-object'],
  /** Whether the links to other pages keep the query's filters. [LV:main.js, inferred] */
  linksKeep: ['query', 'page-only'],
  /** What `meta.total` counts: rows of all pages, or, as the text can be read, those of this one. [O:description.yml; facts 4] */
  metaTotal: ['all-pages', 'this-page'],
  /** What becomes of a `per_page` above the most: 422, cut to the most, met as it is, or the usual 20. Unconfirmed. [facts 4] */
  perPageAbove: ['refused', 'cut', 'met', 'usual'],
  /** In which order images are listed: public ones first by ascending id, as was seen; or another, even one for each request. Unconfirmed. [facts 4] */
  listOrder: ['seen', 'newest-first', 'oldest-first', 'changing'],
  /** What a list is that is asked with several of `private`, `type` and `tag_name`: all of them, one alone, or 422. Unconfirmed. [facts 4] */
  combinedFilters: ['all', 'private-alone', 'type-alone', 'tag-alone', 'refused'],
  /** Whether `tag_name` has to be spelled as the tag is. Unconfirmed; URLs have to be. [facts 10] */
  tagFilterCase: ['exact', 'any'],
  /** In which order actions are listed. Unconfirmed. [facts 7] */
  actionOrder: ['newest-first', 'oldest-first'],
  /** How an action tells its region: both fields can be null. [O:resources/actions/models/action.yml] */
  actionRegion: ['both', 'object-only', 'slug-only'],
  /** Whether a single image has its `type`; the published samples of GET and PUT lack it. [EX:spec.image.get.public.200] */
  singleType: ['present', 'absent'],
  /** How an image without slug says so. [EX README] */
  noSlug: ['null', 'empty'],
  /** How an image or a snapshot without tags says so. [O:images/models/image.yml, snapshots/models/snapshots.yml] */
  noTags: ['empty-list', 'null'],
  /** How an image without error says so. [EX:real.image.public.ubuntu-20-04.2021, EX:spec.image.nested.gpu-base] */
  noErrorMessage: ['empty', 'absent'],
  /** Whether `regions` can hold one twice, as samples have it. [EX:spec.image.update.200] */
  regionsRepeated: ['no', 'yes'],
  /** The `type` of distribution images: both were seen. [EX:real.distribution-images.2023-12.columns; EX:spec.images.list.distribution] */
  distributionType: ['base', 'snapshot'],
  /** How an unknown distribution is spelled: otherwise in the answer to the import than later, or alike. [I:digitalocean/doctl#671; TF 41a56924 #941] */
  unknownDistribution: ['mixed', 'Unknown OS', 'Unknown'],
  /** What becomes of a public image's old id when the image is refreshed: the image is `retired`, and in the lists or not, or gone. Unconfirmed. [facts 2, 3] */
  refreshedImages: ['retired', 'retired-listed', 'gone'],
  /** What `size_gigabytes` counts in. Unconfirmed. [facts 9] */
  sizeUnit: ['GiB', 'GB'],
  /** How GET answers for a custom image that its owner deleted: both were seen. [TF:resource_custom_image_test.go] */
  deletedAnswers: ['404', 'deleted'],
  /** How the deletion of an image that is `deleted` already is refused; only the text is known. [TF:resource_custom_image.go Delete] */
  deletedAgain: ['422', '400', '404'],
  /** Whether an image can be deleted that is still imported. Unconfirmed otherwise. [PD:tests/integration/test_images.py; facts 5] */
  deletePending: ['met', 'refused'],
  /** Whether an image can be changed that is still imported. Unconfirmed otherwise. [PD:tests/integration/test_images.py; facts 5] */
  updatePending: ['met', 'refused'],
  /** What an empty description does: it clears the old one, is taken for none, or 422. Unconfirmed. [GD:images.go; facts 5] */
  emptyDescription: ['clears', 'ignored', 'refused'],
  /** Whether an URL may have a query: it could not in 2020. [I:nanovms/ops#468; NV 4c11649] */
  urlQuery: ['accepted', 'refused'],
  /** Whether the extension of the file's name is looked at. Unconfirmed in part. [I:nanovms/ops#468; PK:post-processor.go] */
  fileName: ['checked', 'ignored'],
  /** What is sent to the source. That HEAD must be answered is documented; whether it always is sent is unconfirmed. [D:products/custom-images/details/limits] */
  sourceRequests: ['head-and-get', 'get-only'],
  /** Whether the source has to tell the file's length. Unconfirmed. [facts 6] */
  sourceLength: ['optional', 'required'],
  /** Whether the four regions that the specification lacks take imports and transfers. Unconfirmed. [facts 13] */
  newRegions: ['take-images', 'refuse-images'],
  /** How transfers, conversions and snapshots of Droplets end. There is no text with an errored one. [O:resources/actions/models/action.yml] */
  actionsEnd: ['completed', 'errored'],
  /** Whether a transfer to a region that has the image, or gets it, is refused. Meant to be. [I:digitalocean/api-v2#27 staff] */
  transferAgain: ['refused', 'accepted'],
  /** Whether the snapshot of a Droplet is listed before it is done: it was seen not to be. [github.com/jtackaberry/do-snapshot README; facts 3] */
  unfinishedSnapshots: ['unlisted', 'listed-pending'],
  /**
   * What /v2/snapshots takes for one: snapshots alone, or custom images and backups too, until 2024-04 in the list and until
   * 2024-01 by id. [www.digitalocean.com/docs/images/snapshots release notes]
   */
  snapshotsEra: ['2024-04', '2024-01', '2023'],
  /** Whether a deleted tag's spelling comes back when the tag does. Unconfirmed. [I:digitalocean/doctl#333 staff] */
  deletedTagSpelling: ['forgotten', 'kept'],
  /** In which order an image's tags are. Unconfirmed. [facts 10] */
  tagOrder: ['given', 'alphabetical'],
  /** Whether public images can be tagged. Unconfirmed. [facts 10] */
  taggingPublic: ['refused', 'met'],
  /** Whether the limits of 250 requests a minute and 5 000 an hour are kept up, or their headers only. [O:description.yml] */
  rateLimit: ['enforced', 'headers-only'],
  /** What a 429 says: the specification has two spellings, and a third text was reported. [O:too_many_requests.yml, description.yml; I:digitalocean/terraform-provider-digitalocean#546] */
  rateLimitMessage: ['API rate limit exceeded.', 'API Rate limit exceeded.', 'Too many requests'],
  /** Whether requests that are one too many count as well. Unconfirmed. */
  refusedRequests: ['not-counted', 'counted'],
  /**
   * How an error is told: in the words of live answers, in those of the specification, with an empty `id`, without any body, or
   * with keys that are not documented. [I:digitalocean/packer-plugin-digitalocean#122; O:not_found.yml; EX:libcloud.error.401-empty-id;
   * GD:godo.go CheckResponse; EX:real.errors]
   */
  errors: ['live', 'spec-words', 'empty-id', 'no-body', 'further-keys'],
  /** Where the request's id is: the body's wins for clients. [GD:godo.go; O:shared/headers.yml] */
  requestId: ['both', 'header', 'body'],
} as const satisfies Readonly<Record<string, readonly [string, string, ...string[]]>>

/** One of the values of each switch. */
export type Switches = { readonly [Name in keyof typeof switchValues]: (typeof switchValues)[Name][number] }

const valuesByName: Readonly<Record<string, readonly string[]>> = switchValues

/** Each switch as it is unless told otherwise. */
// Entries lose the names that the table has; it has each of them.
export const usualSwitches = Object.fromEntries(
  Object.entries(switchValues).map(([name, [usual]]) => [name, usual]),
) as unknown as Switches

/** Refuses a switch's value that it does not have, for callers whose compiler did not. */
export const checkSwitches = (given: object): void => {
  for (const [name, value] of Object.entries(given)) {
    const values = valuesByName[name]
    if (values !== undefined && value !== undefined && !values.includes(String(value)))
      throw new RangeError(`${name} is one of ${values.join(', ')}, not ${String(value)}`)
  }
}
