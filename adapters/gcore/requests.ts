import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { ImageStoreError } from '../../src/model/error.ts'
import { showTagLoss, type Tag } from '../../src/model/tag.ts'
import { allowLosses, lossOf, tagLosses } from '../../src/store/losses.ts'
import type { Loss } from '../../src/store/operation.ts'
import { reasonAgainstKey } from '../../src/store/operation-key.ts'
import type { ImagePatch, ImportSpec } from '../../src/store/requests.ts'
import { checkSourceUrl } from '../../src/store/source-url.ts'
import { capabilities } from './capabilities.ts'
import { numericId } from './ids.ts'
import { encodeTag, encodeTags, type TagPair } from './tags.ts'

/** The body of an import. Source: ImageDownloadSerializer. */
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

const namePattern = new RegExp(capabilities.names.pattern ?? '')

/** The words that a request may hold. They are closed there, though a read carries any. Source: the enums of the spec. */
const words = {
  architecture: ['x86_64', 'aarch64'],
  firmware: ['bios', 'uefi'],
  machineType: ['i440', 'q35'],
  sshKeyPolicy: ['allow', 'deny', 'required'],
  osFamily: ['linux', 'windows'],
} as const

/** `pc` is the older word for the older chipset: it is accepted and written as the present one. */
const machineTypeWord = (machineType: string | undefined): string | undefined =>
  machineType === 'pc' ? 'i440' : machineType

const invalid = (fields: Readonly<Record<string, string>>, hint?: string): ImageStoreError =>
  new ImageStoreError('invalid-argument', Object.values(fields).join('; '), { fields, hint })

const nameReason = (name: string | undefined): Readonly<Record<string, string>> =>
  name === undefined || namePattern.test(name)
    ? {}
    : { name: `Gcore does not take the name ${JSON.stringify(name)}: a name has ${capabilities.names.rule}` }

type Words = { readonly [Field in keyof typeof words]?: string | undefined }

const wordReasons = (given: Words): Readonly<Record<string, string>> =>
  Object.fromEntries(
    (Object.keys(words) as (keyof typeof words)[]).flatMap((field) => {
      const word = given[field]
      const known: readonly string[] = words[field]
      return word === undefined || known.includes(word)
        ? []
        : [[field, `Gcore takes ${known.join(', ')} for ${field}, not ${JSON.stringify(word)}`]]
    }),
  )

const pickWords = ({ architecture, firmware, sshKeyPolicy }: Words): Words => ({ architecture, firmware, sshKeyPolicy })

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

interface FittedName {
  readonly name: string
  readonly losses: readonly Loss[]
  readonly reasons: Readonly<Record<string, string>>
}

