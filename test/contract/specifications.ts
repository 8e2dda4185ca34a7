import { existsSync, readFileSync } from 'node:fs'
import { isAbsolute, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sharedMaterial } from '../shared-material.ts'
import type { Corrections, KnownMismatches } from './corrections.ts'

const projectRoot = fileURLToPath(new URL('../..', import.meta.url))
const setting = process.env['IMAGEFERRY_SPECS']
const folder =
  setting === undefined ? sharedMaterial('specs') : isAbsolute(setting) ? setting : resolve(projectRoot, setting)

const pathOf = (provider: string): string => join(folder, `${provider}-images.openapi.json`)

/** The providers whose specifications are looked for: in the folder that IMAGEFERRY_SPECS names, else in `../shared/specs`. */
export const specified = ['digitalocean', 'gcore'] as const

/** Whether the cases that need the specifications run: they do in CI in any case, so that their absence fails them there. */
export const needsSpecifications =
  specified.every((provider) => existsSync(pathOf(provider))) || process.env['CI'] === 'true'

if (!needsSpecifications)
  process.stderr.write(`${folder} has no specifications: the cases that hold the emulators against them are left out\n`)

/** A provider's specification, as it is published. */
export const readSpecification = (provider: string): unknown => JSON.parse(readFileSync(pathOf(provider), 'utf8'))

/** What is known to be wrong with it. */
export const readCorrections = (provider: string): Corrections =>
  JSON.parse(readFileSync(new URL(`corrections/${provider}.json`, import.meta.url), 'utf8'))

/** Where the mismatches of DigitalOcean's specification lie that are known beside the project. */
const mismatches = join(folder, 'digitalocean-images.corrections.json')

/** Whether they are there. */
export const hasMismatches = existsSync(mismatches)

/** Those mismatches. */
export const readMismatches = (): KnownMismatches => JSON.parse(readFileSync(mismatches, 'utf8'))
