import type { CaptureField, ImportField } from './requests.ts'

/** All fields that describe an image to be imported; one that is missing here does not compile. */
export const importFields = Object.keys({
  description: true,
  tags: true,
  os: true,
  architecture: true,
  firmware: true,
  machineType: true,
  sshKeyPolicy: true,
  bareMetal: true,
  gpu: true,
  copyOnWrite: true,
} satisfies Record<ImportField, true>) as readonly ImportField[]

/** The same of a capture. */
export const captureFields = Object.keys({
  tags: true,
  osFamily: true,
  architecture: true,
  firmware: true,
  machineType: true,
  sshKeyPolicy: true,
  bareMetal: true,
} satisfies Record<CaptureField, true>) as readonly CaptureField[]

/** Whether a describing field asks for anything: `false`, a blank text and an empty list do not. */
export const asksForSomething = (value: unknown): boolean =>
  typeof value === 'string'
    ? value.trim() !== ''
    : value !== undefined && value !== false && !(Array.isArray(value) && value.length === 0)
