import type { DiskFormat } from '../../model/disk-format.ts'
import type { ImportCapabilities } from '../../store/capabilities.ts'
import { formatToConvertTo, installFirst } from '../../store/taken.ts'
import type { ImageFacts } from '../facts.ts'
import { convertedPath } from './converted-path.ts'
import { needsOthers, toRunWithOthers } from './other-files.ts'
import { shellWord } from './shell-word.ts'
import { fileItself, toRun, unpackedFile, type WorkingFile } from './working-file.ts'

/** Formats in the words of `qemu-img`, with the extension of their files. What is not among them is no disk. */
const written: ReadonlyMap<DiskFormat, { readonly word: string; readonly extension: string }> = new Map([
  ['raw', { word: 'raw', extension: 'img' }],
  ['qcow2', { word: 'qcow2', extension: 'qcow2' }],
  ['vhd', { word: 'vpc', extension: 'vhd' }],
  ['vhdx', { word: 'vhdx', extension: 'vhdx' }],
  ['vdi', { word: 'vdi', extension: 'vdi' }],
  ['vmdk', { word: 'vmdk', extension: 'vmdk' }],
  ['ploop', { word: 'parallels', extension: 'hds' }],
  ['ami', { word: 'raw', extension: 'img' }],
])

/** Formats that `qemu-img` does not tell by their bytes, or not always: a fixed VHD has its mark at its end. */
const untold: ReadonlySet<DiskFormat> = new Set<DiskFormat>(['raw', 'vhd', 'ploop', 'ami'])

const run = (facts: ImageFacts, commands: readonly string[]): string =>
  toRunWithOthers(facts, commands) ?? toRun(facts, commands)

const inputFormat = (format: DiskFormat | undefined): string => {
  const word = format !== undefined && untold.has(format) ? written.get(format)?.word : undefined
  return word === undefined ? '' : `-f ${word} `
}

const converted = (facts: ImageFacts, taken: ImportCapabilities, also: string): WorkingFile | undefined => {
  const to = formatToConvertTo(taken)
  const target = to === undefined ? undefined : written.get(to)
  if (target === undefined || (facts.format !== undefined && !written.has(facts.format))) return undefined
  const { path, commands } = unpackedFile(facts)
  const out = convertedPath(facts, path, target.extension, also)
  const command = `qemu-img convert ${inputFormat(facts.format)}-O ${target.word} ${shellWord(path)} ${shellWord(out)}`
  return { path: out, commands: [...commands, command] }
}

const convert = (facts: ImageFacts, taken: ImportCapabilities, also: string): string | undefined => {
  const file = converted(facts, taken, also)
  return file === undefined ? undefined : run(facts, file.commands)
}

/** How to make the image one of a format that is taken. Absent where there is none, or where the file is no disk. */
export const toConvert = (facts: ImageFacts, taken: ImportCapabilities): string | undefined =>
  facts.format === 'iso' ? installFirst : convert(facts, taken, '')

/** How to make the image one file with its current state and nothing else: no layer below it, no snapshot, no data elsewhere. */
export const toFlatten = (facts: ImageFacts, taken: ImportCapabilities): string | undefined =>
  convert(facts, taken, '.flat')

/** How to take the compressions off. */
export const toUnpack = (facts: ImageFacts): string => toRun(facts, unpackedFile(facts).commands)

/** How to come to the whole file, and to see that it is whole. Every program that unpacks also tests what it is given so. */
export const toFetchAgain = (facts: ImageFacts): string => {
  const again = 'Fetch the whole file again, and compare its length or its check sum'
  const [outermost] = facts.compressions
  return outermost === undefined
    ? again
    : `${again}; this tests it: ${outermost} -t < ${shellWord(fileItself(facts).path)}`
}

/** How to count what is in the compressions. */
export const toCount = (facts: ImageFacts): string => {
  const { path } = fileItself(facts)
  const [outermost, ...inner] = facts.compressions.map((program) => `${program} -dc`)
  return toRun(facts, [[`${outermost} < ${shellWord(path)}`, ...inner, 'wc -c'].join(' | ')])
}

/** How to let `qemu-img` repair the image where it is. Absent for formats that it cannot repair. */
export const toRepair = (facts: ImageFacts): string | undefined => {
  if (facts.format !== 'qcow2' && facts.format !== 'vhdx') return undefined
  const { path, commands } = unpackedFile(facts)
  return run(facts, [...commands, `qemu-img check -f ${facts.format} -r all ${shellWord(path)}`])
}

/** How to decrypt a qcow2 image, with the passphrase in a file. Absent for other formats, which `qemu-img` cannot decrypt. */
export const toDecrypt = (facts: ImageFacts): string | undefined => {
  if (facts.format !== 'qcow2') return undefined
  const { path, commands } = unpackedFile(facts)
  // A comma in a value of these options is written twice.
  const image = `driver=qcow2,encrypt.key-secret=key,file.driver=file,file.filename=${path.replaceAll(',', ',,')}`
  const out = convertedPath(facts, path, 'qcow2', '.decrypted')
  const command =
    `qemu-img convert --object secret,id=key,file=passphrase.txt --image-opts ${shellWord(image)} ` +
    `-O qcow2 ${shellWord(out)}`
  return run(facts, [...commands, command])
}

const resizable: ReadonlySet<DiskFormat | undefined> = new Set<DiskFormat>(['raw', 'qcow2'])

/** How to let the disk have that size, in bytes, for formats whose disks `qemu-img` can make larger. */
export const toGrow = (facts: ImageFacts, bytes: number): string | undefined => {
  if (!resizable.has(facts.format) || needsOthers(facts)) return undefined
  const { path, commands } = unpackedFile(facts)
  const whole = Math.ceil(bytes / 512) * 512
  return toRun(facts, [...commands, `qemu-img resize -f ${facts.format} ${shellWord(path)} ${whole}`])
}

const gibibyte = 2 ** 30

const toFit = 'make the file systems and partitions in it smaller, since what is cut off is lost'

const capitalised = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`

/** How to let the disk have fewer bytes than a limit, in whole GiB, in a format whose disks `qemu-img` can make smaller. */
export const toShrink = (facts: ImageFacts, taken: ImportCapabilities, limit: number): string => {
  const isResizable = resizable.has(facts.format)
  const format = isResizable ? facts.format : formatToConvertTo(taken)
  const file = isResizable ? unpackedFile(facts) : converted(facts, taken, '')
  const size = Math.floor((limit - 1) / gibibyte)
  if (file === undefined || !resizable.has(format) || needsOthers(facts) || size < 1)
    return `${capitalised(toFit)}, and then the disk`
  const steps = [
    ...(facts.source.kind === 'url' ? ['download it'] : []),
    ...(file.commands.length === 0 ? [] : [`run: ${file.commands.join(' && ')}`]),
    toFit,
    `then: qemu-img resize --shrink -f ${format} ${shellWord(file.path)} ${size}G`,
  ]
  return capitalised(steps.join('; '))
}

const archivers = { tar: 'tar -xf', zip: 'unzip', '7z': '7z x', rar: 'unrar x' } as const

/** How to take an archive apart. */
export const toExtract = (facts: ImageFacts, archive: keyof typeof archivers): string => {
  // tar takes the compression off by itself.
  const { path, commands } = archive === 'tar' ? fileItself(facts) : unpackedFile(facts)
  return toRun(facts, [...commands, `${archivers[archive]} ${shellWord(path)}`])
}

/** How to set a field of the import. */
export const toSet = (field: string, value: string): string => `Import it with ${field}: '${value}'`
