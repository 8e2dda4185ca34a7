import type { DiskFormat } from '../../model/disk-format.ts'
import type { ImportCapabilities } from '../../store/capabilities.ts'
import { formatToConvertTo, installFirst } from '../../store/taken.ts'
import type { ImageFacts } from '../facts.ts'
import { shellWord } from './shell-word.ts'
import { fileItself, toRun, unpackedFile } from './working-file.ts'

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

const extension = /(?<=[^/])\.(?:img|raw|bin|qcow2?|vhdx?|vpc|vdi|vmdk|ploop|hdd|hds|ami|iso|unpacked)$/i

const convertedPath = (path: string, to: string, also: string): string => {
  const base = path.replace(extension, '')
  const wanted = `${base}${also}.${to}`
  return wanted === path ? `${base}.converted.${to}` : wanted
}

const inputFormat = (format: DiskFormat | undefined): string => {
  const word = format !== undefined && untold.has(format) ? written.get(format)?.word : undefined
  return word === undefined ? '' : `-f ${word} `
}

const convert = (facts: ImageFacts, taken: ImportCapabilities, also: string): string | undefined => {
  const to = formatToConvertTo(taken)
  const target = to === undefined ? undefined : written.get(to)
  if (target === undefined || (facts.format !== undefined && !written.has(facts.format))) return undefined
  const { path, commands } = unpackedFile(facts)
  const out = convertedPath(path, target.extension, also)
  const command = `qemu-img convert ${inputFormat(facts.format)}-O ${target.word} ${shellWord(path)} ${shellWord(out)}`
  return toRun(facts, [...commands, command])
}

/** How to make the image one of a format that is taken. Absent where there is none, or where the file is no disk. */
export const toConvert = (facts: ImageFacts, taken: ImportCapabilities): string | undefined =>
  facts.format === 'iso' ? installFirst : convert(facts, taken, '')

/** How to make the image one file with its current state and nothing else: no layer below it, no snapshot, no data elsewhere. */
export const toFlatten = (facts: ImageFacts, taken: ImportCapabilities): string | undefined =>
  convert(facts, taken, '.flat')

/** How to take the compressions off. */
export const toUnpack = (facts: ImageFacts): string => toRun(facts, unpackedFile(facts).commands)

/** How to let `qemu-img` repair the image where it is. Absent for formats that it cannot repair. */
export const toRepair = (facts: ImageFacts): string | undefined => {
  if (facts.format !== 'qcow2' && facts.format !== 'vhdx') return undefined
  const { path, commands } = unpackedFile(facts)
  return toRun(facts, [...commands, `qemu-img check -f ${facts.format} -r all ${shellWord(path)}`])
}

/** How to decrypt a qcow2 image, with the passphrase in a file. Absent for other formats, which `qemu-img` cannot decrypt. */
export const toDecrypt = (facts: ImageFacts): string | undefined => {
  if (facts.format !== 'qcow2') return undefined
  const { path, commands } = unpackedFile(facts)
  // A comma in a value of these options is written twice.
  const image = `driver=qcow2,encrypt.key-secret=key,file.driver=file,file.filename=${path.replaceAll(',', ',,')}`
  const out = convertedPath(path, 'qcow2', '.decrypted')
  const command =
    `qemu-img convert --object secret,id=key,file=passphrase.txt --image-opts ${shellWord(image)} ` +
    `-O qcow2 ${shellWord(out)}`
  return toRun(facts, [...commands, command])
}

/** How to let the disk have that size, in bytes, for formats whose disks `qemu-img` can make larger. */
export const toGrow = (facts: ImageFacts, bytes: number): string | undefined => {
  if (facts.format !== 'qcow2' && facts.format !== 'raw') return undefined
  const { path, commands } = unpackedFile(facts)
  const whole = Math.ceil(bytes / 512) * 512
  return toRun(facts, [...commands, `qemu-img resize -f ${facts.format} ${shellWord(path)} ${whole}`])
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
