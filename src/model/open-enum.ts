/** A word of a known list, or one that a provider has added since: unknown words are carried, never refused. */
export type OpenEnum<Known extends string> = Known | (string & Record<never, never>)
