import { Ajv, type ValidateFunction } from 'ajv'
import { Ajv2020 } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import type { Corrections } from './corrections.ts'
import { at } from './json-pointer.ts'

/** Holds a value against the schema at a pointer, and tells what is wrong with it: one line for each thing, which begins with `what`. */
type Check = (pointer: string, value: unknown, what: string) => readonly string[]

/** Checks by the schemas of one specification. */
export interface SchemaCheck {
  /** Of JSON. */
  readonly json: Check
  /** Of texts as parameters and headers have them: `5` is a number as well, and one text a list. */
  readonly text: Check
}

/** Checks by the schemas of a specification in OpenAPI 3.0 or 3.1 that is corrected already. */
export const schemaCheck = (specification: unknown, corrections: Pick<Corrections, 'formats'>): SchemaCheck => {
  const id = 'specification'
  const Validator = String(at(specification, '/openapi')).startsWith('3.0') ? Ajv : Ajv2020

  const checkBy = (coerceTypes: 'array' | false): Check => {
    const ajv = new Validator({ strict: false, allErrors: true, coerceTypes, validateSchema: false })
    formats.default(ajv)
    for (const [name, { pattern }] of Object.entries(corrections.formats ?? {}))
      ajv.addFormat(name, new RegExp(pattern))
    ajv.addSchema(Object(specification), id)

    const validators = new Map<string, ValidateFunction>()
    const validator = (pointer: string): ValidateFunction => {
      const known = validators.get(pointer) ?? ajv.compile({ $ref: `${id}#${encodeURI(pointer)}` })
      validators.set(pointer, known)
      return known
    }

    return (pointer, value, what) => {
      const validate = validator(pointer)
      if (validate(value)) return []
      return (validate.errors ?? []).map(
        ({ instancePath, message, params }) => `${what}${instancePath} ${message} ${JSON.stringify(params)}`,
      )
    }
  }

  return { json: checkBy(false), text: checkBy('array') }
}
