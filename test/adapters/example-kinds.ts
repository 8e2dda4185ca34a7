import * as t from 'io-ts'
import * as DigitalOcean from '../../adapters/digitalocean/wire.ts'
import * as Gcore from '../../adapters/gcore/wire.ts'

/** What an example is: a payload for a codec of the adapter, or a file that no codec reads, and why. */
export type ExampleKind = { readonly codec: t.Mixed } | { readonly exempt: string }

const read = (codec: t.Mixed): ExampleKind => ({ codec })
const exempt = (reason: string): ExampleKind => ({ exempt: reason })

const request = exempt('a request, no answer')
const columns = exempt('some columns of a live list, no payload')

/** The errors of the specification in one file, each under its name with its status. */
const errorsByName = exempt('errors by name: read one by one')

/** `/v2/droplets/{id}/backups` lists images under another name. */
const Backups = t.type({ backups: t.array(DigitalOcean.Image) }, 'Backups')

/** The examples of DigitalOcean, by the beginning of their file's name; the first that fits is taken. */
export const digitalOceanExamples: readonly (readonly [RegExp, ExampleKind])[] = [
  [/\.request\.json$/, request],
  [/\.(slugs|columns)\.json$/, columns],
  [/^spec\.ratelimit-headers\.json$/, exempt('headers, no payload')],
  [/^(spec|real)\.errors\.json$/, errorsByName],
  [/^real\.import-error-messages\.json$/, exempt('texts of failed imports: read one by one')],
  [/^spec\.image\.nested\.base\.json$/, read(DigitalOcean.Image)],
  [/^spec\.droplet\.backups\.list\.json$/, read(Backups)],
  [/^spec\.droplet\.snapshots\.list\.json$/, read(DigitalOcean.SnapshotList)],
  [/^[a-z]+\.images\.list\./, read(DigitalOcean.ImageList)],
  [/^[a-z]+\.image\.(create|get|update|custom)\./, read(DigitalOcean.ImageAnswer)],
  [/^[a-z]+\.image-actions\.list\./, read(DigitalOcean.ActionList)],
  [/^[a-z]+\.(image|snapshot)-action\./, read(DigitalOcean.ActionAnswer)],
  [/^[a-z]+\.snapshots\.list\./, read(DigitalOcean.SnapshotList)],
  [/^[a-z]+\.snapshot\.get\./, read(DigitalOcean.SnapshotAnswer)],
  [/^[a-z]+\.regions\.list\./, read(DigitalOcean.RegionList)],
  [/^[a-z]+\.tags\.list\./, read(DigitalOcean.TagList)],
  [/^[a-z]+\.tag\.(get|create)\./, read(DigitalOcean.TagAnswer)],
]

/** The examples of Gcore, likewise. */
export const gcoreExamples: readonly (readonly [RegExp, ExampleKind])[] = [
  [/\.request\.json$/, request],
  [/^(docs\.quota\.regional|synth\.regional-quotas)\./, read(Gcore.RegionalQuota)],
  [/^synth\.image-price\.response\.json$/, exempt('prices, which the adapter does not ask for')],
  [/^docs\.tags\.response\.json$/, exempt('the tags of an instance: its tags are read one by one')],
  [/^[a-z]+\.error\./, read(Gcore.ErrorBody)],
  [/^synth\.(image|gpu-image)-list\.json$/, read(Gcore.ImageList)],
  [/^docs\.image\.delete\.response\.json$/, read(Gcore.TaskIds)],
  [/^docs\.downloadimage\.response\.json$/, read(Gcore.TaskIds)],
  [/^synth\.tasks\.response\.json$/, read(Gcore.TaskIds)],
  [/^(docs|synth)\.(image|bmimage|gpu-image)\./, read(Gcore.Image)],
  [/^[a-z]+\.task\./, read(Gcore.Task)],
  [/^(docs|synth)\.regions\./, read(Gcore.RegionList)],
  [/^(docs|synth)\.region\./, read(Gcore.Region)],
  [/^docs\.projects\.json$/, read(Gcore.ProjectList)],
  [/^synth\.project\.json$/, read(Gcore.Project)],
]

/** What a file is, by its name. */
export const kindOf = (kinds: readonly (readonly [RegExp, ExampleKind])[], file: string): ExampleKind | undefined =>
  kinds.find(([name]) => name.test(file))?.[1]
