import { printable } from '../names.ts'
import type { ContainerFeatures } from './container.ts'

/** As much of a descriptor as is read, in bytes. */
export const mostTextBytes = 2 ** 16

const mostNames = 64
const noParent = 'ffffffff'

/** A file that a descriptor says the disk, or a part of it, lies in. */
export interface DescribedExtent {
  readonly sectors: number
  /** Such as `SPARSE`, `FLAT` or `VMFS`. */
  readonly type: string
  /** Absent for a stretch of zeros, which lies nowhere. */
  readonly fileName?: string | undefined
}

/** What a descriptor says, a text that is a file by itself or stands in a sparse extent. */
export interface VmdkDescriptor {
  readonly extents: readonly DescribedExtent[]
  /** The name of the file that the disk is a layer over; its content ID where there is no name. */
  readonly parent?: string | undefined
  readonly isEncrypted: boolean
}

/** Whether a text begins as a descriptor does. */
export const isDescriptor = (text: string): boolean => /^# *disk descriptorfile/i.test(text)

const extentLine = /^(?:RW|RDONLY|NOACCESS)\s+(\d{1,18})\s+([A-Z0-9]+)(?:\s+"([^"]*)")?/

const extentOf = (line: string): DescribedExtent | undefined => {
  const [isExtent, sectors = '', type = '', fileName] = extentLine.exec(line) ?? []
  if (isExtent === undefined) return undefined
  return { sectors: Number(sectors), type, fileName: fileName === undefined ? undefined : printable(fileName) }
}

const unquoted = (text: string): string => (text.startsWith('"') && text.endsWith('"') ? text.slice(1, -1) : text)

const settingOf = (line: string): readonly [key: string, value: string] => {
  const equals = line.indexOf('=')
  return [line.slice(0, Math.max(0, equals)).trim().toLowerCase(), unquoted(line.slice(equals + 1).trim())]
}

/** Reads a descriptor: lines of settings (`key=value`) and extents, comments after `#`. It ends at the first NUL. */
export const readDescriptor = (text: string): VmdkDescriptor => {
  const [content = ''] = text.split('\0', 1)
  const lines = content.split(/\r?\n/).map((line) => line.trim())
  const settings = new Map(lines.map(settingOf))
  const parentName = settings.get('parentfilenamehint') ?? ''
  const parentId = settings.get('parentcid') ?? noParent
  const parent = parentName === '' && parentId.toLowerCase() !== noParent ? parentId : parentName
  return {
    extents: lines.map(extentOf).filter((extent) => extent !== undefined),
    parent: parent === '' ? undefined : printable(parent),
    isEncrypted: settings.has('encryption.keysafe'),
  }
}

/** The names of the files that the extents lie in, each once, 64 at the most. */
export const fileNamesOf = (extents: readonly DescribedExtent[]): readonly string[] => {
  const names = extents.map(({ fileName }) => fileName).filter((name) => name !== undefined)
  return [...new Set(names)].slice(0, mostNames)
}

/** What stands in a descriptor and speaks against the file being a whole disk; with the names of the other files. */
export const describedFeatures = (
  { parent, isEncrypted }: VmdkDescriptor,
  furtherFiles: readonly string[],
): ContainerFeatures => ({
  ...(parent !== undefined && { backingFile: parent }),
  ...(isEncrypted && { encryption: 'vmware' }),
  ...(furtherFiles.length > 0 && { furtherFiles }),
})
