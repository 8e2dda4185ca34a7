import type { FieldReasons } from '../../src/store/field-reasons.ts'
import { capabilities } from './capabilities.ts'
import { numericId } from './ids.ts'

/** The names that a request may hold. */
export const namePattern = new RegExp(capabilities.names.pattern ?? '')

/** The words that a request may hold. They are closed there, though a read carries any. Source: the enums of the spec. */
export const words = {
  architecture: ['x86_64', 'aarch64'],
  firmware: ['bios', 'uefi'],
  machineType: ['i440', 'q35'],
  sshKeyPolicy: ['allow', 'deny', 'required'],
  osFamily: ['linux', 'windows'],
} as const

/** `pc` is the older word for the older chipset: it is accepted and written as the present one. */
export const machineTypeWord = (machineType: string | undefined): string | undefined =>
  machineType === 'pc' ? 'i440' : machineType

/** Why a name cannot be taken. */
export const nameReasons = (name: string | undefined): FieldReasons =>
  name === undefined || namePattern.test(name)
    ? {}
    : { name: `Gcore does not take the name ${JSON.stringify(name)}: a name has ${capabilities.names.rule}` }

/** The fields of a request that hold one of a few words. */
export type Words = { readonly [Field in keyof typeof words]?: string | undefined }

/** Why words cannot be taken. Fields that hold none of these words are passed over. */
export const wordReasons = (given: Words): FieldReasons =>
  Object.fromEntries(
    (Object.keys(words) as (keyof typeof words)[]).flatMap((field) => {
      const word = given[field]
      const known: readonly string[] = words[field]
      return word === undefined || known.includes(word)
        ? []
        : [[field, `Gcore takes ${known.join(', ')} for ${field}, not ${JSON.stringify(word)}`]]
    }),
  )

/** Why a firmware cannot be taken: servers of bare metal, with graphics processors or without, boot by UEFI only (fact sheet §3.6). */
export const firmwareReasons = (given: {
  readonly bareMetal?: boolean | undefined
  readonly firmware?: string | undefined
}): FieldReasons =>
  given.bareMetal === true && given.firmware === 'bios'
    ? { firmware: 'Bare-metal servers of Gcore boot by UEFI only' }
    : {}

/** Whether something can name a project or a region: a text that is not blank, or from plain JavaScript an id as a number. */
export const isIdOrName = (given: unknown): boolean =>
  typeof given === 'string' ? given.trim() !== '' : typeof given === 'number' && numericId.test(String(given))

/** Why something can name no region, neither by its id nor by its name. */
export const regionReasons = (region: unknown): FieldReasons =>
  isIdOrName(region)
    ? {}
    : { region: `${JSON.stringify(region)} is neither the id of a Gcore region, such as 76, nor its name` }
