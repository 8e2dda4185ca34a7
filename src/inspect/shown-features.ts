import { quoted } from '../store/quoted.ts'
import type { ContainerFeatures } from './formats/container.ts'

/** What another program than a browser opens, such as `json:` or `rbd:`: where its options hold a secret, only that program knows. */
const otherScheme = /^([a-z][a-z0-9+.-]+:)(?!\/\/)/i

const shownName = (name: string): string => {
  const [, scheme] = otherScheme.exec(name) ?? []
  return scheme === undefined ? quoted(name) : `${scheme}…`
}

/**
 * What a container holds, as it may be written down: the name of a backing or data file can be a URL, and its user info or query a
 * secret.
 */
export const shownFeatures = ({
  backingFile,
  dataFile,
  furtherFiles,
  ...rest
}: ContainerFeatures): ContainerFeatures => ({
  ...rest,
  ...(backingFile !== undefined && { backingFile: shownName(backingFile) }),
  ...(dataFile !== undefined && { dataFile: shownName(dataFile) }),
  ...(furtherFiles !== undefined && { furtherFiles: furtherFiles.map(shownName) }),
})
