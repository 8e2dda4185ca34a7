import { execFile, spawnSync } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** The tools that real images are made with: Debian's qemu-utils, gdisk, parted and so on. The last one tells whether it can be started. */
const tools = [
  'qemu-img',
  'sgdisk',
  'parted',
  'mkfs.ext4',
  'mkfs.xfs',
  'mkfs.btrfs',
  'mkfs.ntfs',
  'mkfs.vfat',
  'mkswap',
  'mmd',
  'mcopy',
  'cryptsetup',
  'xorriso',
  'gzip',
  'bzip2',
  'xz',
  'zstd',
  'tar',
  'zip',
] as const

/** A tool that real images are made with. */
export type Tool = (typeof tools)[number]

// Not every machine has these where a user looks for commands.
const environment = { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`, LC_ALL: 'C' }

const isThere = (tool: string): boolean =>
  spawnSync(tool, ['--version'], { env: environment, stdio: 'ignore' }).error === undefined

/** Those that are not on this machine. */
export const missingTools: readonly string[] = tools.filter((tool) => !isThere(tool))

/** Whether the cases that need the tools run: they do in CI in any case, so that a missing tool fails them there. */
export const makesRealImages = missingTools.length === 0 || process.env['CI'] === 'true'

if (!makesRealImages)
  process.stderr.write(
    `${missingTools.join(', ')}: not installed, the cases with images made by real tools are left out\n`,
  )

/** Runs a tool to its end, with a text as its standard input, and gives what it wrote. Rejects where it ends with anything but 0. */
export const toolWithInput = async (name: Tool, input: string, ...parameters: readonly string[]): Promise<string> => {
  const running = run(name, [...parameters], { env: environment, maxBuffer: 2 ** 24 })
  // One that reads no input may have ended already.
  running.child.stdin?.on('error', () => undefined).end(input)
  return (await running).stdout
}

/** {@link toolWithInput} with nothing as the input. */
export const tool = (name: Tool, ...parameters: readonly string[]): Promise<string> =>
  toolWithInput(name, '', ...parameters)
