import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { ImageStoreError } from '../../src/model/error.ts'
import type { FieldReasons } from '../../src/store/field-reasons.ts'
import { allowLosses, lossOf, tagLosses } from '../../src/store/losses.ts'
import type { Loss } from '../../src/store/operation.ts'
import { checkCaptureShape, unknownCaptureFields } from '../../src/store/request-shapes.ts'
import type { CaptureSpec } from '../../src/store/requests.ts'
import { firmwareReasons, machineTypeWord, regionReasons, wordReasons, words } from './field-rules.ts'
import { firmwareOf, fitName } from './import-body.ts'
import { reasonsAgainstKey, reasonsAgainstKeyTag } from './key-tag.ts'
import { optional } from './optional-field.ts'
import { encodeTags } from './tags.ts'

/** The body that makes an image of a volume. Source: ImageCreateFromVolumeSerializer. */
export interface CaptureBody {
  readonly name: string
  readonly volume_id: string
  readonly source: 'volume'
  readonly architecture?: string
  readonly os_type?: string
  readonly ssh_key?: string
  readonly is_baremetal?: boolean
  readonly hw_firmware_type?: string
  readonly hw_machine_type?: string
  readonly tags?: Readonly<Record<string, string>>
}

/** The form of a volume's id; that it is of version 4 is the provider's to check. Source: the same. */
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

const sourceReasons = (source: unknown): FieldReasons =>
  typeof source === 'string' && uuid.test(source)
    ? {}
    : { source: `${JSON.stringify(source)} is not the id of a Gcore volume: that is a UUID` }

const familyOf = (family: string | undefined): { readonly word?: string; readonly losses: readonly Loss[] } => {
  const known: readonly string[] = words.osFamily
  if (family === undefined) return { losses: [] }
  return known.includes(family)
    ? { word: family, losses: [] }
    : { losses: [lossOf('osFamily', family, `Gcore knows linux and windows, and takes ${family} for linux`, 'linux')] }
}

type CapturePlan = { readonly body: CaptureBody; readonly losses: readonly Loss[] }

const planOf = (spec: CaptureSpec): E.Either<ImageStoreError, CapturePlan> => {
  const machineType = machineTypeWord(spec.machineType)
  const name = fitName(spec)
  const reasons = {
    ...name.reasons,
    ...sourceReasons(spec.source),
    ...wordReasons({ ...spec, osFamily: undefined, machineType }),
    ...(spec.region === undefined
      ? { region: 'A volume of Gcore is found in its region only: name it' }
      : regionReasons(spec.region)),
    ...firmwareReasons(spec),
    ...reasonsAgainstKey(spec.key),
    ...reasonsAgainstKeyTag(spec.tags),
    ...unknownCaptureFields(spec),
  }
  const tags = encodeTags(spec.tags ?? [])
  const family = familyOf(spec.osFamily)
  return pipe(
    allowLosses(spec, reasons)([...name.losses, ...tagLosses(tags.losses), ...family.losses]),
    E.map((losses) => ({
      losses,
      body: {
        name: name.name,
        volume_id: spec.source,
        source: 'volume',
        ...optional('architecture', spec.architecture),
        ...optional('os_type', family.word),
        ...optional('ssh_key', spec.sshKeyPolicy),
        ...optional('is_baremetal', spec.bareMetal),
        ...optional('hw_firmware_type', firmwareOf(spec)),
        ...optional('hw_machine_type', machineType),
        ...optional('tags', Object.keys(tags.map).length === 0 ? undefined : tags.map),
      },
    })),
  )
}

/** The body of a capture and what is lost on the way. Fails with `invalid-argument` for what can never be. */
export const toCapture = (spec: CaptureSpec): E.Either<ImageStoreError, CapturePlan> =>
  pipe(checkCaptureShape(spec), E.flatMap(planOf))
