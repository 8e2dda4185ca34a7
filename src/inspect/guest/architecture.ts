import type { Conclusions, DiskFacts } from './disk-facts.ts'

/** What points to a processor. */
interface Hint {
  readonly architecture: string
  readonly evidence: string
}

// The suffixes of UEFI's file names, and the words of the Discoverable Partitions Specification.
const bySuffix: Readonly<Record<string, string>> = {
  X64: 'x86_64',
  AA64: 'aarch64',
  IA32: 'x86',
  ARM: 'arm',
  RISCV64: 'riscv64',
  LOONGARCH64: 'loongarch64',
  IA64: 'ia64',
}
const byRoot: Readonly<Record<string, string>> = {
  'x86-64': 'x86_64',
  arm64: 'aarch64',
  'ppc64-le': 'ppc64le',
}

const fallbackName = /^EFI\/BOOT\/BOOT([A-Z0-9]+)\.EFI$/i
const vendorName = /(X64|AA64|IA32|RISCV64|LOONGARCH64|IA64)\.EFI$/i

const hintsBy = (name: RegExp, paths: readonly string[]): readonly Hint[] =>
  paths.flatMap((path) => {
    const architecture = bySuffix[name.exec(path)?.[1]?.toUpperCase() ?? '']
    return architecture === undefined ? [] : [{ architecture, evidence: `the boot loader ${path}` }]
  })

const hintsByType = ({ partitions }: DiskFacts): readonly Hint[] =>
  partitions.flatMap(({ number, rootArchitecture }) =>
    rootArchitecture === undefined
      ? []
      : [
          {
            architecture: byRoot[rootArchitecture] ?? rootArchitecture,
            evidence: `partition ${number} has a type for ${rootArchitecture}`,
          },
        ],
  )

/** The one that all hints agree on. A loader for 32 bits beside one for 64 is for old firmware on the same processors. */
const agreed = (hints: readonly Hint[]): string | undefined => {
  const all = new Set(hints.map(({ architecture }) => architecture))
  if (all.has('x86_64')) all.delete('x86')
  const [architecture] = all
  return all.size === 1 ? architecture : undefined
}

/**
 * The processor that a disk is for: by the type of its root partition, and by the names of the boot loaders that firmware looks for; only
 * where it looks for none, by those of the vendors. Where these contradict each other nothing is concluded.
 */
export const architectureOf = (disk: DiskFacts): Conclusions['architecture'] => {
  const byFallback = hintsBy(fallbackName, disk.bootLoaders)
  const byLoader = byFallback.length > 0 ? byFallback : hintsBy(vendorName, disk.bootLoaders)
  const byType = hintsByType(disk)
  const root = agreed(byType)
  // A disk whose root is for one processor may carry loaders for several.
  const fits = root !== undefined && byLoader.some(({ architecture }) => architecture === root)
  const value = fits ? root : agreed([...byLoader, ...byType])
  if (value === undefined) return undefined
  return { value, evidence: [...new Set([...byLoader, ...byType].map(({ evidence }) => evidence))] }
}
