import type { FullPassProgress } from '../inspect/source/image-source.ts'
import { showBytes } from './byte-size.ts'
import type { Output } from './terminal-style.ts'

/** A line of a terminal that is written over and over. */
export interface ProgressLine {
  readonly show: (progress: FullPassProgress) => void
  readonly clear: () => void
}

const eraseLine = '\r\u001B[2K'

/** How far a full pass has come, in one line. On what is no terminal nothing is written. */
export const fullPassLine = (output: Output): ProgressLine => {
  if (output.isTTY !== true) return { show: () => undefined, clear: () => undefined }
  let isShown = false
  return {
    show: ({ bytes, totalBytes }) => {
      isShown = true
      const share =
        totalBytes === undefined || totalBytes === 0
          ? showBytes(bytes)
          : `${showBytes(bytes)} of ${showBytes(totalBytes)}, ${Math.floor((bytes / totalBytes) * 100)} %`
      output.write(`${eraseLine}Reading: ${share}`)
    },
    clear: () => {
      if (isShown) output.write(eraseLine)
      isShown = false
    },
  }
}
