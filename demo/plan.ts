import type { Image, ImageRef, ImportSpec, NameCapabilities } from 'imageferry'
import { isFailed, isSettled } from 'imageferry'
import type { Mapping, MappingEntry } from './mapping.ts'

/** What is to become of one image, before anything is asked of the target. */
export type Intention =
  | { readonly image: Image; readonly entry: MappingEntry; readonly go: true; readonly spec: ImportSpec }
  | { readonly image: Image; readonly entry: MappingEntry | undefined; readonly go: false; readonly reason: string }

/** One that is to be imported. */
export type Going = Extract<Intention, { go: true }>

const noExport =
  'DigitalOcean gives no bytes out, and the mapping names no file it could be imported from: start a server from it and copy its disk, or build it anew'

/** A name that the target changed by itself could not be found again by a second run, so the mapping has to give one. */
const nameReason = (name: string, { pattern, rule }: NameCapabilities): string | undefined =>
  pattern === undefined || new RegExp(pattern).test(name)
    ? undefined
    : `The target does not take the name ${JSON.stringify(name)}, and the mapping gives no other: a name has ${rule}`

const reasonAgainst = (image: Image, entry: MappingEntry | undefined, names: NameCapabilities): string | undefined => {
  if (image.kind === 'snapshot' || image.kind === 'backup')
    if (entry?.url === undefined)
      return `It is a ${image.kind}, made from a server's disk: there never was a file. ${noExport}`
  if (isFailed(image) || !isSettled(image)) return `It is ${image.status}`
  if (entry === undefined) return 'The mapping does not name it'
  return entry.url === undefined ? noExport : nameReason(entry.name ?? image.name, names)
}

const importOf = (image: Image, entry: MappingEntry, url: string): ImportSpec => ({
  name: entry.name ?? image.name,
  url,
  region: entry.region,
  description: image.description,
  tags: image.tags,
  os: { ...image.os, version: entry.osVersion ?? image.os?.version },
  architecture: entry.architecture ?? image.architecture,
  firmware: entry.firmware,
  // A run after one that was stopped finds what that one has begun, images that no list shows yet included.
  key: [image.ref, entry.region, entry.name ?? image.name].join(' '),
  // What the target cannot hold is left out and reported, image by image.
  onLoss: 'accept',
})

/** What is to become of every image: imported from its source, or left with the reason. */
export const intentions = (
  images: readonly Image[],
  mapping: Mapping,
  names: NameCapabilities,
): readonly Intention[] => {
  const entries = new Map<ImageRef, MappingEntry>(mapping.images.map((entry) => [entry.image, entry]))
  const taken = new Set<string>()
  /** Two images of one name in one region could not be told apart afterwards, and one would count as the other. */
  const takenReason = (image: Image, entry: MappingEntry | undefined): string | undefined => {
    if (entry === undefined) return undefined
    const place = JSON.stringify([entry.region, entry.name ?? image.name])
    if (taken.has(place)) return 'Another image of the mapping gets this name in this region: give this one another'
    taken.add(place)
    return undefined
  }
  return images.map((image): Intention => {
    const entry = entries.get(image.ref)
    const reason = reasonAgainst(image, entry, names) ?? takenReason(image, entry)
    return reason === undefined && entry?.url !== undefined
      ? { image, entry, go: true, spec: importOf(image, entry, entry.url) }
      : { image, entry, go: false, reason: reason ?? noExport }
  })
}

/** What the mapping names and the source cloud does not have. */
export const missingImages = (images: readonly Image[], mapping: Mapping): readonly MappingEntry[] =>
  mapping.images.filter((entry) => !images.some(({ ref }) => ref === entry.image))
