/** The tags of an account. Names differing only by case are one tag, spelled as it was first. [O:tags/models/tags.yml] */
export interface TagBook {
  /** Makes the tag unless there is one, and tells its canonical name. [TF:tag/tags.go SetTags; I:digitalocean/doctl#333 staff] */
  readonly ensure: (name: string) => string
  /** Whether there is a tag of exactly this spelling, as the API's URLs want it. [O:tags/models/tags.yml] */
  readonly has: (canonical: string) => boolean
  /** Deletes the tag. */
  readonly remove: (canonical: string) => void
  /** Canonical names, in the order in which they were made. */
  readonly names: () => readonly string[]
  /** Takes note that an image got the tag. */
  readonly noteTagged: (canonical: string, imageId: number) => void
  /** The image that got the tag last, whether it still has it or not. */
  readonly lastTagged: (canonical: string) => number | undefined
  /** Everything, as JSON can hold it. */
  readonly save: () => readonly SavedTag[]
  readonly restore: (saved: readonly SavedTag[]) => void
}

/** A tag, or the spelling of one that was deleted. */
export interface SavedTag {
  readonly name: string
  readonly lastTagged?: number | undefined
  readonly deleted?: boolean | undefined
}

const fold = (name: string): string => name.toLowerCase()

/** A book without tags, which forgets the spelling of those that are deleted or keeps it. */
export const tagBook = (deletedSpelling: 'forgotten' | 'kept'): TagBook => {
  const entries = new Map<string, SavedTag>()
  const entryOf = (name: string): SavedTag | undefined => {
    const entry = entries.get(fold(name))
    return entry?.deleted === true ? undefined : entry
  }
  return {
    ensure: (name) => {
      const spelled = entries.get(fold(name))?.name ?? name
      const entry = entryOf(name) ?? { name: spelled }
      // A tag that comes back is the newest.
      if (entryOf(name) === undefined) entries.delete(fold(name))
      entries.set(fold(name), entry)
      return entry.name
    },
    has: (name) => entryOf(name)?.name === name,
    remove: (name) => {
      if (deletedSpelling === 'kept') entries.set(fold(name), { name, deleted: true })
      else entries.delete(fold(name))
    },
    names: () => [...entries.values()].filter(({ deleted }) => deleted !== true).map(({ name }) => name),
    noteTagged: (name, lastTagged) => void entries.set(fold(name), { name, lastTagged }),
    lastTagged: (name) => entryOf(name)?.lastTagged,
    save: () => [...entries.values()],
    restore: (saved) => {
      entries.clear()
      for (const entry of saved) entries.set(fold(entry.name), entry)
    },
  }
}

/** Whether a name can be one: 1 to 255 letters, digits, colons, dashes and underscores. [O:tags/models/tags.yml] */
export const isTagName = (name: unknown): name is string => typeof name === 'string' && /^[\w:-]{1,255}$/.test(name)
