import * as t from 'io-ts'
import { numberOrText, wireObject } from '../../src/http/wire-object.ts'

/**
 * Gcore's JSON, as far as it is read. The specification lists all fields as required, yet guide samples hold thirteen and
 * older servers fewer: only an id is certain here (fact sheet §9). Closed lists are open texts.
 */

const Id = numberOrText

/** A tag as an object. Source: TagSerializer. */
const Tag = wireObject('Tag', { key: t.string }, { value: t.string, read_only: t.boolean })
export type Tag = t.TypeOf<typeof Tag>

/** Tags have been objects, and long ago `key=value` texts. Source: fact sheet §3.2. */
export const Tags = t.array(t.union([Tag, t.string], 'Tag | string'))
export type Tags = t.TypeOf<typeof Tags>

/** An image: the 33 fields of ImageSerializer, those of the GPU image beside it, and the pairs of older servers. */
export const Image = wireObject(
  'Image',
  { id: t.string },
  {
    name: t.string,
    status: t.string,
    visibility: t.string,
    size: t.number,
    min_disk: t.number,
    min_ram: t.number,
    disk_format: t.string,
    architecture: t.string,
    os_type: t.string,
    os_distro: t.string,
    os_version: t.string,
    hw_firmware_type: t.string,
    hw_machine_type: t.string,
    ssh_key: t.string,
    is_baremetal: t.boolean,
    description: t.string,
    display_order: t.number,
    gpu_driver: t.string,
    gpu_driver_type: t.string,
    gpu_driver_version: t.string,
    cuda_toolkit_version: t.string,
    task_id: t.string,
    creator_task_id: t.string,
    project_id: Id,
    region_id: Id,
    region: t.string,
    created_at: t.string,
    updated_at: t.string,
    tags_v2: Tags,
    tags: Tags,
    metadata_detailed: t.array(Tag),
    currency_code: t.string,
    price_per_hour: t.number,
    price_per_month: t.number,
    price_status: t.string,
  },
)
export type Image = t.TypeOf<typeof Image>

/** `count` is the total over all pages. */
export const ImageList = wireObject('ImageList', { results: t.array(Image) }, { count: t.number })

const Coordinate = numberOrText

/** Coordinates are texts, in one published example numbers. Source: RegionSerializer. */
export const Region = wireObject(
  'Region',
  { id: Id },
  {
    display_name: t.string,
    slug: t.string,
    state: t.string,
    country: t.string,
    has_kvm: t.boolean,
    has_baremetal: t.boolean,
    has_ai: t.boolean,
    has_ai_gpu: t.boolean,
    coordinates: wireObject('Coordinates', {}, { latitude: Coordinate, longitude: Coordinate }),
  },
)
export type Region = t.TypeOf<typeof Region>
export const RegionList = wireObject('RegionList', { results: t.array(Region) }, { count: t.number })

/** The ids of the tasks that carry a request out. Source: TaskIDsSerializer. */
export const TaskIds = wireObject('TaskIds', {}, { tasks: t.array(t.string) })
/** What follows an import: the tasks, or nothing where the server only says "accepted". */
export const AcceptedTasks = t.union([TaskIds, t.undefined], 'AcceptedTasks')

/** Source: TaskSerializer. `data` is whatever the request was. */
export const Task = wireObject(
  'Task',
  { state: t.string },
  {
    id: t.string,
    task_type: t.string,
    error: t.string,
    created_on: t.string,
    finished_on: t.string,
    project_id: Id,
    region_id: Id,
    created_resources: wireObject('CreatedResources', {}, { images: t.array(t.string) }),
    data: t.unknown,
  },
)
export type Task = t.TypeOf<typeof Task>
export const TaskList = wireObject('TaskList', { results: t.array(Task) }, { count: t.number })
export type TaskPage = t.TypeOf<typeof TaskList>

/** What the `data` of an image's task may hold. */
export const TaskData = wireObject(
  'TaskData',
  {},
  { name: t.string, url: t.string, volume_id: t.string, image_id: t.string, tags: t.unknown },
)

/** A project, and the envelope of their list. Source: ProjectSerializer. */
export const Project = wireObject(
  'Project',
  { id: Id },
  { name: t.string, state: t.string, is_default: t.boolean, deleted_at: t.string },
)
export type Project = t.TypeOf<typeof Project>
export const ProjectList = wireObject('ProjectList', { results: t.array(Project) }, { count: t.number })

/** The client that the API key belongs to. Source: fact sheet §7. */
export const Client = wireObject('Client', { id: Id }, {})

/** The image quota of a region among 103 numbers, sizes in bytes. Source: RegionalQuotasSerializer. */
export const RegionalQuota = wireObject(
  'RegionalQuota',
  {},
  {
    image_count_limit: t.number,
    image_count_usage: t.number,
    image_size_limit: t.number,
    image_size_usage: t.number,
  },
)
export type RegionalQuota = t.TypeOf<typeof RegionalQuota>

/** The one part of an error's body that has a structure; its texts are read one by one. Source: fact sheet §5. */
export const ErrorBody = wireObject('ErrorBody', {}, { invalid_fields: t.record(t.string, t.unknown) })

/** An answer of which nothing is needed: bodies that repeat the request, or hold a part of the image. */
export const Nothing = t.unknown
