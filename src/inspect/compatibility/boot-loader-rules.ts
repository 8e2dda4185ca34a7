import { isFallbackLoader } from '../guest/firmware.ts'
import { unreadForBooting } from '../guest/read-whole.ts'
import { comingFirmware } from './firmware-rules.ts'
import { inferred, type Rule } from './rule.ts'
import { shown, shownList } from './shown.ts'

/** What firmware looks for in EFI/BOOT. */
const fallbackNames: ReadonlyMap<string | undefined, string> = new Map([
  [undefined, 'BOOTX64.EFI (BOOTAA64.EFI for aarch64)'],
  ['x86_64', 'BOOTX64.EFI'],
  ['aarch64', 'BOOTAA64.EFI'],
])

/** Whether firmware of that processor, where it is known, starts it without knowing it. */
const isStartedBy =
  (architecture: string | undefined) =>
  (path: string): boolean => {
    const name = architecture === undefined ? undefined : fallbackNames.get(architecture)
    return isFallbackLoader(path) && (name === undefined || path.toUpperCase().endsWith(`/${name}`))
  }

// Beside these lie others that are started by them, or by nobody.
const firstStarted: readonly RegExp[] = [/\/shim\w*\.efi$/i, /\/grub\w*\.efi$/i]

const startedFirst = (loaders: readonly string[]): string | undefined =>
  firstStarted.flatMap((name) => loaders.filter((path) => name.test(path)))[0] ?? loaders[0]

const toCopy = (loader: string, architecture: string | undefined): string => {
  const name = fallbackNames.get(architecture)
  return name === undefined
    ? 'Copy a boot loader into EFI/BOOT, by the name that firmware looks for'
    : `Copy ${shown(loader)}, and what it loads from beside it, into EFI/BOOT, itself as ${name}`
}

/** A vendor's loader is started by an entry in the firmware's memory, which stays behind where the image was made. */
const unregisteredLoader: Rule = ({ disk, conclusions }, capabilities, intended) => {
  const { firmware, architecture } = conclusions
  const first = startedFirst(disk?.bootLoaders ?? [])
  if (disk === undefined || first === undefined || disk.bootLoaders.some(isStartedBy(architecture?.value))) return []
  const comesByUefi = firmware?.value === 'uefi' || comingFirmware(capabilities, intended) === 'uefi'
  if (!comesByUefi || firmware?.value === 'bios' || unreadForBooting(disk).length > 0) return []
  return [
    {
      code: 'not-bootable',
      severity: 'likely-fails',
      message: 'A new server knows none of the boot loaders: UEFI starts those in EFI/BOOT, and others once registered',
      evidence: shownList(disk.bootLoaders),
      remedy: toCopy(first, architecture?.value),
      source: inferred,
    },
  ]
}

/** What there is to say of the boot loaders for UEFI. */
export const bootLoaderRules: readonly Rule[] = [unregisteredLoader]
