import { Writable } from 'node:stream'

/** Where a view is written to. A terminal that does not know its size says nothing of it, or zero. */
export type Output = NodeJS.WritableStream & {
  readonly isTTY?: boolean
  readonly columns?: number
  readonly rows?: number
}

/** How large a terminal is, in characters. */
export interface TerminalSize {
  readonly columns: number
  readonly rows: number
}

/** How large a terminal is at the moment; as large as usual where it does not tell. */
export const sizeOf = ({ columns, rows }: Output): TerminalSize => ({ columns: columns || 80, rows: rows || 24 })

/** The same terminal, which always tells a size: a drawer that is told zero draws nothing. */
export const sized = (output: Output): NodeJS.WritableStream =>
  Object.defineProperties(
    new Writable({
      write: (chunk: Buffer, _, done) => {
        output.write(chunk)
        done()
      },
    }),
    {
      isTTY: { value: true },
      columns: { get: () => sizeOf(output).columns },
      rows: { get: () => sizeOf(output).rows },
    },
  )
