import type { Firmware } from '../../model/image.ts'
import type { Capabilities } from '../../store/capabilities.ts'
import type { Conclusions } from '../guest/disk-facts.ts'
import type { IntendedImport } from './finding.ts'
import { toSet } from './remedy.ts'
import { inferred, type Rule, sourceOf, targetWithin } from './rule.ts'
import { shown, shownList } from './shown.ts'

const starts: Readonly<Record<NonNullable<Conclusions['firmware']>['value'], readonly Firmware[]>> = {
  uefi: ['uefi'],
  bios: ['bios'],
  both: ['uefi', 'bios'],
  none: [],
}

/** The firmwares of the servers that are meant; absent where any may be had, or none is known. */
const offered = (
  { import: { guest } }: Capabilities,
  { bareMetal }: IntendedImport,
): readonly Firmware[] | undefined => (bareMetal === true ? guest?.firmware?.bareMetal : guest?.firmware?.virtual)

/** The firmware that a server made from the image will have; absent where that is not known. */
export const comingFirmware = (capabilities: Capabilities, intended: IntendedImport): Firmware | undefined => {
  const { fields, defaults } = capabilities.import
  const [only, ...others] = offered(capabilities, intended) ?? []
  const told = fields.includes('firmware') ? intended.firmware : undefined
  return told ?? (others.length === 0 ? only : undefined) ?? defaults?.firmware
}

const nameOf = (firmware: string): string => shown(firmware).toUpperCase()

const bootsBy = (conclusion: NonNullable<Conclusions['firmware']>): string =>
  `the disk starts by ${starts[conclusion.value].map(nameOf).join(' and ')} only: ${shownList(conclusion.evidence)}`

const firmwareOffer: Rule = ({ conclusions: { firmware } }, capabilities, intended) => {
  const possible = offered(capabilities, intended)
  if (possible === undefined) return []
  const servers = intended.bareMetal === true ? 'Bare-metal servers' : 'Servers'
  const base = {
    code: 'firmware',
    message: `${servers} of ${targetWithin(intended)} start by ${possible.map(nameOf).join(' or ')} only`,
    source: sourceOf(capabilities, 'firmware'),
  } as const
  if (intended.firmware !== undefined && !possible.includes(intended.firmware)) {
    return [{ ...base, severity: 'blocks', evidence: `The import asks for ${nameOf(intended.firmware)}` }]
  }
  if (firmware === undefined) {
    return [{ ...base, severity: 'unknown', evidence: 'By which firmware the disk can start could not be seen' }]
  }
  return firmware.value === 'none' || starts[firmware.value].some((one) => possible.includes(one))
    ? []
    : [{ ...base, severity: 'blocks', evidence: bootsBy(firmware) }]
}

const firmwareChoice: Rule = (facts, capabilities, intended) => {
  const { firmware } = facts.conclusions
  if (firmware === undefined || firmware.value === 'none' || firmwareOffer(facts, capabilities, intended).length > 0) {
    return []
  }
  const [needed, ...others] = starts[firmware.value]
  const coming = comingFirmware(capabilities, intended)
  // Where no firmware is known to come, a BIOS is what servers have had ever since.
  if (needed === undefined || others.length > 0 || needed === (coming ?? 'bios')) return []
  const canBeSet = capabilities.import.fields.includes('firmware')
  return [
    {
      code: 'firmware',
      severity: coming === undefined ? 'unknown' : 'likely-fails',
      message:
        coming === undefined
          ? `The image starts by ${nameOf(needed)} only, and no source says whether servers of ${targetWithin(intended)} do`
          : `The image starts by ${nameOf(needed)} only, and a server made from it would have ${nameOf(coming)}`,
      evidence: bootsBy(firmware),
      ...(canBeSet ? { remedy: toSet('firmware', needed) } : {}),
      // That a disk without a loader for the firmware that was asked for does not start follows from the disk.
      source: intended.firmware === undefined ? sourceOf(capabilities, 'defaultFirmware') : inferred,
    },
  ]
}

/** What there is to say of the firmware that servers made from the image have. */
export const firmwareRules: readonly Rule[] = [firmwareOffer, firmwareChoice]
