import type { Compression } from '../../model/disk-format.ts'
import type { ImageFacts } from '../facts.ts'
import { shellWord } from './shell-word.ts'

/** A file on the way to one that can be imported: where it is by then, and the commands that make it. */
export interface WorkingFile {
  readonly path: string
  readonly commands: readonly string[]
}

/** A path that no program takes for an option, and `qemu-img` not for an address. */
const asPath = (path: string): string => (/^-|^[^/]*:/.test(path) ? `./${path}` : path)

/** The last segment of a URL's path as the name of a file here: nothing in it leads into another folder. */
const downloaded = (fileName: string): string => {
  const name = fileName.replaceAll('/', '_')
  return ['', '.', '..'].includes(name) ? 'disk' : name
}

const pathOf = ({ source }: ImageFacts): string =>
  asPath(source.kind === 'url' || source.path === '' ? downloaded(source.fileName) : source.path)

const unpackers: Readonly<Record<Compression, { readonly program: string; readonly extension: string }>> = {
  gzip: { program: 'gzip', extension: '.gz' },
  bzip2: { program: 'bzip2', extension: '.bz2' },
  xz: { program: 'xz', extension: '.xz' },
  zstd: { program: 'zstd', extension: '.zst' },
}

const unpack = ({ path, commands }: WorkingFile, compression: Compression): WorkingFile => {
  const { program, extension } = unpackers[compression]
  const without = path.slice(0, -extension.length)
  // The programs refuse a name that lacks their extension, and one that is nothing else.
  return path.endsWith(extension) && /[^/]$/.test(without)
    ? { path: without, commands: [...commands, `${program} -dk ${shellWord(path)}`] }
    : {
        path: `${path}.unpacked`,
        commands: [...commands, `${program} -dc ${shellWord(path)} > ${shellWord(`${path}.unpacked`)}`],
      }
}

/** The file as it is, in its compressions. */
export const fileItself = (facts: ImageFacts): WorkingFile => ({ path: pathOf(facts), commands: [] })

/** The file without its compressions. */
export const unpackedFile = (facts: ImageFacts): WorkingFile => facts.compressions.reduce(unpack, fileItself(facts))

/** The commands as a remedy: lines that can be pasted, once the file is there. */
export const toRun = ({ source }: ImageFacts, commands: readonly string[]): string =>
  `${source.kind === 'url' ? 'Download it first, then: ' : ''}${commands.join(' && ')}`
