// biome-ignore lint/correctness/noUnresolvedImports: the linter does not find a main file in another folder.
declare module 'seek-bzip' {
  /** Where packed bytes come from. */
  interface Input {
    readonly readByte: () => number
    /** Fills the array from an offset, as far as it can, and returns how many bytes it has written. */
    readonly read: (into: Uint8Array, offset: number, length: number) => number
    /** Whether there is nothing more. It is asked between blocks and between streams. */
    readonly eof: () => boolean
  }

  /** Where unpacked bytes go. */
  interface Output {
    readonly writeByte: (byte: number) => void
  }

  const Bunzip: {
    /** Unpacks one stream, or as many as there are. Throws what the input throws, and a `TypeError` for what is no bzip2. */
    readonly decode: (input: Input, output: Output, areSeveral: boolean) => unknown
  }
  export default Bunzip
}
