/** The tags of an account. Names differing only by case are one tag, spelled as it was first. [O:tags/models/tags.yml] */
export interface TagBook {
  /** Makes the tag unless there is one, and tells its canonical name. [TF:tag/tags.go SetTags; I:digitalocean/doctl#333 staff] */
  readonly ensure: (name: string) => string
  /** Whether there is a tag of exactly this spelling, as the API's URLs want it. [O:tags/models/tags.yml] */
  readonly has: (canonical: string) => boolean
  /** Forgets the tag and its spelling; that the spelling goes too is unconfirmed. */
  readonly remove: (canonical: string) => void
  /** Canonical names, in the order in which they were made. */
  readonly names: () => readonly string[]
  /** Takes note that an image got the tag. */
  readonly noteTagged: (canonical: string, imageId: number) => void
  /** The image that got the tag last, whether it still has it or not. */
  readonly lastTagged: (canonical: string) => number | undefined
}

interface Entry {
  readonly name: string
  readonly lastTagged?: number
}

const fold = (name: string): string => name.toLowerCase()

/** A book without tags. */
export const tagBook = (): TagBook => {
  const entries = new Map<string, Entry>()
  return {
    ensure: (name) => {
      const entry = entries.get(fold(name)) ?? { name }
      entries.set(fold(name), entry)
      return entry.name
    },
    has: (name) => entries.get(fold(name))?.name === name,
    remove: (name) => void entries.delete(fold(name)),
    names: () => [...entries.values()].map(({ name }) => name),
    noteTagged: (name, lastTagged) => void entries.set(fold(name), { name, lastTagged }),
    lastTagged: (name) => entries.get(fold(name))?.lastTagged,
  }
}

/** Whether a name can be one: 1 to 255 letters, digits, colons, dashes and underscores. [O:tags/models/tags.yml] */
export const isTagName = (name: unknown): name is string => typeof name === 'string' && /^[\w:-]{1,255}$/.test(name)
