import { type Image, type ImportSpec, isReady, type Loss, missingTags, showOperatingSystem, showTag } from 'imageferry'

/** What was found when the target was read back. */
export interface Verification {
  readonly confirmed: readonly string[]
  readonly wrong: readonly string[]
}

interface Check {
  readonly what: string
  readonly holds: boolean
  readonly found: string
}

/** Compares an image with what was asked for, less what was reported as lost. Bytes and bootability cannot be compared. */
export const verify = (image: Image, spec: ImportSpec, losses: readonly Loss[]): Verification => {
  const lostTags = losses.flatMap(({ field, wanted }) => (field === 'tags' ? [wanted] : []))
  const wantedTags = (spec.tags ?? []).filter((tag) => !lostTags.includes(showTag(tag)))
  const checks: readonly Check[] = [
    { what: 'name', holds: image.name === spec.name, found: image.name },
    { what: 'region', holds: image.regions.some((region) => region === spec.region), found: image.regions.join(', ') },
    { what: 'ready', holds: isReady(image), found: image.providerStatus },
    { what: 'size', holds: (image.size?.bytes ?? 0) > 0, found: String(image.size?.bytes) },
    {
      what: 'tags',
      holds: missingTags(wantedTags, image.tags).length === 0,
      found: image.tags.map(showTag).join(', '),
    },
    {
      what: 'operating system',
      holds:
        (spec.os?.distribution === undefined || image.os?.distribution === spec.os.distribution) &&
        (spec.os?.version === undefined || image.os?.version === spec.os.version),
      found: showOperatingSystem(image.os) ?? 'none',
    },
    {
      what: 'architecture',
      holds: spec.architecture === undefined || image.architecture === spec.architecture,
      found: image.architecture ?? 'none',
    },
    {
      what: 'firmware',
      holds: spec.firmware === undefined || image.firmware === spec.firmware,
      found: image.firmware ?? 'none',
    },
    { what: 'not public', holds: image.visibility !== 'public', found: image.visibility ?? 'unknown' },
  ]
  return {
    confirmed: checks.flatMap(({ what, holds }) => (holds ? [what] : [])),
    wrong: checks.flatMap(({ what, holds, found }) => (holds ? [] : [`${what} (found ${found})`])),
  }
}
