import type { ImageFacts } from '../facts.ts'
import { shellWord } from './shell-word.ts'
import { shown, shownList } from './shown.ts'

/** What `qemu-img` takes for an address or for options, and not for a path. */
const isAddress = (name: string): boolean => /^[^/]*:/.test(name)

/** Whether a file of that name can be put beside the image. */
const isPlainName = (name: string): boolean => !/[/\\]/.test(name) && shown(name) === name

/** Layers of VHD, VHDX and VDI, which `qemu-img` cannot put together with what is below them. */
const isForeignLayer = ({ variant }: ImageFacts): boolean => variant === 'differencing'

const namesOf = ({ features: { backingFile, dataFile, furtherFiles = [] } }: ImageFacts): readonly string[] =>
  [backingFile, dataFile, ...furtherFiles].filter((name) => name !== undefined)

/** Whether the image is a part of something, or a layer, and not whole without other files. */
export const needsOthers = (facts: ImageFacts): boolean => namesOf(facts).length > 0 || isForeignLayer(facts)

const onlyWhereMade = 'Make one file of it with the program that made it, where the other files are, and import that'

const warning = 'only if you trust the image, since this reads what it names'

/**
 * Commands that read an image which is not whole without others, as a remedy: with what has to be there, and a warning, because an image may
 * name any file of the machine that reads it. Without commands where `qemu-img` does not reach the others. Absent where the image needs none.
 */
export const toRunWithOthers = (facts: ImageFacts, commands: readonly string[]): string | undefined => {
  const names = namesOf(facts)
  const isAtUrl = facts.source.kind === 'url'
  if (!needsOthers(facts)) return undefined
  const isReached = names.every((name) => name !== '' && !isAddress(name) && (!isAtUrl || isPlainName(name)))
  if (isForeignLayer(facts) || !isReached) return onlyWhereMade
  const line = commands.join(' && ')
  return isAtUrl
    ? `Download it and ${shownList(names.map(shellWord))} into one folder under these names, then, ${warning}: ${line}`
    : `O${warning.slice(1)}: ${line}`
}
