import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { ImageStoreError } from '../../src/model/error.ts'
import { distributionFamily, distributionName } from '../../src/model/operating-system.ts'
import type { FieldReasons } from '../../src/store/field-reasons.ts'
import { reasonsAgainstImport } from '../../src/store/import-reasons.ts'
import { allowLosses, lossOf, tagLosses } from '../../src/store/losses.ts'
import type { Loss } from '../../src/store/operation.ts'
import { checkImportShape } from '../../src/store/request-shapes.ts'
import type { ImportSpec } from '../../src/store/requests.ts'
import { capabilities } from './capabilities.ts'
import {
  firmwareReasons,
  machineTypeWord,
  namePattern,
  nameReasons,
  regionReasons,
  wordReasons,
  words,
} from './field-rules.ts'
import { reasonsAgainstKey, reasonsAgainstKeyTag } from './key-tag.ts'
import type { GpuNamespace, Place } from './namespaces.ts'
import { optional } from './optional-field.ts'
import { encodeTags } from './tags.ts'

/** The body of an import. Source: ImageDownloadSerializer; for GPU images UploadVirtualGpuImageSerializer and its bare-metal twin. */
export interface ImportBody {
  readonly name: string
  readonly url: string
  readonly os_type?: string
  readonly os_distro?: string
  readonly os_version?: string
  readonly architecture?: string
  readonly hw_firmware_type?: string
  readonly hw_machine_type?: string
  readonly is_baremetal?: boolean
  readonly ssh_key?: string
  readonly cow_format?: boolean
  readonly tags?: Readonly<Record<string, string>>
}

const longestName = 63

/** A name that Gcore takes, as near to the wanted one as can be; absent where nothing of it is left. */
const fittingName = (name: string): string | undefined => {
  const fitted = name
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .replace(/[^a-zA-Z0-9 ._-]+/g, '-')
    .replace(/^[^a-zA-Z0-9]+/, '')
    .slice(0, longestName)
    .replace(/[ -]+$/, '')
  return namePattern.test(fitted) ? fitted : undefined
}

/** A name, and what is lost of the wanted one or why there is none. */
export interface FittedName {
  readonly name: string
  readonly losses: readonly Loss[]
  readonly reasons: FieldReasons
}

/** The name as it can be had: as it is, or where losses are accepted the nearest one. */
export const fitName = ({ name, onLoss }: Pick<ImportSpec, 'name' | 'onLoss'>): FittedName => {
  const reasons = nameReasons(name)
  const nearest = onLoss === 'accept' ? fittingName(name) : undefined
  return reasons['name'] === undefined || nearest === undefined
    ? { name, losses: [], reasons }
    : { name: nearest, losses: [lossOf('name', name, reasons['name'], nearest)], reasons: {} }
}

const osFamilyOf = (family: string | undefined): { readonly word?: string; readonly losses: readonly Loss[] } => {
  if (family === undefined) return { losses: [] }
  const known: readonly string[] = words.osFamily
  return known.includes(family)
    ? { word: family, losses: [] }
    : { losses: [lossOf('os', family, `Gcore knows linux and windows, and takes ${family} for linux`, 'linux')] }
}

/** The family that a distribution implies, where it is not linux, which Gcore takes an image for unless told. */
const impliedFamily = ({ os }: ImportSpec): string | undefined => {
  const family = distributionFamily(distributionName(os?.distribution))
  return family === 'linux' ? undefined : family
}

/** The namespace that the image of an import belongs to; absent for all images but GPU images. */
const namespaceOf = ({ gpu, bareMetal }: ImportSpec): GpuNamespace | undefined => {
  if (gpu !== true) return undefined
  return bareMetal === true ? 'gpu-bare-metal' : 'gpu-virtual'
}

/** The firmware to be asked for: nothing but UEFI boots on bare metal, so that it is said where the caller says nothing. */
export const firmwareOf = ({ firmware, bareMetal }: Pick<ImportSpec, 'firmware' | 'bareMetal'>): string | undefined =>
  firmware ?? (bareMetal === true ? 'uefi' : undefined)

/** What an upload of a GPU image has no field for: it takes the same fields as another import, but for two. */
const gpuLosses = ({ gpu, machineType }: ImportSpec): readonly Loss[] =>
  gpu === true && machineType !== undefined
    ? [lossOf('machineType', machineType, 'Gcore keeps no machine type of a GPU image')]
    : []

/** An import as Gcore takes it. */
export interface ImportPlan {
  /** Where the image comes to be. */
  readonly place: Place
  readonly body: ImportBody
  readonly losses: readonly Loss[]
}

const planOf = (spec: ImportSpec): E.Either<ImageStoreError, ImportPlan> => {
  const machineType = machineTypeWord(spec.machineType)
  const namespace = namespaceOf(spec)
  const name = fitName(spec)
  const reasons = {
    ...name.reasons,
    ...wordReasons({ ...spec, osFamily: undefined, machineType }),
    ...regionReasons(spec.region),
    ...firmwareReasons(spec),
    ...reasonsAgainstKey(spec.key),
    ...reasonsAgainstKeyTag(spec.tags),
    ...reasonsAgainstImport(spec, capabilities, 'Gcore'),
  }
  const tags = encodeTags(spec.tags ?? [])
  const family = osFamilyOf(spec.os?.family ?? impliedFamily(spec))
  const description = spec.description?.trim() ?? ''
  return pipe(
    allowLosses(
      spec,
      reasons,
    )([
      ...name.losses,
      ...tagLosses(tags.losses),
      ...family.losses,
      ...gpuLosses(spec),
      ...(description === '' ? [] : [lossOf('description', description, 'Gcore keeps no description of an import')]),
    ]),
    E.map((losses) => ({
      place: { region: spec.region, namespace },
      losses,
      body: {
        name: name.name,
        url: spec.url,
        ...optional('os_type', family.word),
        ...optional('os_distro', spec.os?.distribution),
        ...optional('os_version', spec.os?.version),
        ...optional('architecture', spec.architecture),
        ...optional('hw_firmware_type', firmwareOf(spec)),
        ...optional('hw_machine_type', namespace === undefined ? machineType : undefined),
        ...optional('is_baremetal', namespace === undefined ? spec.bareMetal : undefined),
        ...optional('ssh_key', spec.sshKeyPolicy),
        ...optional('cow_format', spec.copyOnWrite),
        ...optional('tags', Object.keys(tags.map).length === 0 ? undefined : tags.map),
      },
    })),
  )
}

/** The body of an import and what is lost on the way. Fails with `invalid-argument` for what can never be. */
export const toImport = (spec: ImportSpec): E.Either<ImageStoreError, ImportPlan> =>
  pipe(checkImportShape(spec), E.flatMap(planOf))
