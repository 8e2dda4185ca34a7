import { quoted } from '../store/quoted.ts'
import type { ContainerFeatures } from './formats/container.ts'

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
  ...(backingFile !== undefined && { backingFile: quoted(backingFile) }),
  ...(dataFile !== undefined && { dataFile: quoted(dataFile) }),
  ...(furtherFiles !== undefined && { furtherFiles: furtherFiles.map(quoted) }),
})