/** The name as it can be had: as it is, or where losses are accepted the nearest one. */
const fitName = ({ name, onLoss }: ImportSpec): FittedName => {
  const reasons = nameReason(name)
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

/** A field of a body, left out where there is nothing to say. */
const optional = <Key extends string, A>(key: Key, value: A | undefined): { readonly [K in Key]?: A } =>
  value === undefined ? {} : ({ [key]: value } as { readonly [K in Key]: A })

/** The body of an import and what is lost on the way. Fails with `invalid-argument` for what can never be. */
export const toImport = (
  spec: ImportSpec,
): E.Either<ImageStoreError, { readonly body: ImportBody; readonly losses: readonly Loss[] }> => {
  const machineType = machineTypeWord(spec.machineType)
  const name = fitName(spec)
  const reasons = {
    ...name.reasons,
    ...wordReasons({ ...pickWords(spec), machineType }),
    ...(numericId.test(spec.region) ? {} : { region: `"${spec.region}" is not the id of a Gcore region, such as 76` }),
    // Source: fact sheet §3.6. A server of this kind cannot boot anything else.
    ...(spec.bareMetal === true && spec.firmware === 'bios'
      ? { firmware: 'Bare-metal servers of Gcore boot by UEFI only' }
      : {}),
    ...reasonAgainstKey(capabilities, spec.key),
  }
  if (Object.keys(reasons).length > 0) return E.left(invalid(reasons))
  const tags = encodeTags(spec.tags ?? [])
  const family = osFamilyOf(spec.os?.family)
  const description = spec.description?.trim() ?? ''
  return pipe(
    checkSourceUrl(spec.url),
    E.flatMap(() =>
      allowLosses(spec)([
        ...name.losses,
        ...tagLosses(tags.losses),
        ...family.losses,
        ...(description === '' ? [] : [lossOf('description', description, 'Gcore keeps no description of an import')]),
      ]),
    ),
    E.map((losses) => ({
      losses,
      body: {
        name: name.name,
        url: spec.url,
        ...optional('os_type', family.word),
        ...optional('os_distro', spec.os?.distribution),
        ...optional('os_version', spec.os?.version),
        ...optional('architecture', spec.architecture),
        ...optional('hw_firmware_type', spec.firmware),
        ...optional('hw_machine_type', machineType),
        ...optional('is_baremetal', spec.bareMetal),
        ...optional('ssh_key', spec.sshKeyPolicy),
        ...optional('cow_format', spec.copyOnWrite),
        ...optional('tags', Object.keys(tags.map).length === 0 ? undefined : tags.map),
      },
    })),
  )
}

/** The body of an update, all but its tags. Source: UpdateImageSerializer. */
export interface UpdateBody {
  readonly name?: string
  readonly os_type?: string
  readonly ssh_key?: string
  readonly hw_firmware_type?: string
  readonly hw_machine_type?: string
  readonly is_baremetal?: boolean
}

/** What an update comes to: fields to set, and tags to put and to drop as Gcore holds them. */
export interface UpdatePlan {
  readonly body: UpdateBody
  readonly put: Readonly<Record<string, string>>
  readonly drop: readonly TagPair[]
}

const putTags = (tags: readonly Tag[] = []): E.Either<ImageStoreError, Readonly<Record<string, string>>> => {
  const { map, losses } = encodeTags(tags)
  return losses.length === 0 ? E.right(map) : E.left(invalid({ tags: losses.map(showTagLoss).join('; ') }))
}

const reasonsAgainstPatch = (patch: ImagePatch): Readonly<Record<string, string>> => {
  const given = Object.entries(patch).flatMap(([field, value]) => (value === undefined ? [] : [field]))
  const changeable: readonly string[] = capabilities.update.fields
  return {
    ...Object.fromEntries(
      given.flatMap((field) =>
        changeable.includes(field) ? [] : [[field, `Gcore cannot change ${field} of an image`]],
      ),
    ),
    ...nameReason(patch.name),
    ...wordReasons({
      ...pickWords(patch),
      machineType: machineTypeWord(patch.machineType),
      osFamily: patch.osFamily,
    }),
    ...(given.length === 0 ? { patch: 'There is nothing to change' } : {}),
  }
}

/** What an update comes to. Fails with `invalid-argument` naming every field that cannot be changed or held. */
export const toUpdate = (patch: ImagePatch): E.Either<ImageStoreError, UpdatePlan> => {
  const reasons = reasonsAgainstPatch(patch)
  if (Object.keys(reasons).length > 0) return E.left(invalid(reasons))
  // A tag that Gcore cannot hold is not there, so there is nothing to drop.
  const drop = (patch.tags?.drop ?? []).flatMap((tag) => {
    const pair = encodeTag(tag)
    return E.isRight(pair) ? [pair.right] : []
  })
  return pipe(
    putTags(patch.tags?.put),
    E.filterOrElse(
      (put) => !drop.some(({ key, value }) => Object.hasOwn(put, key) && put[key] === value),
      () => invalid({ tags: 'The same tag is to be put and to be dropped' }),
    ),
    E.map((put) => ({
      put,
      drop,
      body: {
        ...optional('name', patch.name),
        ...optional('os_type', patch.osFamily),
        ...optional('ssh_key', patch.sshKeyPolicy),
        ...optional('hw_firmware_type', patch.firmware),
        ...optional('hw_machine_type', machineTypeWord(patch.machineType)),
        ...optional('is_baremetal', patch.bareMetal),
      },
    })),
  )
}
